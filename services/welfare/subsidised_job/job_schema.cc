#include "services/welfare/subsidised_job/job_schema.h"

#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kJobs{.tag = tags::kSubsidisedJobs,
                                .id = "subsidised_jobs",
                                .label_zh = "公益性岗位",
                                .label_en = "Subsidised public jobs",
                                .unit = "post",
                                .kind = measure::v1::MEASURE_KIND_STOCK,
                                .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kHolders{.tag = tags::kSubsidisedJobHolders,
                                   .id = "subsidised_job_holders",
                                   .label_zh = "公益性岗位在岗人数",
                                   .label_en = "People in subsidised public jobs",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::SubsidisedJob& job) {
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kJobs, .day = DayOr(job.opened_on(), Day()), .amount = job.quota()});
  if (job.has_closed_on()) {
    list.push_back({.measure = &kJobs, .day = DayOr(job.closed_on(), Day()) + 1, .amount = -job.quota()});
  }
  for (const v1::SubsidisedJobHolder& holder : job.holders()) {
    const std::string& person = CountedName(holder.resident(), holder.counted_resident());
    const Day first = DayOr(holder.assigned_on(), Day());
    list.push_back({.measure = &kHolders, .day = first, .amount = 1, .subject = person});
    if (!holder.has_released_on()) continue;
    const Day over = DayOr(holder.released_on(), Day()) + 1;
    list.push_back({.measure = &kHolders, .day = over, .amount = -1, .subject = person});
  }
  return list;
}

bool ByOrganization(const v1::SubsidisedJob& job, storage::KeyWriter& key) {
  key.Text(job.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::SubsidisedJob> SubsidisedJobSchema() {
  return {
      .tag = tags::kSubsidisedJob,
      .collection = "subsidisedJobs",
      .owner = [](const v1::SubsidisedJob& job) { return job.organization(); },
      .indexes = {{.tag = tags::kSubsidisedJobByOrganization, .name = "by_organization", .columns = &ByOrganization}},
      .measures = {&kJobs, &kHolders},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
