#include "services/activity/team_membership/membership_schema.h"

#include "common/types/date.h"
#include "services/activity/tags.h"
#include "services/activity/team/team_rules.h"
#include "services/activity/team_membership/membership_rules.h"

namespace dangjian::activity {
namespace {

using measure::v1::MEASURE_KIND_PERSON_DISTINCT;
using measure::v1::MEASURE_TIME_STOCK;

const storage::MeasureDef kCultureTeamMembers{.tag = tags::kCultureTeamMembers,
                                              .id = "culture_team_members",
                                              .label_zh = "文化队伍队员人数",
                                              .label_en = "People in culture teams",
                                              .unit = "person",
                                              .kind = MEASURE_KIND_PERSON_DISTINCT,
                                              .time = MEASURE_TIME_STOCK};
const storage::MeasureDef kVolunteerTeamMembers{.tag = tags::kVolunteerTeamMembers,
                                                .id = "volunteer_team_members",
                                                .label_zh = "志愿者服务队队员人数",
                                                .label_en = "People in volunteer teams",
                                                .unit = "person",
                                                .kind = MEASURE_KIND_PERSON_DISTINCT,
                                                .time = MEASURE_TIME_STOCK};
const storage::MeasureDef kPatrolTeamMembers{.tag = tags::kPatrolTeamMembers,
                                             .id = "patrol_team_members",
                                             .label_zh = "义务巡逻队队员人数",
                                             .label_en = "People in patrol teams",
                                             .unit = "person",
                                             .kind = MEASURE_KIND_PERSON_DISTINCT,
                                             .time = MEASURE_TIME_STOCK};
const storage::MeasureDef kTeamMemberships{.tag = tags::kTeamMemberships,
                                           .id = "team_memberships",
                                           .label_zh = "队员人次(一人多队分别计)",
                                           .label_en = "Team memberships",
                                           .unit = "membership",
                                           .kind = measure::v1::MEASURE_KIND_STOCK,
                                           .time = MEASURE_TIME_STOCK,
                                           .dimensions = {"kind"}};

const storage::MeasureDef& PeopleIn(v1::TeamKind kind) {
  if (kind == v1::TEAM_KIND_CULTURE) return kCultureTeamMembers;
  return kind == v1::TEAM_KIND_PATROL ? kPatrolTeamMembers : kVolunteerTeamMembers;
}

std::vector<storage::Contribution> Contributions(const v1::TeamMembership& membership) {
  const std::string kind(team_rules::NameOf(membership.team_kind()));
  const DayRange days = membership_rules::DaysOf(membership);
  std::vector<storage::Contribution> list;
  const auto add = [&](Day day, int64_t amount) {
    list.push_back({.measure = &kTeamMemberships, .day = day, .amount = amount, .dimensions = {kind}});
    list.push_back({.measure = &PeopleIn(membership.team_kind()),
                    .day = day,
                    .amount = amount,
                    .subject = membership.canonical_person()});
  };
  add(days.first, 1);
  if (membership.has_end_date()) add(days.last + 1, -1);
  return list;
}

bool ByTeam(const v1::TeamMembership& membership, storage::KeyWriter& key) {
  key.Text(membership.team()).Text(membership.canonical_person());
  return true;
}

bool ByPerson(const v1::TeamMembership& membership, storage::KeyWriter& key) {
  key.Text(membership.canonical_person());
  return true;
}

}  // namespace

storage::TableSchema<v1::TeamMembership> TeamMembershipSchema() {
  return {.tag = tags::kTeamMembership,
          .collection = "teamMemberships",
          .owner = [](const v1::TeamMembership& membership) { return membership.organization(); },
          .indexes = {{.tag = tags::kTeamMembershipByTeam, .name = "by_team", .columns = &ByTeam},
                      {.tag = tags::kTeamMembershipByPerson, .name = "by_person", .columns = &ByPerson}},
          .measures = {&kCultureTeamMembers, &kVolunteerTeamMembers, &kPatrolTeamMembers, &kTeamMemberships},
          .contributions = &Contributions};
}

storage::KeyWriter MembershipsOfTeam(std::string_view team) {
  storage::KeyWriter prefix(tags::kTeamMembershipByTeam);
  prefix.Text(team);
  return prefix;
}

storage::KeyWriter MembershipsOfPerson(std::string_view team, std::string_view canonical_person) {
  storage::KeyWriter prefix = MembershipsOfTeam(team);
  prefix.Text(canonical_person);
  return prefix;
}

}  // namespace dangjian::activity
