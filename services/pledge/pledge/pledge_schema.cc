#include "services/pledge/pledge/pledge_schema.h"

#include "common/types/enum_name.h"
#include "services/pledge/pledge/pledge_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

using measure::v1::MEASURE_KIND_EVENT;
using measure::v1::MEASURE_KIND_STOCK;
using measure::v1::MEASURE_TIME_FLOW;
using measure::v1::MEASURE_TIME_STOCK;

const storage::MeasureDef kItems{.tag = tags::kPledgeItems,
                                 .id = "pledge_items",
                                 .label_zh = "承诺事项",
                                 .label_en = "Pledge items published",
                                 .unit = "pledge_item",
                                 .kind = MEASURE_KIND_EVENT,
                                 .time = MEASURE_TIME_FLOW,
                                 .dimensions = {"pledger_kind"}};
const storage::MeasureDef kStanding{.tag = tags::kPledgeItemsStanding,
                                    .id = "pledge_items_standing",
                                    .label_zh = "有效承诺事项",
                                    .label_en = "Pledge items in force",
                                    .unit = "pledge_item",
                                    .kind = MEASURE_KIND_STOCK,
                                    .time = MEASURE_TIME_STOCK,
                                    .dimensions = {"pledger_kind"}};
const storage::MeasureDef kOnSchedule{.tag = tags::kPledgeItemsOnSchedule,
                                      .id = "pledge_items_on_schedule",
                                      .label_zh = "已践诺或按期推进的承诺事项",
                                      .label_en = "Pledge items fulfilled or on schedule",
                                      .unit = "pledge_item",
                                      .kind = MEASURE_KIND_STOCK,
                                      .time = MEASURE_TIME_STOCK,
                                      .dimensions = {"pledger_kind"}};
const storage::MeasureDef kDue{.tag = tags::kPledgeItemsDue,
                               .id = "pledge_items_due",
                               .label_zh = "到期承诺事项",
                               .label_en = "Pledge items due",
                               .unit = "pledge_item",
                               .kind = MEASURE_KIND_EVENT,
                               .time = MEASURE_TIME_FLOW,
                               .dimensions = {"pledger_kind"}};
const storage::MeasureDef kVerified{.tag = tags::kPledgeItemsVerified,
                                    .id = "pledge_items_verified",
                                    .label_zh = "核实完成的承诺事项",
                                    .label_en = "Pledge items verified",
                                    .unit = "pledge_item",
                                    .kind = MEASURE_KIND_EVENT,
                                    .time = MEASURE_TIME_FLOW,
                                    .dimensions = {"pledger_kind"}};

void Append(std::vector<storage::Contribution>& list, const storage::MeasureDef& measure, const std::string& kind,
            const std::vector<pledge_rules::DayCount>& counts) {
  for (const pledge_rules::DayCount& count : counts) {
    list.push_back({.measure = &measure, .day = count.day, .amount = count.items, .dimensions = {kind}});
  }
}

std::vector<storage::Contribution> Contributions(const v1::Pledge& pledge) {
  const pledge_rules::Course course = pledge_rules::CourseOf(pledge);
  const std::string kind(StripPrefix(v1::PledgerKind_Name(pledge.pledger_kind()), "PLEDGER_KIND_"));
  std::vector<storage::Contribution> list;
  Append(list, kItems, kind, course.published);
  Append(list, kStanding, kind, course.standing);
  Append(list, kOnSchedule, kind, course.on_schedule);
  Append(list, kDue, kind, course.due);
  Append(list, kVerified, kind, course.verified);
  return list;
}

bool ByOrganization(const v1::Pledge& pledge, storage::KeyWriter& key) {
  key.Text(pledge.organization());
  return true;
}

bool ByPledger(const v1::Pledge& pledge, storage::KeyWriter& key) {
  key.Text(pledge.pledger());
  return true;
}

}  // namespace

storage::TableSchema<v1::Pledge> PledgeSchema() {
  return {.tag = tags::kPledge,
          .collection = "pledges",
          .owner = [](const v1::Pledge& pledge) { return pledge.organization(); },
          .indexes = {{.tag = tags::kPledgeByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kPledgeByPledger, .name = "by_pledger", .columns = &ByPledger}},
          .measures = {&kItems, &kStanding, &kOnSchedule, &kDue, &kVerified},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
