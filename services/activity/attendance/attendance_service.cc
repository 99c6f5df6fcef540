#include "services/activity/attendance/attendance_service.h"

#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "services/activity/activity/activity_rules.h"
#include "services/activity/attendance/attendance_rules.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/tags.h"
#include "services/activity/volunteer/volunteer_rules.h"

namespace dangjian::activity {
namespace {

template <class Request>
Step VerbStep(rpc::CallContext& call, const Request& request, std::string reason = {}) {
  Step step = StepOf(call, request.occurred_on(), std::move(reason));
  step.on_behalf_of = request.on_behalf_of();
  return step;
}

}  // namespace

absl::Status AttendanceService::CheckNeighbours(rpc::CallContext& call, const v1::Attendance& attendance) const {
  const storage::KeyWriter prefix =
      AttendancesOfPersonOn(attendance.canonical_person(), attendance_rules::DayOfAttendance(attendance));
  ASSIGN_OR_RETURN(const std::vector<v1::Attendance> same_day, attendances_.FindAll(call.reader(), prefix));
  return attendance_rules::CheckNeighbours(attendance, same_day);
}

absl::Status AttendanceService::CheckConsent(rpc::CallContext& call, const v1::Activity& activity,
                                             const v1::Attendance& attendance) const {
  if (activity.kind() != v1::ACTIVITY_KIND_VOLUNTEER_SERVICE) return absl::OkStatus();
  const storage::KeyWriter prefix = storage::KeyWriter(tags::kVolunteerByPerson).Text(attendance.canonical_person());
  ASSIGN_OR_RETURN(const std::vector<v1::Volunteer> rows, volunteers_.FindAll(call.reader(), prefix));
  for (const v1::Volunteer& row : rows) {
    if (row.state() == v1::VOLUNTEER_STATE_LEFT) continue;
    ASSIGN_OR_RETURN(const std::optional<Day> birth, directory_.BirthOf(call.reader(), row.person()));
    RETURN_IF_ERROR(volunteer_rules::CheckConsent(row, birth, attendance_rules::DayOfAttendance(attendance)));
  }
  return absl::OkStatus();
}

absl::Status AttendanceService::FlagLate(rpc::CallContext& call, const v1::Activity& activity,
                                         v1::Attendance& attendance) const {
  const Day end = activity_rules::DaysOf(activity).last;
  attendance.set_late(false);
  if (!attendance_rules::IsVolunteering(attendance) || !attendance_rules::MayBeLate(end, call.today())) {
    return absl::OkStatus();
  }
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  // Ten working days reach into the next year at most, whatever today is.
  ASSIGN_OR_RETURN(const WorkingDays calendar, registry.CalendarsOf(end, end));
  attendance.set_late(call.today() > attendance_rules::RecordDueDay(end, calendar));
  return absl::OkStatus();
}

absl::Status AttendanceService::Create(rpc::CallContext& call, v1::Attendance& created) const {
  ASSIGN_OR_RETURN(const v1::Activity activity, activities_.Get(call.reader(), created.activity()));
  RETURN_IF_ERROR(attendance_rules::Begin(created, activity, StepOf(call, call.today())));
  ASSIGN_OR_RETURN(*created.mutable_canonical_person(), directory_.CanonicalName(call.reader(), created.person()));
  RETURN_IF_ERROR(CheckConsent(call, activity, created));
  RETURN_IF_ERROR(CheckNeighbours(call, created));
  return created.attended() ? FlagLate(call, activity, created) : absl::OkStatus();
}

void AttendanceService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Attendance> options;
  options.on_create = [this](rpc::CallContext& call, v1::Attendance& created) { return Create(call, created); };
  options.list_filters = {{.field = "activity", .index_tag = tags::kAttendanceByActivity},
                          {.field = "canonical_person", .index_tag = tags::kAttendanceByPerson}};
  rpc::RegisterStandardMethods(router, *v1::Attendance::descriptor()->file()->FindServiceByName("AttendanceService"),
                               attendances_, tokens, std::move(options));
  router.Unary(this, &AttendanceService::CheckIn);
  router.Unary(this, &AttendanceService::CheckOut);
  router.Unary(this, &AttendanceService::ProposeHours);
  router.Unary(this, &AttendanceService::Confirm);
  router.Unary(this, &AttendanceService::Dispute);
  router.Unary(this, &AttendanceService::Correct);
}

absl::StatusOr<v1::Attendance> AttendanceService::CheckIn(rpc::CallContext& call,
                                                          const v1::CheckInAttendanceRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Activity activity, activities_.Get(call.reader(), row.activity()));
    RETURN_IF_ERROR(CheckConsent(call, activity, row));
    return attendance_rules::CheckIn(row, request.time(), StepOf(call, call.today()));
  });
}

absl::StatusOr<v1::Attendance> AttendanceService::CheckOut(rpc::CallContext& call,
                                                           const v1::CheckOutAttendanceRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) -> absl::Status {
    RETURN_IF_ERROR(attendance_rules::CheckOut(row, request.time(), StepOf(call, call.today())));
    return CheckNeighbours(call, row);
  });
}

absl::StatusOr<v1::Attendance> AttendanceService::ProposeHours(rpc::CallContext& call,
                                                               const v1::ProposeAttendanceHoursRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Activity activity, activities_.Get(call.reader(), row.activity()));
    return attendance_rules::Propose(row, activity, request.hours(), VerbStep(call, request));
  });
}

absl::StatusOr<v1::Attendance> AttendanceService::Confirm(rpc::CallContext& call,
                                                          const v1::ConfirmAttendanceRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Activity activity, activities_.Get(call.reader(), row.activity()));
    RETURN_IF_ERROR(attendance_rules::Confirm(row, activity, VerbStep(call, request)));
    return FlagLate(call, activity, row);
  });
}

absl::StatusOr<v1::Attendance> AttendanceService::Dispute(rpc::CallContext& call,
                                                          const v1::DisputeAttendanceRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) {
    return attendance_rules::Dispute(row, VerbStep(call, request, request.reason()));
  });
}

absl::StatusOr<v1::Attendance> AttendanceService::Correct(rpc::CallContext& call,
                                                          const v1::CorrectAttendanceRequest& request) {
  return ChangeRecord(call, attendances_, request, [&](v1::Attendance& row) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::Activity activity, activities_.Get(call.reader(), row.activity()));
    RETURN_IF_ERROR(attendance_rules::Correct(row, activity, request, VerbStep(call, request, request.reason())));
    return CheckNeighbours(call, row);
  });
}

}  // namespace dangjian::activity
