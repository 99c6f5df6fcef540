#include "services/registry/report_in/report_in_service.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/report_in/report_in_rules.h"
#include "services/registry/report_in/report_in_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::CommunityReportIn;

void CommunityReportInService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &CommunityReportInService::End);
  router.Unary(this, &CommunityReportInService::Move);
  rpc::StandardOptions<CommunityReportIn> options;
  options.on_create = [this](CallContext& context, CommunityReportIn& created) { return OnCreate(context, created); };
  options.list_filters = {{"organization", kReportInByOrganization}, {"member", kReportInByMember}};
  rpc::RegisterStandardMethods(router,
                               *CommunityReportIn::descriptor()->file()->FindServiceByName("CommunityReportInService"),
                               tables_.report_ins, tokens, std::move(options));
}

absl::Status CommunityReportInService::OnCreate(CallContext& context, CommunityReportIn& created) const {
  RETURN_IF_ERROR(ReportIn(created, context.today()));
  return CheckHost(context, created);
}

absl::Status CommunityReportInService::CheckHost(CallContext& context, const CommunityReportIn& created) const {
  ASSIGN_OR_RETURN(const v1::Organization host, tables_.organizations.Get(context.reader(), created.organization()));
  RETURN_IF_ERROR(CheckNotDissolved(host));
  if (created.member().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Member member, tables_.members.Get(context.reader(), created.member()));
  RETURN_IF_ERROR(CheckLive(member));
  // All of them, past ones included: a member reports to one host a few times in a life.
  const storage::KeyWriter same_host =
      storage::KeyWriter(kReportInByMember).Text(created.member()).Text(created.organization());
  ASSIGN_OR_RETURN(const std::vector<CommunityReportIn> others,
                   tables_.report_ins.Find(context.reader(), same_host, std::numeric_limits<size_t>::max()));
  for (const CommunityReportIn& other : others) {
    if (other.state() != v1::COMMUNITY_REPORT_IN_STATE_ACTIVE) continue;
    return Error(reasons::kAlreadyReportedIn, absl::StrCat(created.member(), " reports in here by ", other.name()),
                 {{"report_in", other.name()}});
  }
  return absl::OkStatus();
}

absl::StatusOr<CommunityReportIn> CommunityReportInService::End(CallContext& context,
                                                                const v1::EndCommunityReportInRequest& request) {
  return ChangeRecord(context, tables_.report_ins, request, [&](CommunityReportIn& report_in) {
    return registry::End(report_in, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<v1::MoveCommunityReportInResponse> CommunityReportInService::Move(
    CallContext& context, const v1::MoveCommunityReportInRequest& request) {
  v1::MoveCommunityReportInResponse response;
  CommunityReportIn& successor = *response.mutable_successor();
  ASSIGN_OR_RETURN(
      *response.mutable_moved(),
      ChangeRecord(context, tables_.report_ins, request, [&](CommunityReportIn& report_in) -> absl::Status {
        RETURN_IF_ERROR(MoveTo(report_in, request.organization(), StepOf(context, request.occurred_on()), successor));
        RETURN_IF_ERROR(CheckHost(context, successor));
        successor.set_name(absl::StrCat("communityReportIns/", NewId(context.now_micros())));
        report_in.set_successor(successor.name());
        return tables_.report_ins.Insert(context.txn(), successor);
      }));
  return response;
}

}  // namespace dangjian::registry
