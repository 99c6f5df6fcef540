#include "services/activity/team/team_schema.h"

#include "common/types/date.h"
#include "services/activity/tags.h"
#include "services/activity/team/team_rules.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kTeams{.tag = tags::kTeams,
                                 .id = "teams",
                                 .label_zh = "队伍数",
                                 .label_en = "Teams",
                                 .unit = "team",
                                 .kind = measure::v1::MEASURE_KIND_STOCK,
                                 .time = measure::v1::MEASURE_TIME_STOCK,
                                 .dimensions = {"kind"}};

std::vector<storage::Contribution> Contributions(const v1::Team& team) {
  const std::string kind(team_rules::NameOf(team.kind()));
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kTeams, .day = DayOr(team.formed_on(), Day()), .amount = 1, .dimensions = {kind}});
  if (team.has_disbanded_on()) {
    list.push_back(
        {.measure = &kTeams, .day = DayOr(team.disbanded_on(), Day()) + 1, .amount = -1, .dimensions = {kind}});
  }
  return list;
}

bool ByOrganization(const v1::Team& team, storage::KeyWriter& key) {
  key.Text(team.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::Team> TeamSchema() {
  return {.tag = tags::kTeam,
          .collection = "teams",
          .owner = [](const v1::Team& team) { return team.organization(); },
          .indexes = {{.tag = tags::kTeamByOrganization, .name = "by_organization", .columns = &ByOrganization}},
          .measures = {&kTeams},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
