#include "services/welfare/training_enrolment/enrolment_service.h"

#include <limits>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"
#include "services/welfare/training_course/course_rules.h"
#include "services/welfare/training_enrolment/enrolment_rules.h"
#include "services/welfare/unemployment_registration/registration_steps.h"

namespace dangjian::welfare {

using v1::TrainingEnrolment;
using v1::UnemploymentRegistration;

void TrainingEnrolmentService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<TrainingEnrolment> options;
  options.on_create = [this](rpc::CallContext& call, TrainingEnrolment& created) { return Enrol(call, created); };
  options.on_delete = [this](rpc::CallContext& call, const TrainingEnrolment& current) {
    return TakeBack(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kTrainingEnrolmentByOrganization},
                          {.field = "course", .index_tag = tags::kTrainingEnrolmentByCourse},
                          {.field = "registration", .index_tag = tags::kTrainingEnrolmentByRegistration}};
  rpc::RegisterStandardMethods(router,
                               *TrainingEnrolment::descriptor()->file()->FindServiceByName("TrainingEnrolmentService"),
                               enrolments_, tokens, std::move(options));
  router.Unary(this, &TrainingEnrolmentService::Complete);
  router.Unary(this, &TrainingEnrolmentService::Drop);
}

absl::Status TrainingEnrolmentService::Enrol(rpc::CallContext& call, TrainingEnrolment& created) {
  const Step step = StepOf(call, created.enrolled_on());
  RETURN_IF_ERROR(enrolment_rules::Enrol(created, step));
  ASSIGN_OR_RETURN(v1::TrainingCourse course, courses_.Get(call.reader(), created.course()));
  RETURN_IF_ERROR(course_rules::TakePlace(course));
  RETURN_IF_ERROR(courses_.Update(call.txn(), course));
  created.set_organization(course.organization());
  if (created.registration().empty()) {
    RETURN_IF_ERROR(enrolment_rules::SetPerson(created, ""));
    RETURN_IF_ERROR(CheckNotMerged(directory_, call.reader(), created.resident()));
    return CheckOnce(call, created);
  }
  const auto changed = ChangeRegistration(
      call, registrations_, created.registration(), [&](UnemploymentRegistration& registration) -> absl::Status {
        RETURN_IF_ERROR(enrolment_rules::SetPerson(created, registration.resident()));
        return registration_rules::Begin(registration, v1::UNEMPLOYMENT_STATE_IN_TRAINING, created.name(), step);
      });
  RETURN_IF_ERROR(changed.status());
  created.set_organization(changed->organization());
  return CheckOnce(call, created);
}

absl::Status TrainingEnrolmentService::CheckOnce(rpc::CallContext& call, TrainingEnrolment& created) const {
  ASSIGN_OR_RETURN(const std::string person, directory_.CanonicalName(call.reader(), created.resident()));
  SetCounted(created.resident(), person, *created.mutable_counted_resident());
  ASSIGN_OR_RETURN(const auto of_person,
                   enrolments_.Find(call.reader(), storage::KeyWriter(tags::kTrainingEnrolmentByPerson).Text(person),
                                    std::numeric_limits<size_t>::max()));
  for (const TrainingEnrolment& other : of_person) {
    if (other.course() != created.course() || other.state() == v1::ENROLMENT_STATE_DROPPED) continue;
    return Error(dangjian::reasons::kUniqueViolation, "the person is enrolled in the course already",
                 {{"resource", other.name()}});
  }
  return absl::OkStatus();
}

absl::Status TrainingEnrolmentService::FreePlace(rpc::CallContext& call, const TrainingEnrolment& enrolment) {
  ASSIGN_OR_RETURN(v1::TrainingCourse course, courses_.Get(call.reader(), enrolment.course()));
  course_rules::FreePlace(course);
  return courses_.Update(call.txn(), course);
}

absl::Status TrainingEnrolmentService::EndEngagement(rpc::CallContext& call, const TrainingEnrolment& enrolment,
                                                     const Step& step) {
  if (enrolment.registration().empty()) return absl::OkStatus();
  return ChangeRegistration(call, registrations_, enrolment.registration(),
                            [&](UnemploymentRegistration& registration) {
                              return registration_rules::End(registration, enrolment.name(), step);
                            })
      .status();
}

absl::Status TrainingEnrolmentService::TakeBack(rpc::CallContext& call, const TrainingEnrolment& enrolment) {
  if (enrolment.state() != v1::ENROLMENT_STATE_DROPPED) RETURN_IF_ERROR(FreePlace(call, enrolment));
  if (enrolment.registration().empty()) return absl::OkStatus();
  return ChangeRegistration(call, registrations_, enrolment.registration(),
                            [&](UnemploymentRegistration& registration) {
                              registration_rules::TakeBack(registration, enrolment.name(),
                                                           StepOf(call, call.today(), "enrolment deleted"));
                              return absl::OkStatus();
                            })
      .status();
}

absl::StatusOr<TrainingEnrolment> TrainingEnrolmentService::Complete(rpc::CallContext& call,
                                                                     const v1::CompleteTrainingRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, enrolments_, request, [&](TrainingEnrolment& enrolment) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::TrainingCourse course, courses_.Get(call.reader(), enrolment.course()));
    RETURN_IF_ERROR(
        enrolment_rules::Complete(enrolment, DayOr(course.start_date(), Day::Min()), request.certificate(), step));
    return EndEngagement(call, enrolment, step);
  });
}

absl::StatusOr<TrainingEnrolment> TrainingEnrolmentService::Drop(rpc::CallContext& call,
                                                                 const v1::DropTrainingRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, enrolments_, request, [&](TrainingEnrolment& enrolment) -> absl::Status {
    RETURN_IF_ERROR(enrolment_rules::Drop(enrolment, step));
    RETURN_IF_ERROR(FreePlace(call, enrolment));
    return EndEngagement(call, enrolment, step);
  });
}

}  // namespace dangjian::welfare
