#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/target.pb.h"

// Targets, thresholds and progress, in exact fractions. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kTargetValueRequired{"TARGET_VALUE_REQUIRED", absl::StatusCode::kInvalidArgument,
                                             "请填写目标值(下降类指标填写基数和目标值或降幅)"};
inline constexpr Reason kTargetNotBelowBaseline{"TARGET_NOT_BELOW_BASELINE", absl::StatusCode::kInvalidArgument,
                                                "下降类指标的目标值应低于基数"};
inline constexpr Reason kDateOutsidePeriod{"DATE_OUTSIDE_PERIOD", absl::StatusCode::kInvalidArgument,
                                           "日期不在目标期间内"};
inline constexpr Reason kUnknownProgress{"UNKNOWN_PROGRESS", absl::StatusCode::kInvalidArgument, "该日没有进度记录"};
}  // namespace reasons

namespace target_rules {

// Decimals are kept as integers of a millionth.
inline constexpr int32_t kScale = 6;

// A share of a whole; `denominator` is positive.
struct Fraction {
  absl::int128 numerator = 0;
  absl::int128 denominator = 1;
  // Hundredths of a percent, rounded down.
  int64_t Hundredths() const;
  bool operator>(const Fraction& other) const { return numerator * other.denominator > other.numerator * denominator; }
};

// The highest value that is a reduction of `baseline` by `reduction_bps`, in millionths; cut to whole things when
// asked: 5 % less than 40 is 38, than 19 is 18.05 or 18 things.
int64_t ReducedValue(int64_t baseline, int32_t reduction_bps, bool whole_numbers);

// Computes `target_value` from a demanded reduction and reports what is missing or makes no sense:
// TARGET_VALUE_REQUIRED, TARGET_NOT_BELOW_BASELINE, OUT_OF_BOUNDS, DATE_OUTSIDE_PERIOD.
void Complete(v1::Target& target, Violations& violations);

// DATE_OUTSIDE_PERIOD, DATE_IN_FUTURE. A record of the same date is replaced.
absl::Status AddProgress(v1::Target& target, const v1::TargetProgress& progress, const Step& step);
// UNKNOWN_PROGRESS.
absl::Status RemoveProgress(v1::Target& target, Day date, const Step& step);

// How much of the target `actual` is; nullopt when nothing can be said (无可比). May be negative or above 1.
std::optional<Fraction> ProgressOf(const v1::Target& target, int64_t actual);
bool IsMet(const v1::Target& target, int64_t actual);
// The share of the period that is over when `day` is over; 0 to 1.
Fraction Elapsed(DayRange period, Day day);
// Progress against time as at `today`.
v1::TargetPace PaceOf(const v1::Target& target, Day today);

}  // namespace target_rules
}  // namespace dangjian::pledge
