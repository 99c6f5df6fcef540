#include "services/activity/attendance/hours.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/quantity.h"

namespace dangjian::activity::hours {
namespace {

constexpr int64_t kStepHundredths = 5;

}  // namespace

absl::StatusOr<int32_t> MinutesOf(std::string_view text) {
  const absl::StatusOr<int64_t> hundredths = ParseDecimal(text, kScale);
  const int64_t most = HundredthsOf(kMinutesOfDay);
  if (!hundredths.ok() || *hundredths < 0 || *hundredths > most || *hundredths % kStepHundredths != 0) {
    return Error(reasons::kHoursNotInSteps, absl::StrCat(ToAbsl(text), " is no multiple of 0.05 up to 24"));
  }
  return static_cast<int32_t>(*hundredths / kStepHundredths * kStepMinutes);
}

int64_t HundredthsOf(int64_t minutes) { return minutes / kStepMinutes * kStepHundredths; }

std::string Format(int64_t minutes) { return FormatDecimal(HundredthsOf(minutes), kScale); }

int32_t CutToStep(int32_t minutes) { return minutes - minutes % kStepMinutes; }

}  // namespace dangjian::activity::hours
