#include "common/base/day.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/base/strings.h"

namespace dangjian {
namespace {

constexpr int64_t kMicrosPerHour = int64_t{3600} * 1000 * 1000;
constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr int64_t kZoneOffset = 8 * kMicrosPerHour;  // UTC+8; China has no daylight saving.

}  // namespace

Day Day::Of(int year, int month, int day) {
  return Day(static_cast<int32_t>(absl::CivilDay(year, month, day) - absl::CivilDay(1970, 1, 1)));
}

std::string FormatDay(Day day) {
  const absl::CivilDay civil = day.civil();
  return absl::StrFormat("%04d-%02d-%02d", civil.year(), civil.month(), civil.day());
}

absl::StatusOr<Day> ParseDay(std::string_view text) {
  bool shaped = text.size() == 10;
  for (size_t i = 0; shaped && i < text.size(); ++i) {
    shaped = (i == 4 || i == 7) ? text[i] == '-' : '0' <= text[i] && text[i] <= '9';
  }
  int year = 0;
  int month = 0;
  int day = 0;
  shaped = shaped && absl::SimpleAtoi(ToAbsl(text.substr(0, 4)), &year) &&
           absl::SimpleAtoi(ToAbsl(text.substr(5, 2)), &month) && absl::SimpleAtoi(ToAbsl(text.substr(8, 2)), &day);
  const absl::CivilDay civil(year, month, day);
  if (!shaped || civil.year() != year || civil.month() != month || civil.day() != day) {
    return absl::InvalidArgumentError("a day must exist and have the form YYYY-MM-DD");
  }
  return Day::Of(year, month, day);
}

Day DayOfMicros(int64_t micros) {
  const int64_t local = micros + kZoneOffset;
  int64_t days = local / kMicrosPerDay;
  if (local % kMicrosPerDay < 0) --days;
  return Day(static_cast<int32_t>(days));
}

int64_t MicrosOfNoon(Day day) { return int64_t{day.number()} * kMicrosPerDay + 12 * kMicrosPerHour - kZoneOffset; }

}  // namespace dangjian
