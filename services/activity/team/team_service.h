#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/team.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.TeamService. Thread-safe.
class TeamService {
 public:
  // Both tables must outlive the service.
  TeamService(const storage::Table<v1::Team>& teams, const storage::Table<v1::TeamMembership>& memberships)
      : teams_(teams), memberships_(memberships) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Team> Disband(rpc::CallContext& call, const v1::DisbandTeamRequest& request);

 private:
  absl::Status ForEachMembership(rpc::CallContext& call, const v1::Team& team,
                                 const std::function<absl::Status(v1::TeamMembership&)>& visit) const;
  // MEMBERSHIP_OUTSIDE_TEAM when the days of the team no longer hold those of a membership.
  absl::Status CheckDays(rpc::CallContext& call, const v1::Team& updated) const;

  const storage::Table<v1::Team>& teams_;
  const storage::Table<v1::TeamMembership>& memberships_;
};

}  // namespace dangjian::activity
