#include "services/pledge/target/target_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/quantity.h"

namespace dangjian::pledge::target_rules {
namespace {

constexpr int64_t kOne = 1'000'000;

// The value of a decimal that has passed validation; 0 when it is empty.
int64_t Micros(const std::string& decimal) {
  const absl::StatusOr<int64_t> value = ParseDecimal(decimal, kScale);
  return value.ok() ? *value : 0;
}

// `38000000` → `38`, `18050000` → `18.05`.
std::string Decimal(int64_t micros) {
  std::string text = FormatDecimal(micros, kScale);
  text.erase(text.find_last_not_of('0') + 1);
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

void CheckDecimal(const std::string& decimal, std::string_view field, Violations& violations) {
  if (decimal.empty() || ParseDecimal(decimal, kScale).ok()) return;
  violations.Add(field, dangjian::reasons::kOutOfBounds, absl::StrCat(decimal, " is too large"));
}

void CheckDown(v1::Target& target, Violations& violations) {
  const bool by_reduction = target.reduction_bps() > 0;
  if (target.baseline().empty()) {
    violations.Add("target.baseline", reasons::kTargetValueRequired, "a reduction needs a baseline");
  }
  if (!by_reduction && target.target_value().empty()) {
    violations.Add("target.target_value", reasons::kTargetValueRequired,
                   "give the value or the reduction to be reached");
  }
  if (!violations.empty()) return;
  const int64_t baseline = Micros(target.baseline());
  if (by_reduction) {
    target.set_target_value(Decimal(ReducedValue(baseline, target.reduction_bps(), target.whole_numbers())));
  } else if (Micros(target.target_value()) >= baseline) {
    violations.Add("target.target_value", reasons::kTargetNotBelowBaseline,
                   absl::StrCat("not below the baseline of ", target.baseline()));
  }
}

DayRange PeriodOf(const v1::Target& target) {
  return DaysFromProto(target.period()).value_or(DayRange{Day::Min(), Day::Min()});
}

// The newest record of a day up to `day`; nullptr when there is none.
const v1::TargetProgress* Newest(const v1::Target& target, Day day) {
  const v1::TargetProgress* newest = nullptr;
  for (const v1::TargetProgress& record : target.progress()) {
    if (DayOr(record.date(), Day::Max()) <= day) newest = &record;
  }
  return newest;
}

}  // namespace

int64_t Fraction::Hundredths() const {
  const absl::int128 scaled = numerator * 10'000;
  absl::int128 whole = scaled / denominator;
  if (scaled % denominator < 0) --whole;
  return static_cast<int64_t>(whole);
}

int64_t ReducedValue(int64_t baseline, int32_t reduction_bps, bool whole_numbers) {
  const absl::int128 exact = absl::int128(baseline) * (10'000 - reduction_bps);
  const int64_t step = whole_numbers ? kOne : 1;
  return static_cast<int64_t>(exact / (absl::int128(10'000) * step)) * step;
}

void Complete(v1::Target& target, Violations& violations) {
  CheckDecimal(target.baseline(), "target.baseline", violations);
  CheckDecimal(target.target_value(), "target.target_value", violations);
  const std::optional<DayRange> period = DaysFromProto(target.period());
  if (!period.has_value()) {
    violations.Add("target.period", dangjian::reasons::kDatesOutOfOrder, "the period would end before it starts");
  }
  for (const v1::TargetProgress& record : target.progress()) {
    if (!period.has_value() || period->Contains(DayOr(record.date(), Day::Min()))) continue;
    violations.Add("target.period", reasons::kDateOutsidePeriod,
                   absl::StrCat("there is progress of ", FormatDay(DayOr(record.date(), Day::Min()))));
  }
  if (!violations.empty()) return;
  if (target.direction() == v1::TARGET_DIRECTION_UP && Micros(target.target_value()) <= 0) {
    violations.Add("target.target_value", reasons::kTargetValueRequired, "give a value above 0 to be reached");
  }
  if (target.direction() == v1::TARGET_DIRECTION_DOWN) CheckDown(target, violations);
}

absl::Status AddProgress(v1::Target& target, const v1::TargetProgress& progress, const Step& step) {
  Violations violations;
  CheckDecimal(progress.actual(), "progress.actual", violations);
  if (!PeriodOf(target).Contains(step.day)) {
    violations.Add("progress.date", reasons::kDateOutsidePeriod,
                   absl::StrCat(FormatDay(step.day), " is outside of the period of the target"));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  auto& records = *target.mutable_progress();
  auto place = std::find_if(records.begin(), records.end(), [&](const v1::TargetProgress& record) {
    return DayOr(record.date(), Day::Min()) == step.day;
  });
  if (place != records.end()) {
    *place = progress;
  } else {
    *records.Add() = progress;
    std::sort(records.begin(), records.end(), [](const v1::TargetProgress& a, const v1::TargetProgress& b) {
      return DayOr(a.date(), Day::Min()) < DayOr(b.date(), Day::Min());
    });
  }
  AddTransition(*target.mutable_transitions(), absl::StrCat(FormatDay(step.day), ":PROGRESS"), step);
  return absl::OkStatus();
}

absl::Status RemoveProgress(v1::Target& target, Day date, const Step& step) {
  auto& records = *target.mutable_progress();
  for (int i = 0; i < records.size(); ++i) {
    if (DayOr(records[i].date(), Day::Min()) != date) continue;
    records.DeleteSubrange(i, 1);
    AddTransition(*target.mutable_transitions(), absl::StrCat(FormatDay(date), ":PROGRESS_REMOVED"), step);
    return absl::OkStatus();
  }
  Violations violations;
  violations.Add("date", reasons::kUnknownProgress, absl::StrCat("there is no progress of ", FormatDay(date)));
  return violations.ToStatus();
}

std::optional<Fraction> ProgressOf(const v1::Target& target, int64_t actual) {
  switch (target.direction()) {
    case v1::TARGET_DIRECTION_UP:
      return Fraction{actual, Micros(target.target_value())};
    case v1::TARGET_DIRECTION_DOWN: {
      const int64_t baseline = Micros(target.baseline());
      const int64_t wanted = baseline - Micros(target.target_value());
      if (wanted <= 0) return std::nullopt;
      return Fraction{absl::int128(baseline) - actual, wanted};
    }
    case v1::TARGET_DIRECTION_KEEP_ZERO:
      return Fraction{actual == 0 ? 1 : 0, 1};
    case v1::TARGET_DIRECTION_MILESTONE:
      return Fraction{actual >= kOne ? 1 : 0, 1};
    case v1::TARGET_DIRECTION_UNSPECIFIED:
    case v1::TargetDirection_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::TargetDirection_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return std::nullopt;
}

bool IsMet(const v1::Target& target, int64_t actual) {
  const std::optional<Fraction> progress = ProgressOf(target, actual);
  return progress.has_value() && progress->numerator >= progress->denominator;
}

Fraction Elapsed(DayRange period, Day day) {
  const int32_t length = period.last - period.first + 1;
  return {std::clamp(day - period.first + 1, 0, length), length};
}

v1::TargetPace PaceOf(const v1::Target& target, Day today) {
  const DayRange period = PeriodOf(target);
  const Day as_of = std::min(today, period.last);
  const Fraction elapsed = Elapsed(period, as_of);
  v1::TargetPace pace;
  *pace.mutable_as_of() = DayToProto(as_of);
  pace.set_elapsed_hundredths(elapsed.Hundredths());
  pace.set_time_half_over(elapsed.numerator * 2 >= elapsed.denominator);
  const v1::TargetProgress* newest = Newest(target, as_of);
  // Without a record, "nothing done" is a statement about an increase, but not about a number that should be low.
  const bool counts_from_nothing =
      target.direction() == v1::TARGET_DIRECTION_UP || target.direction() == v1::TARGET_DIRECTION_MILESTONE;
  if (newest == nullptr && !counts_from_nothing) return pace;
  const int64_t actual = newest == nullptr ? 0 : Micros(newest->actual());
  const std::optional<Fraction> progress = ProgressOf(target, actual);
  if (!progress.has_value()) return pace;
  pace.set_comparable(true);
  pace.set_progress_hundredths(progress->Hundredths());
  pace.set_ahead_of_time(*progress > elapsed);
  pace.set_task_over_half(progress->numerator * 2 >= progress->denominator && *progress > elapsed);
  pace.set_met(IsMet(target, actual));
  return pace;
}

}  // namespace dangjian::pledge::target_rules
