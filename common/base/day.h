#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace dangjian {

// A calendar day in the business zone. Totally ordered; the difference of two days is a number of days.
class Day {
 public:
  constexpr Day() = default;
  constexpr explicit Day(int32_t days_since_1970) : days_(days_since_1970) {}
  // The day must exist: use ParseDay for text that people typed.
  static Day Of(int year, int month, int day);
  static constexpr Day Min() { return Day(std::numeric_limits<int32_t>::min()); }
  static constexpr Day Max() { return Day(std::numeric_limits<int32_t>::max()); }

  constexpr int32_t number() const { return days_; }
  absl::CivilDay civil() const { return absl::CivilDay(1970, 1, 1) + days_; }
  int year() const { return static_cast<int>(civil().year()); }
  int month() const { return civil().month(); }

  constexpr auto operator<=>(const Day&) const = default;
  // Min() and Max() stand for "always": nothing lies before or after them.
  constexpr Day operator+(int32_t days) const { return Clamp(int64_t{days_} + days); }
  constexpr Day operator-(int32_t days) const { return Clamp(int64_t{days_} - days); }
  constexpr int32_t operator-(Day other) const { return days_ - other.days_; }

 private:
  static constexpr Day Clamp(int64_t days) {
    if (days < Min().days_) return Min();
    return days > Max().days_ ? Max() : Day(static_cast<int32_t>(days));
  }

  int32_t days_ = 0;
};

// Both ends included.
struct DayRange {
  Day first;
  Day last;
  bool Contains(Day day) const { return first <= day && day <= last; }
  bool operator==(const DayRange&) const = default;
};

// `2024-06-30`.
std::string FormatDay(Day day);
// Accepts exactly `YYYY-MM-DD` in digits with a day that exists; INVALID_ARGUMENT otherwise.
absl::StatusOr<Day> ParseDay(std::string_view text);
// The business day (UTC+8) of an instant given in microseconds since 1970-01-01T00:00:00Z.
Day DayOfMicros(int64_t micros);
// 12:00 in the business zone, in microseconds since 1970-01-01T00:00:00Z. The day must lie within 290,000 years of
// 1970.
int64_t MicrosOfNoon(Day day);

}  // namespace dangjian
