#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "dangjian/welfare/v1/vacancy_referral.pb.h"
#include "services/welfare/vacancy_referral/referral_rules.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.VacancyReferralService. Thread-safe.
class VacancyReferralService {
 public:
  // Both must outlive the service.
  VacancyReferralService(const storage::Table<v1::VacancyReferral>& referrals,
                         const storage::Table<v1::UnemploymentRegistration>& registrations)
      : referrals_(referrals), registrations_(registrations) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::VacancyReferral> RecordOutcome(rpc::CallContext& call,
                                                    const v1::RecordReferralOutcomeRequest& request);

 private:
  absl::Status Refer(rpc::CallContext& call, v1::VacancyReferral& created);
  absl::Status TakeBack(rpc::CallContext& call, const v1::VacancyReferral& referral);
  // Over the referrals of its registration, of which `referral` is replaced by what it becomes, or left out.
  absl::StatusOr<referral_rules::Refusals> CountWith(rpc::CallContext& call, const v1::VacancyReferral& referral,
                                                     bool leave_out) const;

  const storage::Table<v1::VacancyReferral>& referrals_;
  const storage::Table<v1::UnemploymentRegistration>& registrations_;
};

}  // namespace dangjian::welfare
