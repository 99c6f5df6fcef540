#include "services/pledge/target/target_schema.h"

#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/pledge/tags.h"
#include "services/pledge/target/target_rules.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kTargets{.tag = tags::kTargets,
                                   .id = "targets",
                                   .label_zh = "目标任务",
                                   .label_en = "Targets in force",
                                   .unit = "target",
                                   .kind = measure::v1::MEASURE_KIND_STOCK,
                                   .time = measure::v1::MEASURE_TIME_STOCK,
                                   .dimensions = {"target"}};
const storage::MeasureDef kProgress{.tag = tags::kTargetProgress,
                                    .id = "target_progress",
                                    .label_zh = "目标任务完成率",
                                    .label_en = "Progress of targets in percent",
                                    .unit = "percent",
                                    .scale = 2,
                                    .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                    .time = measure::v1::MEASURE_TIME_STOCK,
                                    .dimensions = {"target"}};

std::vector<storage::Contribution> Contributions(const v1::Target& target) {
  const std::optional<DayRange> period = DaysFromProto(target.period());
  if (!period.has_value()) return {};
  const Day over = period->last + 1;
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kTargets, .day = period->first, .amount = 1, .dimensions = {target.name()}});
  list.push_back({.measure = &kTargets, .day = over, .amount = -1, .dimensions = {target.name()}});
  int64_t standing = 0;
  const auto stand_at = [&](Day day, int64_t hundredths) {
    if (hundredths == standing) return;
    list.push_back({.measure = &kProgress, .day = day, .amount = hundredths - standing, .dimensions = {target.name()}});
    standing = hundredths;
  };
  for (const v1::TargetProgress& record : target.progress()) {
    const absl::StatusOr<int64_t> actual = ParseDecimal(record.actual(), target_rules::kScale);
    if (!actual.ok()) continue;
    const std::optional<target_rules::Fraction> progress = target_rules::ProgressOf(target, *actual);
    stand_at(DayOr(record.date(), period->first), progress.has_value() ? progress->Hundredths() : 0);
  }
  stand_at(over, 0);
  return list;
}

bool ByOrganization(const v1::Target& target, storage::KeyWriter& key) {
  key.Text(target.organization());
  return true;
}

bool ByCampaign(const v1::Target& target, storage::KeyWriter& key) {
  key.Text(target.campaign());
  return !target.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::Target> TargetSchema() {
  return {.tag = tags::kTarget,
          .collection = "targets",
          .owner = [](const v1::Target& target) { return target.organization(); },
          .indexes = {{.tag = tags::kTargetByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kTargetByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
          .measures = {&kTargets, &kProgress},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
