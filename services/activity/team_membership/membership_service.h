#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/team.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.TeamMembershipService. Thread-safe.
class TeamMembershipService {
 public:
  // All must outlive the service.
  TeamMembershipService(const storage::Table<v1::TeamMembership>& memberships, const storage::Table<v1::Team>& teams,
                        const change::Directory& directory)
      : memberships_(memberships), teams_(teams), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::TeamMembership> End(rpc::CallContext& call, const v1::EndTeamMembershipRequest& request);

 private:
  // Completes a new or changed membership and checks it against its team and its neighbours.
  absl::Status Complete(rpc::CallContext& call, v1::TeamMembership& membership) const;

  const storage::Table<v1::TeamMembership>& memberships_;
  const storage::Table<v1::Team>& teams_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
