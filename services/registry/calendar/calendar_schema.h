#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/calendar.pb.h"

namespace dangjian::registry {

// Tags 0x0150–0x015F.
inline constexpr uint16_t kCalendarTable = 0x0150;

inline storage::TableSchema<v1::Calendar> CalendarSchema() {
  return {.tag = kCalendarTable, .collection = "calendars"};
}

}  // namespace dangjian::registry
