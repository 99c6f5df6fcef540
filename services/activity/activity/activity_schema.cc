#include "services/activity/activity/activity_schema.h"

#include "common/types/quantity.h"
#include "services/activity/activity/activity_rules.h"
#include "services/activity/activity/work_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kActivities{.tag = tags::kActivities,
                                      .id = "activities",
                                      .label_zh = "开展活动",
                                      .label_en = "Activities held",
                                      .unit = "activity",
                                      .kind = measure::v1::MEASURE_KIND_EVENT,
                                      .time = measure::v1::MEASURE_TIME_FLOW,
                                      .dimensions = {"kind", "category"}};
const storage::MeasureDef kWorks{.tag = tags::kWorks,
                                 .id = "works",
                                 .label_zh = "完成工作量(按计量单位分列)",
                                 .label_en = "Works done, by unit",
                                 .unit = "mixed",
                                 .scale = work_rules::kScale,
                                 .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                 .time = measure::v1::MEASURE_TIME_FLOW,
                                 .dimensions = {"work_kind", "unit", "actor_kind", "activity_kind"}};
const storage::MeasureDef kFulfilments{.tag = tags::kFulfilments,
                                       .id = "fulfilments",
                                       .label_zh = "活动同时完成的承诺、义务等事项",
                                       .label_en = "Records that activities also fulfil",
                                       .unit = "record",
                                       .kind = measure::v1::MEASURE_KIND_EVENT,
                                       .time = measure::v1::MEASURE_TIME_FLOW,
                                       .dimensions = {"collection"}};

std::vector<storage::Contribution> Contributions(const v1::Activity& activity) {
  if (!activity_rules::Counts(activity)) return {};
  const Day day = activity_rules::DaysOf(activity).last;
  const std::string kind(activity_rules::NameOf(activity.kind()));
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kActivities, .day = day, .dimensions = {kind, activity.category_code()}});
  for (const v1::WorkOutput& output : activity.outputs()) {
    const absl::StatusOr<int64_t> amount = ParseDecimal(output.quantity().value(), work_rules::kScale);
    if (!amount.ok()) continue;  // refused on write
    list.push_back({.measure = &kWorks,
                    .day = day,
                    .amount = *amount,
                    .dimensions = {output.work_kind(), output.quantity().unit(),
                                   std::string(work_rules::ActorKindOf(output.actor())), kind},
                    .qualifier = work_rules::QualifierOf(output)});
  }
  for (const std::string& name : activity.fulfils()) {
    list.push_back({.measure = &kFulfilments, .day = day, .dimensions = {name.substr(0, name.find('/'))}});
  }
  return list;
}

bool ByOrganization(const v1::Activity& activity, storage::KeyWriter& key) {
  key.Text(activity.organization());
  return true;
}

bool ByCampaign(const v1::Activity& activity, storage::KeyWriter& key) {
  key.Text(activity.campaign());
  return !activity.campaign().empty();
}

bool BySeries(const v1::Activity& activity, storage::KeyWriter& key) {
  key.Text(activity.series());
  return !activity.series().empty();
}

}  // namespace

storage::TableSchema<v1::Activity> ActivitySchema() {
  return {.tag = tags::kActivity,
          .collection = "activities",
          .owner = [](const v1::Activity& activity) { return activity.organization(); },
          .indexes = {{.tag = tags::kActivityByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kActivityByCampaign, .name = "by_campaign", .columns = &ByCampaign},
                      {.tag = tags::kActivityBySeries, .name = "by_series", .columns = &BySeries}},
          .measures = {&kActivities, &kWorks, &kFulfilments},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
