#include "services/welfare/training_enrolment/enrolment_schema.h"

#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;
using v1::TrainingEnrolment;

const storage::MeasureDef kTrained{.tag = tags::kTrainedPersons,
                                   .id = "trained_persons",
                                   .label_zh = "培训人数",
                                   .label_en = "People who completed a training",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kCompletions{.tag = tags::kTrainingCompletions,
                                       .id = "training_completions",
                                       .label_zh = "培训结业人次",
                                       .label_en = "Trainings completed",
                                       .unit = "person_time",
                                       .kind = measure::v1::MEASURE_KIND_PERSON_TIME,
                                       .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const TrainingEnrolment& enrolment) {
  if (enrolment.state() != v1::ENROLMENT_STATE_COMPLETED) return {};
  const Day day = DayOr(enrolment.completed_on(), Day());
  const std::string& person = CountedName(enrolment.resident(), enrolment.counted_resident());
  return {{.measure = &kTrained, .day = day, .subject = person}, {.measure = &kCompletions, .day = day}};
}

bool ByOrganization(const TrainingEnrolment& enrolment, KeyWriter& key) {
  key.Text(enrolment.organization());
  return true;
}

bool ByCourse(const TrainingEnrolment& enrolment, KeyWriter& key) {
  key.Text(enrolment.course());
  return true;
}

bool ByRegistration(const TrainingEnrolment& enrolment, KeyWriter& key) {
  key.Text(enrolment.registration());
  return !enrolment.registration().empty();
}

bool Once(const TrainingEnrolment& enrolment, KeyWriter& key) {
  key.Text(enrolment.course()).Text(enrolment.resident());
  return enrolment.state() != v1::ENROLMENT_STATE_DROPPED;
}

bool ByPerson(const TrainingEnrolment& enrolment, KeyWriter& key) {
  key.Text(CountedName(enrolment.resident(), enrolment.counted_resident()));
  return true;
}

}  // namespace

storage::TableSchema<TrainingEnrolment> TrainingEnrolmentSchema() {
  return {.tag = tags::kTrainingEnrolment,
          .collection = "trainingEnrolments",
          .owner = [](const TrainingEnrolment& enrolment) { return enrolment.organization(); },
          .indexes =
              {{.tag = tags::kTrainingEnrolmentByOrganization, .name = "by_organization", .columns = &ByOrganization},
               {.tag = tags::kTrainingEnrolmentByCourse, .name = "by_course", .columns = &ByCourse},
               {.tag = tags::kTrainingEnrolmentByRegistration, .name = "by_registration", .columns = &ByRegistration},
               {.tag = tags::kTrainingEnrolmentOnce, .name = "once", .columns = &Once, .unique = true},
               {.tag = tags::kTrainingEnrolmentByPerson, .name = "by_person", .columns = &ByPerson}},
          .measures = {&kTrained, &kCompletions},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
