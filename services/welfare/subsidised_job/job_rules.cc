#include "services/welfare/subsidised_job/job_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare::job_rules {
namespace {

std::string_view NameOf(v1::SubsidisedJobState state) {
  return StripPrefix(v1::SubsidisedJobState_Name(state), "SUBSIDISED_JOB_STATE_");
}

Day LastDayOf(const v1::SubsidisedJobHolder& holder) { return DayOr(holder.released_on(), Day::Max()); }

int HoldersOn(const v1::SubsidisedJob& job, Day day) {
  return static_cast<int>(
      std::count_if(job.holders().begin(), job.holders().end(), [day](const v1::SubsidisedJobHolder& holder) {
        return DayOr(holder.assigned_on(), Day::Max()) <= day && day <= LastDayOf(holder);
      }));
}

// The most people who hold a post on one day from `first` on: the number grows only on days of an assignment.
int MostHoldersFrom(const v1::SubsidisedJob& job, Day first) {
  int most = HoldersOn(job, first);
  for (const v1::SubsidisedJobHolder& holder : job.holders()) {
    const Day assigned = DayOr(holder.assigned_on(), Day::Min());
    if (assigned > first) most = std::max(most, HoldersOn(job, assigned));
  }
  return most;
}

absl::Status RequireOpen(const v1::SubsidisedJob& job, std::string_view wanted) {
  if (job.state() == v1::SUBSIDISED_JOB_STATE_OPEN) return absl::OkStatus();
  return IllegalTransition(job.name(), NameOf(job.state()), wanted);
}

}  // namespace

absl::Status Open(v1::SubsidisedJob& job, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  job.clear_closed_on();
  job.clear_holders();
  job.clear_transitions();
  job.set_state(v1::SUBSIDISED_JOB_STATE_OPEN);
  AddTransition(*job.mutable_transitions(), NameOf(job.state()), step);
  return absl::OkStatus();
}

absl::Status CheckChange(const v1::SubsidisedJob& updated) {
  RETURN_IF_ERROR(RequireOpen(updated, "an update"));
  const int most = MostHoldersFrom(updated, Day::Min());
  if (updated.quota() >= most) return absl::OkStatus();
  return Error(reasons::kQuotaBelowHolders, absl::StrCat(most, " people have held a post on one day"),
               {{"resource", updated.name()}});
}

absl::Status Assign(v1::SubsidisedJob& job, v1::UnemploymentRegistration& registration, const Step& step) {
  RETURN_IF_ERROR(RequireOpen(job, "an assignment"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(job.opened_on(), Day::Min())));
  if (!registration_rules::IsHardToEmploy(registration, step.day)) {
    return Error(reasons::kNotHardToEmploy, "no certification of the registration holds on that day",
                 {{"resource", registration.name()}});
  }
  if (!registration.subsidised_job().empty()) {
    return Error(reasons::kAlreadyHoldsSubsidisedJob, "the person holds a subsidised job",
                 {{"resource", registration.name()}, {"subsidised_job", registration.subsidised_job()}});
  }
  if (MostHoldersFrom(job, step.day) >= job.quota()) {
    return Error(reasons::kSubsidisedJobFull, absl::StrCat("all ", job.quota(), " posts are held"),
                 {{"resource", job.name()}});
  }
  v1::SubsidisedJobHolder& holder = *job.add_holders();
  holder.set_registration(registration.name());
  holder.set_resident(registration.resident());
  holder.set_counted_resident(registration.counted_resident());
  *holder.mutable_assigned_on() = DayToProto(step.day);
  registration.set_subsidised_job(job.name());
  AddTransition(*job.mutable_transitions(), absl::StrCat(registration.name(), ":ASSIGNED"), step);
  return absl::OkStatus();
}

absl::Status Release(v1::SubsidisedJob& job, v1::UnemploymentRegistration& registration, const Step& step) {
  const auto found = std::find_if(job.mutable_holders()->begin(), job.mutable_holders()->end(),
                                  [&](const v1::SubsidisedJobHolder& holder) {
                                    return holder.registration() == registration.name() && !holder.has_released_on();
                                  });
  if (found == job.mutable_holders()->end()) {
    return Error(reasons::kUnknownJobHolder, "the person holds none of these posts", {{"resource", job.name()}});
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(found->assigned_on(), Day::Min())));
  *found->mutable_released_on() = DayToProto(step.day);
  registration.clear_subsidised_job();
  AddTransition(*job.mutable_transitions(), absl::StrCat(registration.name(), ":RELEASED"), step);
  return absl::OkStatus();
}

absl::Status Close(v1::SubsidisedJob& job, const Step& step) {
  RETURN_IF_ERROR(RequireOpen(job, "a closing"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(job.opened_on(), Day::Min())));
  for (const v1::SubsidisedJobHolder& holder : job.holders()) {
    if (LastDayOf(holder) <= step.day) continue;
    return Error(reasons::kSubsidisedJobInUse, "somebody holds a post after that day", {{"resource", job.name()}});
  }
  job.set_state(v1::SUBSIDISED_JOB_STATE_CLOSED);
  *job.mutable_closed_on() = DayToProto(step.day);
  AddTransition(*job.mutable_transitions(), NameOf(job.state()), step);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::job_rules
