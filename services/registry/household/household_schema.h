#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/household.pb.h"

namespace dangjian::registry {

// Tags 0x0170–0x017F.
inline constexpr uint16_t kHouseholdTable = 0x0170;
inline constexpr uint16_t kHouseholdByOrganization = 0x0171;  // organisation

// 居民户数: households in the area, by kind. The two kinds are over the same people: never add them.
extern const storage::MeasureDef kHouseholds;
// 标签户数: households that bear a mark on a day on which they count, by mark.
extern const storage::MeasureDef kHouseholdsTagged;

storage::TableSchema<v1::Household> HouseholdSchema();

}  // namespace dangjian::registry
