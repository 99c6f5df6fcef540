#include "services/pledge/recurring_duty/duty_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/recurring_duty/duty_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kDuties{.tag = tags::kRecurringDuties,
                                  .id = "recurring_duties",
                                  .label_zh = "经常性义务",
                                  .label_en = "Recurring duties",
                                  .unit = "duty",
                                  .kind = measure::v1::MEASURE_KIND_STOCK,
                                  .time = measure::v1::MEASURE_TIME_STOCK,
                                  .dimensions = {"frequency"}};
const storage::MeasureDef kMembers{.tag = tags::kDutyMembers,
                                   .id = "duty_members",
                                   .label_zh = "承担经常性义务的党员",
                                   .label_en = "Members with a recurring duty",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::RecurringDuty& duty) {
  std::vector<storage::Contribution> list;
  // A range has left the figure the day after its last day.
  const auto add = [&](storage::Contribution contribution, DayRange days) {
    contribution.day = days.first;
    list.push_back(contribution);
    if (days.last == Day::Max()) return;
    contribution.day = days.last + 1;
    contribution.amount = -1;
    list.push_back(contribution);
  };
  const std::string frequency(StripPrefix(v1::DutyFrequency_Name(duty.frequency()), "DUTY_FREQUENCY_"));
  add({.measure = &kDuties, .day = Day(), .dimensions = {frequency}}, duty_rules::DaysOf(duty));
  for (const v1::DutyAssignment& assignment : duty.assignments()) {
    const std::optional<DayRange> days = duty_rules::DaysOf(duty, assignment);
    if (days.has_value()) add({.measure = &kMembers, .day = Day(), .subject = assignment.member()}, *days);
  }
  return list;
}

bool ByOrganization(const v1::RecurringDuty& duty, storage::KeyWriter& key) {
  key.Text(duty.organization());
  return true;
}

bool ByCampaign(const v1::RecurringDuty& duty, storage::KeyWriter& key) {
  key.Text(duty.campaign());
  return !duty.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::RecurringDuty> RecurringDutySchema() {
  return {
      .tag = tags::kRecurringDuty,
      .collection = "recurringDuties",
      .owner = [](const v1::RecurringDuty& duty) { return duty.organization(); },
      .indexes = {{.tag = tags::kRecurringDutyByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kRecurringDutyByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
      .measures = {&kDuties, &kMembers},
      .contributions = &Contributions};
}

}  // namespace dangjian::pledge
