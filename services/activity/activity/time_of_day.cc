#include "services/activity/activity/time_of_day.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"

namespace dangjian::activity {

int32_t MinuteOfDay(std::string_view text) {
  if (text.size() != 5) return -1;
  const auto digit = [text](size_t i) { return static_cast<int32_t>(text[i] - '0'); };
  return (digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4);
}

void CheckTimes(std::string_view prefix, std::string_view start, std::string_view end, Violations& violations) {
  const std::string path = absl::StrCat(ToAbsl(prefix), ".end_time");
  if (start.empty() != end.empty()) {
    violations.Add(path, reasons::kTimesIncomplete, "both times or neither");
  } else if (!start.empty() && MinuteOfDay(end) <= MinuteOfDay(start)) {
    violations.Add(path, reasons::kTimesOutOfOrder, "ends before it begins");
  }
}

}  // namespace dangjian::activity
