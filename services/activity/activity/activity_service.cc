#include "services/activity/activity/activity_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/activity/activity/activity_rules.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

// Rows after which a long verb asks whether its caller still waits.
constexpr int64_t kRowsBetweenChecks = 256;

template <class Request>
absl::StatusOr<v1::Activity> Advance(rpc::CallContext& call, const storage::Table<v1::Activity>& activities,
                                     const Request& request, v1::ActivityState wanted, std::string reason = {}) {
  Step step = StepOf(call, request.occurred_on(), std::move(reason));
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, activities, request,
                      [&](v1::Activity& row) { return activity_rules::Advance(row, wanted, step); });
}

}  // namespace

absl::Status ActivityService::Complete(rpc::CallContext& call, v1::Activity& activity) const {
  Violations violations;
  activity_rules::Complete(activity, call.today(), violations);
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  for (int i = 0; i < activity.outputs_size(); ++i) {
    const std::string& unit = activity.outputs(i).quantity().unit();
    ASSIGN_OR_RETURN(const bool known, registry.HasUnit(unit));
    if (known) continue;
    violations.Add(absl::StrCat("activity.outputs[", i, "].quantity.unit"), dangjian::reasons::kUnknownUnit,
                   absl::StrCat("the unit table has no ", unit));
  }
  return violations.ToStatus();
}

absl::Status ActivityService::CheckNobodyCame(rpc::CallContext& call, const v1::Activity& activity) const {
  ASSIGN_OR_RETURN(const std::vector<v1::Attendance> one,
                   attendances_.Find(call.reader(), AttendancesOfActivity(activity.name()), 1));
  if (one.empty()) return absl::OkStatus();
  return Error(reasons::kActivityHasAttendances,
               absl::StrCat(activity.name(), " has attendances, e.g. ", one[0].name()),
               {{"resource", activity.name()}});
}

void ActivityService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Activity> options;
  options.on_create = [this](rpc::CallContext& call, v1::Activity& created) {
    activity_rules::Initialize(created, StepOf(call, call.today()));
    return Complete(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::Activity& current,
                             v1::Activity& updated) -> absl::Status {
    RETURN_IF_ERROR(activity_rules::CheckEditable(current));
    RETURN_IF_ERROR(Complete(call, updated));
    const bool moved = activity_rules::DaysOf(current) != activity_rules::DaysOf(updated);
    return moved ? CheckNobodyCame(call, current) : absl::OkStatus();
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::Activity& current) {
    return CheckNobodyCame(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kActivityByOrganization},
                          {.field = "campaign", .index_tag = tags::kActivityByCampaign},
                          {.field = "series", .index_tag = tags::kActivityBySeries}};
  rpc::RegisterStandardMethods(router, *v1::Activity::descriptor()->file()->FindServiceByName("ActivityService"),
                               activities_, tokens, std::move(options));
  router.Unary(this, &ActivityService::Approve);
  router.Unary(this, &ActivityService::Open);
  router.Unary(this, &ActivityService::Hold);
  router.Unary(this, &ActivityService::Report);
  router.Unary(this, &ActivityService::Verify);
  router.Unary(this, &ActivityService::Cancel);
}

absl::StatusOr<v1::Activity> ActivityService::Approve(rpc::CallContext& call,
                                                      const v1::ApproveActivityRequest& request) {
  return Advance(call, activities_, request, v1::ACTIVITY_STATE_APPROVED);
}

absl::StatusOr<v1::Activity> ActivityService::Open(rpc::CallContext& call, const v1::OpenActivityRequest& request) {
  return Advance(call, activities_, request, v1::ACTIVITY_STATE_OPEN);
}

absl::StatusOr<v1::Activity> ActivityService::Hold(rpc::CallContext& call, const v1::HoldActivityRequest& request) {
  return Advance(call, activities_, request, v1::ACTIVITY_STATE_HELD);
}

absl::StatusOr<v1::Activity> ActivityService::Report(rpc::CallContext& call, const v1::ReportActivityRequest& request) {
  return Advance(call, activities_, request, v1::ACTIVITY_STATE_REPORTED);
}

absl::StatusOr<v1::Activity> ActivityService::Verify(rpc::CallContext& call, const v1::VerifyActivityRequest& request) {
  return Advance(call, activities_, request, v1::ACTIVITY_STATE_VERIFIED);
}

absl::StatusOr<v1::Activity> ActivityService::Cancel(rpc::CallContext& call, const v1::CancelActivityRequest& request) {
  ASSIGN_OR_RETURN(v1::Activity activity,
                   Advance(call, activities_, request, v1::ACTIVITY_STATE_CANCELLED, request.reason()));
  // Figures follow from each row alone, so each row has to know.
  int64_t seen = 0;
  const auto mark = [&](v1::Attendance& attendance) -> absl::Status {
    if (++seen % kRowsBetweenChecks == 0) RETURN_IF_ERROR(call.CheckAlive());
    attendance.set_activity_cancelled(true);
    return attendances_.Update(call.txn(), attendance);
  };
  RETURN_IF_ERROR(attendances_.ForEach(call.reader(), AttendancesOfActivity(activity.name()), mark));
  return activity;
}

}  // namespace dangjian::activity
