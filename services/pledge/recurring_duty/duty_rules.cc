#include "services/pledge/recurring_duty/duty_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::duty_rules {
namespace {

std::string_view NameOf(v1::RecurringDutyState state) {
  return StripPrefix(v1::RecurringDutyState_Name(state), "RECURRING_DUTY_STATE_");
}

absl::Status RequireActive(const v1::RecurringDuty& duty, std::string_view verb) {
  if (duty.state() == v1::RECURRING_DUTY_STATE_ACTIVE) return absl::OkStatus();
  return IllegalTransition(duty.name(), NameOf(duty.state()), verb);
}

// As it was entered, not cut to the duty.
DayRange EnteredDays(const v1::DutyAssignment& assignment) {
  return {DayOr(assignment.assigned_from(), Day::Min()), DayOr(assignment.assigned_to(), Day::Max())};
}

bool Overlap(DayRange a, DayRange b) { return a.first <= b.last && b.first <= a.last; }

// Checks one assignment against the duty and against those before `before`.
void CheckAssignment(const v1::RecurringDuty& duty, const v1::DutyAssignment& assignment, int before,
                     const std::string& path, Violations& violations) {
  const DayRange days = EnteredDays(assignment);
  const DayRange allowed = DaysOf(duty);
  if (days.last < days.first) {
    violations.Add(absl::StrCat(path, ".assigned_to"), dangjian::reasons::kDatesOutOfOrder,
                   "the assignment would end before it starts");
  } else if (days.first < allowed.first || days.first > allowed.last ||
             (assignment.has_assigned_to() && days.last > allowed.last)) {
    violations.Add(absl::StrCat(path, ".assigned_from"), reasons::kDutyDateOutside,
                   "the assignment does not lie within the days of the duty");
  }
  for (int i = 0; i < before; ++i) {
    if (duty.assignments(i).member() != assignment.member()) continue;
    if (!Overlap(EnteredDays(duty.assignments(i)), days)) continue;
    violations.Add(absl::StrCat(path, ".member"), reasons::kDutyAssignedTwice,
                   absl::StrCat(assignment.member(), " has the duty on some of these days already"));
    return;
  }
}

absl::Status NotAssigned(const v1::RecurringDuty& duty, const std::string& member, Day day) {
  return Error(reasons::kDutyMemberNotAssigned, absl::StrCat(member, " does not have the duty on ", FormatDay(day)),
               {{"resource", duty.name()}, {"member", member}});
}

}  // namespace

void Initialize(v1::RecurringDuty& duty) {
  duty.set_state(v1::RECURRING_DUTY_STATE_ACTIVE);
  duty.clear_transitions();
}

void CheckContent(const v1::RecurringDuty& duty, Day today, Violations& violations) {
  const DayRange days = DaysOf(duty);
  if (days.last < days.first) {
    violations.Add("recurring_duty.ends_on", dangjian::reasons::kDatesOutOfOrder,
                   "the duty would end before it starts");
  }
  if (days.first > today) {
    violations.Add("recurring_duty.starts_on", dangjian::reasons::kDateInFuture, "starts after today");
  }
  for (int i = 0; i < duty.assignments_size(); ++i) {
    const std::string path = absl::StrCat("recurring_duty.assignments[", i, "]");
    if (EnteredDays(duty.assignments(i)).first > today) {
      violations.Add(absl::StrCat(path, ".assigned_from"), dangjian::reasons::kDateInFuture, "assigned after today");
    }
    CheckAssignment(duty, duty.assignments(i), i, path, violations);
  }
}

