#include "services/pledge/duty_fulfilment/fulfilment_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kFulfilments{.tag = tags::kDutyFulfilments,
                                       .id = "duty_fulfilments",
                                       .label_zh = "经常性义务履行次数",
                                       .label_en = "Fulfilments of recurring duties",
                                       .unit = "fulfilment",
                                       .kind = measure::v1::MEASURE_KIND_EVENT,
                                       .time = measure::v1::MEASURE_TIME_FLOW,
                                       .dimensions = {"frequency"}};

std::vector<storage::Contribution> Contributions(const v1::DutyFulfilment& fulfilment) {
  return {
      {.measure = &kFulfilments,
       .day = DayOr(fulfilment.occurred_on(), Day()),
       .dimensions = {std::string(StripPrefix(v1::DutyFrequency_Name(fulfilment.frequency()), "DUTY_FREQUENCY_"))}}};
}

bool ByDuty(const v1::DutyFulfilment& fulfilment, storage::KeyWriter& key) {
  key.Text(fulfilment.duty()).Int64Descending(DayOr(fulfilment.occurred_on(), Day()).number());
  return true;
}

bool ByMember(const v1::DutyFulfilment& fulfilment, storage::KeyWriter& key) {
  key.Text(fulfilment.member()).Int64Descending(DayOr(fulfilment.occurred_on(), Day()).number());
  return true;
}

bool OfPeriod(const v1::DutyFulfilment& fulfilment, storage::KeyWriter& key) {
  key.Text(fulfilment.duty())
      .Text(fulfilment.member())
      .Int64Descending(DayOr(fulfilment.period_start(), Day()).number());
  return true;
}

}  // namespace

storage::TableSchema<v1::DutyFulfilment> DutyFulfilmentSchema() {
  return {.tag = tags::kDutyFulfilment,
          .collection = "dutyFulfilments",
          .owner = [](const v1::DutyFulfilment& fulfilment) { return fulfilment.organization(); },
          .indexes = {{.tag = tags::kDutyFulfilmentByDuty, .name = "by_duty", .columns = &ByDuty},
                      {.tag = tags::kDutyFulfilmentByMember, .name = "by_member", .columns = &ByMember},
                      {.tag = tags::kDutyFulfilmentOfPeriod,
                       .name = "duty_member_period",
                       .columns = &OfPeriod,
                       .unique = true}},
          .measures = {&kFulfilments},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
