#include "services/activity/patrol_shift/shift_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/patrol_shift/shift_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kShifts{.tag = tags::kPatrolShifts,
                                  .id = "patrol_shifts",
                                  .label_zh = "义务巡逻班次",
                                  .label_en = "Patrol shifts",
                                  .unit = "shift",
                                  .kind = measure::v1::MEASURE_KIND_EVENT,
                                  .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kAttendances{.tag = tags::kPatrolAttendances,
                                       .id = "patrol_attendances",
                                       .label_zh = "义务巡逻人次",
                                       .label_en = "Attendances of patrols",
                                       .unit = "person_time",
                                       .kind = measure::v1::MEASURE_KIND_PERSON_TIME,
                                       .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kHours{.tag = tags::kPatrolHours,
                                 .id = "patrol_hours",
                                 .label_zh = "义务巡逻时长",
                                 .label_en = "Hours of patrol, of all participants",
                                 .unit = "hour",
                                 .scale = 2,
                                 .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                 .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kFindings{.tag = tags::kPatrolFindings,
                                    .id = "patrol_findings",
                                    .label_zh = "巡逻发现问题",
                                    .label_en = "Findings of patrols",
                                    .unit = "finding",
                                    .kind = measure::v1::MEASURE_KIND_EVENT,
                                    .time = measure::v1::MEASURE_TIME_FLOW,
                                    .dimensions = {"kind"}};

std::vector<storage::Contribution> Contributions(const v1::PatrolShift& shift) {
  const Day day = DayOr(shift.date(), Day());
  std::vector<storage::Contribution> list{
      {.measure = &kShifts, .day = day},
      {.measure = &kAttendances, .day = day, .amount = shift.participants_size()},
      {.measure = &kHours, .day = day, .amount = shift_rules::PersonHours(shift)},
  };
  for (const v1::PatrolFinding& finding : shift.findings()) {
    const std::string kind(StripPrefix(v1::PatrolFindingKind_Name(finding.kind()), "PATROL_FINDING_KIND_"));
    list.push_back({.measure = &kFindings, .day = day, .dimensions = {kind}});
  }
  return list;
}

bool ByOrganization(const v1::PatrolShift& shift, storage::KeyWriter& key) {
  key.Text(shift.organization());
  return true;
}

bool ByTeam(const v1::PatrolShift& shift, storage::KeyWriter& key) {
  key.Text(shift.team());
  return !shift.team().empty();
}

bool ByDate(const v1::PatrolShift& shift, storage::KeyWriter& key) {
  key.Date(DayOr(shift.date(), Day()));
  return true;
}

std::vector<std::string> ParticipantsOf(const v1::PatrolShift& shift) {
  return {shift.participants().begin(), shift.participants().end()};
}

}  // namespace

storage::TableSchema<v1::PatrolShift> PatrolShiftSchema() {
  return {.tag = tags::kPatrolShift,
          .collection = "patrolShifts",
          .owner = [](const v1::PatrolShift& shift) { return shift.organization(); },
          .indexes = {{.tag = tags::kPatrolShiftByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kPatrolShiftByTeam, .name = "by_team", .columns = &ByTeam},
                      {.tag = tags::kPatrolShiftByParticipant,
                       .name = "by_participant",
                       .columns = &ByDate,
                       .each = &ParticipantsOf}},
          .measures = {&kShifts, &kAttendances, &kHours, &kFindings},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
