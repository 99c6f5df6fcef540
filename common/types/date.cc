#include "common/types/date.h"

#include "absl/time/civil_time.h"

namespace dangjian {

std::optional<Day> DayFromProto(const google::type::Date& date) {
  if (date.year() < 1 || date.year() > 9999) return std::nullopt;
  const absl::CivilDay civil(date.year(), date.month(), date.day());
  if (civil.year() != date.year() || civil.month() != date.month() || civil.day() != date.day()) return std::nullopt;
  return Day::Of(date.year(), date.month(), date.day());
}

Day DayOr(const google::type::Date& date, Day fallback) { return DayFromProto(date).value_or(fallback); }

google::type::Date DayToProto(Day day) {
  const absl::CivilDay civil = day.civil();
  google::type::Date date;
  date.set_year(static_cast<int32_t>(civil.year()));
  date.set_month(civil.month());
  date.set_day(civil.day());
  return date;
}

std::optional<DayRange> DaysFromProto(const common::v1::Period& period) {
  const std::optional<Day> first = DayFromProto(period.start_date());
  const std::optional<Day> last = DayFromProto(period.end_date());
  if (!first.has_value() || !last.has_value() || *last < *first) return std::nullopt;
  return DayRange{*first, *last};
}

common::v1::Period DaysToProto(DayRange days) {
  common::v1::Period period;
  *period.mutable_start_date() = DayToProto(days.first);
  *period.mutable_end_date() = DayToProto(days.last);
  return period;
}

}  // namespace dangjian
