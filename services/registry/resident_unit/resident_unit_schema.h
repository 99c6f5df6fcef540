#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/resident_unit.pb.h"

namespace dangjian::registry {

// Tags 0x0190–0x019F.
inline constexpr uint16_t kResidentUnitTable = 0x0190;
inline constexpr uint16_t kResidentUnitByOrganization = 0x0191;  // organisation
inline constexpr uint16_t kResidentUnitByCode = 0x0192;  // unified social credit code; unique, only when it is set

// 驻区单位数: units located in the area, by kind.
extern const storage::MeasureDef kResidentUnits;

storage::TableSchema<v1::ResidentUnit> ResidentUnitSchema();

}  // namespace dangjian::registry
