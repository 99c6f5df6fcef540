#include "services/registry/vote/vote_service.h"

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/member/member_schema.h"
#include "services/registry/vote/vote_rules.h"

namespace dangjian::registry {

void VoteService::Register(rpc::Router& router) { router.Unary(this, &VoteService::ComputeVoteThresholds); }

absl::StatusOr<v1::ComputeVoteThresholdsResponse> VoteService::ComputeVoteThresholds(
    rpc::CallContext& call, const v1::ComputeVoteThresholdsRequest& request) {
  RETURN_IF_ERROR(tables_.organizations.Get(call.reader(), request.organization()).status());
  const Day voted_on = DayOr(request.voted_on(), call.today());
  // The kept figure, not the list of members: it knows who belonged there on that day.
  ASSIGN_OR_RETURN(
      const storage::MeasureResult full_members,
      call.database()->measures().Query(call.reader(), {.measure = &kMembers,
                                                        .organization = request.organization(),
                                                        .days = {voted_on, voted_on},
                                                        .filters = {{0, {ShortName(v1::MEMBER_STATUS_FULL)}}}}));
  return VoteThresholds(request, full_members.total.value);
}

}  // namespace dangjian::registry
