#pragma once

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "common/types/step.h"
#include "common/types/working_days.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/mls_benefit.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "services/welfare/mls_case/mls_awards.h"
#include "services/welfare/mls_case/mls_coverage.h"
#include "services/welfare/mls_case/mls_decision.h"
#include "services/welfare/mls_rule_set/rule_set_service.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.MlsCaseService and MlsBenefitService. Every change writes the case, its awards and
// the coverage of its persons in one transaction. Thread-safe.
class MlsCaseService {
 public:
  // All must outlive the service.
  MlsCaseService(const storage::Table<v1::MlsCase>& cases, const storage::Table<v1::MlsAward>& awards,
                 const storage::Table<v1::MlsCoverage>& coverages, const storage::Table<v1::MlsRuleSet>& rule_sets,
                 const change::Directory& directory)
      : cases_(cases),
        awards_(awards),
        coverages_(coverages, directory),
        rule_sets_(rule_sets),
        directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::MlsCase> SubmitMlsCase(rpc::CallContext& call, const v1::SubmitMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> AcceptMlsCase(rpc::CallContext& call, const v1::AcceptMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> RequestMlsSupplement(rpc::CallContext& call,
                                                   const v1::RequestMlsSupplementRequest& request);
  absl::StatusOr<v1::MlsCase> ReceiveMlsSupplement(rpc::CallContext& call,
                                                   const v1::ReceiveMlsSupplementRequest& request);
  absl::StatusOr<v1::MlsCase> InvestigateMlsCase(rpc::CallContext& call, const v1::InvestigateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> FailMlsCheck(rpc::CallContext& call, const v1::FailMlsCheckRequest& request);
  absl::StatusOr<v1::MlsCase> RebutMlsCheck(rpc::CallContext& call, const v1::RebutMlsCheckRequest& request);
  absl::StatusOr<v1::MlsCase> CloseMlsCase(rpc::CallContext& call, const v1::CloseMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> RecordMlsPrelimOpinion(rpc::CallContext& call,
                                                     const v1::RecordMlsPrelimOpinionRequest& request);
  absl::StatusOr<v1::MlsCase> PostMlsPublicity(rpc::CallContext& call, const v1::PostMlsPublicityRequest& request);
  absl::StatusOr<v1::MlsCase> ObjectToMlsCase(rpc::CallContext& call, const v1::ObjectToMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> AnswerMlsObjection(rpc::CallContext& call, const v1::AnswerMlsObjectionRequest& request);
  absl::StatusOr<v1::MlsCase> ReinvestigateMlsCase(rpc::CallContext& call,
                                                   const v1::ReinvestigateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> DeliberateMlsCase(rpc::CallContext& call, const v1::DeliberateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> SendMlsCaseToCounty(rpc::CallContext& call,
                                                  const v1::SendMlsCaseToCountyRequest& request);
  absl::StatusOr<v1::MlsCase> ConfirmMlsCase(rpc::CallContext& call, const v1::ConfirmMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> RefuseMlsCase(rpc::CallContext& call, const v1::RefuseMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> ActivateMlsCase(rpc::CallContext& call, const v1::ActivateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> TerminateMlsCase(rpc::CallContext& call, const v1::TerminateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> WithdrawMlsCase(rpc::CallContext& call, const v1::WithdrawMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> NotifyMlsHearing(rpc::CallContext& call, const v1::NotifyMlsHearingRequest& request);
  absl::StatusOr<v1::MlsCase> RecordMlsHearing(rpc::CallContext& call, const v1::RecordMlsHearingRequest& request);
  absl::StatusOr<v1::MlsCase> AdjustMlsCase(rpc::CallContext& call, const v1::AdjustMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> RecalculateMlsCase(rpc::CallContext& call, const v1::RecalculateMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> RecordMlsWorkRefusal(rpc::CallContext& call,
                                                   const v1::RecordMlsWorkRefusalRequest& request);
  absl::StatusOr<v1::MlsCase> CutMlsShare(rpc::CallContext& call, const v1::CutMlsShareRequest& request);
  absl::StatusOr<v1::MlsCase> StartMlsGrace(rpc::CallContext& call, const v1::StartMlsGraceRequest& request);
  absl::StatusOr<v1::MlsCase> EndMlsGrace(rpc::CallContext& call, const v1::EndMlsGraceRequest& request);
  absl::StatusOr<v1::MlsCase> SuspendMlsCase(rpc::CallContext& call, const v1::SuspendMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> ResumeMlsCase(rpc::CallContext& call, const v1::ResumeMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> StopMlsCase(rpc::CallContext& call, const v1::StopMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> NotifyMlsDecision(rpc::CallContext& call, const v1::NotifyMlsDecisionRequest& request);
  absl::StatusOr<v1::MlsCase> ReviewMlsCase(rpc::CallContext& call, const v1::ReviewMlsCaseRequest& request);
  absl::StatusOr<v1::MlsCase> ChangeMlsPayee(rpc::CallContext& call, const v1::ChangeMlsPayeeRequest& request);

 private:
  // What a step is checked against.
  struct Rules {
    v1::MlsRuleSet rule_set;  // in force in the month that the step asks about
    WorkingDays calendars;    // of the years that its time limits may touch
  };
  using Change = std::function<absl::Status(v1::MlsCase&, mls::Awards&)>;
  using RuledChange = std::function<absl::Status(v1::MlsCase&, mls::Awards&, Rules&)>;
  using Ruling = std::function<absl::Status(v1::MlsCase&, mls::Awards&, Rules&, const Step&)>;

  // Reads the case `name` with its awards, applies the change, writes what differs. Answers with the case as of today.
  absl::StatusOr<v1::MlsCase> Apply(rpc::CallContext& call, std::string_view name, std::string_view etag,
                                    const Step& step, const Change& change);
  // The same with the rules of the month of `month`; once a case used them they are no longer to be changed.
  absl::StatusOr<v1::MlsCase> ApplyRuled(rpc::CallContext& call, std::string_view name, std::string_view etag,
                                         const Step& step, Day month, const RuledChange& change);
  // The same for a decision: by the rules of the month after it.
  template <class Request>
  absl::StatusOr<v1::MlsCase> Decide(rpc::CallContext& call, const Request& request, const Ruling& ruling);

  // Takes the ages of `inputs`, which came with a request, from the register. AGE_CONTRADICTS_REGISTER; see
  // mls::CheckTypedAges.
  absl::Status TakeTypedAges(rpc::CallContext& call, const v1::MlsBenefitInputs* current, Day day,
                             std::string_view field, v1::MlsBenefitInputs& inputs) const;
  absl::StatusOr<mls::Awards> AwardsOf(rpc::CallContext& call, const v1::MlsCase& row) const;
  absl::Status WriteAwards(rpc::CallContext& call, const mls::Awards& before, mls::Awards& after) const;
  absl::Status Write(rpc::CallContext& call, const v1::MlsCase& before, v1::MlsCase& after) const;
  absl::Status LinkPredecessor(rpc::CallContext& call, const v1::MlsCase& created) const;
  absl::Status UnlinkPredecessor(rpc::CallContext& call, const v1::MlsCase& deleted) const;
  absl::StatusOr<Rules> RulesFor(rpc::CallContext& call, const v1::MlsCase& row, Day month, Day from) const;
  absl::StatusOr<WorkingDays> CalendarsFor(rpc::CallContext& call, const v1::MlsRuleSet& rule_set, Day from) const;
  // Computes the last day of a posting again that was posted before its calendar came, by the rules of the posting.
  absl::Status SettlePosting(rpc::CallContext& call, v1::MlsCase& row) const;
  absl::StatusOr<std::vector<mls::RulePeriod>> PeriodsOf(rpc::CallContext& call, const v1::MlsCase& row,
                                                         const mls::Awards& awards, Day last_month) const;

  const storage::Table<v1::MlsCase>& cases_;
  const storage::Table<v1::MlsAward>& awards_;
  MlsCoverages coverages_;
  MlsRuleSets rule_sets_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