absl::Status Assign(v1::RecurringDuty& duty, const std::string& member, Day last, const Step& step) {
  RETURN_IF_ERROR(RequireActive(duty, "an assignment"));
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  v1::DutyAssignment assignment;
  assignment.set_member(member);
  *assignment.mutable_assigned_from() = DayToProto(step.day);
  if (last != Day::Max()) *assignment.mutable_assigned_to() = DayToProto(last);
  Violations violations;
  if (duty.assignments_size() >= kMaxAssignments) {
    violations.Add("member", dangjian::reasons::kTooManyItems,
                   absl::StrCat("a duty has at most ", kMaxAssignments, " assignments"));
  }
  CheckAssignment(duty, assignment, duty.assignments_size(), "assignment", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  *duty.add_assignments() = std::move(assignment);
  AddTransition(*duty.mutable_transitions(), absl::StrCat(member, ":ASSIGNED"), step);
  return absl::OkStatus();
}

absl::Status Release(v1::RecurringDuty& duty, const std::string& member, const Step& step) {
  RETURN_IF_ERROR(RequireActive(duty, "a release"));
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  for (v1::DutyAssignment& assignment : *duty.mutable_assignments()) {
    if (assignment.member() != member || !EnteredDays(assignment).Contains(step.day)) continue;
    *assignment.mutable_assigned_to() = DayToProto(step.day);
    AddTransition(*duty.mutable_transitions(), absl::StrCat(member, ":RELEASED"), step);
    return absl::OkStatus();
  }
  return NotAssigned(duty, member, step.day);
}

absl::Status End(v1::RecurringDuty& duty, const Step& step) {
  RETURN_IF_ERROR(RequireActive(duty, "the end"));
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  if (!DaysOf(duty).Contains(step.day)) {
    Violations violations;
    violations.Add("occurred_on", reasons::kDutyDateOutside,
                   absl::StrCat(FormatDay(step.day), " is not a day of the duty"));
    return violations.ToStatus();
  }
  *duty.mutable_ends_on() = DayToProto(step.day);
  duty.set_state(v1::RECURRING_DUTY_STATE_ENDED);
  AddTransition(*duty.mutable_transitions(), NameOf(duty.state()), step);
  return absl::OkStatus();
}

DayRange DaysOf(const v1::RecurringDuty& duty) {
  return {DayOr(duty.starts_on(), Day::Min()), DayOr(duty.ends_on(), Day::Max())};
}

std::optional<DayRange> DaysOf(const v1::RecurringDuty& duty, const v1::DutyAssignment& assignment) {
  const DayRange all = DaysOf(duty);
  const DayRange entered = EnteredDays(assignment);
  const DayRange days{std::max(all.first, entered.first), std::min(all.last, entered.last)};
  if (days.last < days.first) return std::nullopt;
  return days;
}

const v1::DutyAssignment* AssignmentOn(const v1::RecurringDuty& duty, std::string_view member, Day day) {
  for (const v1::DutyAssignment& assignment : duty.assignments()) {
    if (assignment.member() != member) continue;
    const std::optional<DayRange> days = DaysOf(duty, assignment);
    if (days.has_value() && days->Contains(day)) return &assignment;
  }
  return nullptr;
}

DayRange PeriodOf(v1::DutyFrequency frequency, Day day) {
  const auto months = [](int year, int first, int count) {
    const int after = first + count;
    return DayRange{Day::Of(year, first, 1),
                    (after > 12 ? Day::Of(year + 1, after - 12, 1) : Day::Of(year, after, 1)) - 1};
  };
  switch (frequency) {
    case v1::DUTY_FREQUENCY_WEEKLY: {
      // 1970-01-01 was a Thursday.
      const int32_t since_monday = ((day.number() + 3) % 7 + 7) % 7;
      return {day - since_monday, day - since_monday + 6};
    }
    case v1::DUTY_FREQUENCY_MONTHLY:
      return months(day.year(), day.month(), 1);
    case v1::DUTY_FREQUENCY_QUARTERLY:
      return months(day.year(), (day.month() - 1) / 3 * 3 + 1, 3);
    case v1::DUTY_FREQUENCY_YEARLY:
      return months(day.year(), 1, 12);
    case v1::DUTY_FREQUENCY_DAILY:
    case v1::DUTY_FREQUENCY_UNSPECIFIED:
    case v1::DutyFrequency_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::DutyFrequency_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {day, day};
}

std::vector<Day> WholePeriods(v1::DutyFrequency frequency, DayRange days) {
  std::vector<Day> starts;
  if (days.last < days.first) return starts;
  DayRange period = PeriodOf(frequency, days.first);
  if (period.first < days.first) period = PeriodOf(frequency, period.last + 1);
  for (; period.last <= days.last; period = PeriodOf(frequency, period.last + 1)) starts.push_back(period.first);
  return starts;
}

}  // namespace dangjian::pledge::duty_rules
