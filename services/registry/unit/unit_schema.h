#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/unit.pb.h"

namespace dangjian::registry {

// Tags 0x0160–0x016F.
inline constexpr uint16_t kUnitTable = 0x0160;

inline storage::TableSchema<v1::Unit> UnitSchema() { return {.tag = kUnitTable, .collection = "units"}; }

}  // namespace dangjian::registry
