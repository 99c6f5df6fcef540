#pragma once

#include <string_view>

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/team_membership.pb.h"

namespace dangjian::activity {

// Table of team memberships: by team and person, by person. Measures `team_memberships` [kind] and, of distinct
// people, `culture_team_members`, `volunteer_team_members` and `patrol_team_members`; from the first day through the
// last.
storage::TableSchema<v1::TeamMembership> TeamMembershipSchema();

// Index prefixes: the memberships of a team; those of one person in it.
storage::KeyWriter MembershipsOfTeam(std::string_view team);
storage::KeyWriter MembershipsOfPerson(std::string_view team, std::string_view canonical_person);

}  // namespace dangjian::activity
