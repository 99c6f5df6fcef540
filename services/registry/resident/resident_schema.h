#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/resident.pb.h"

namespace dangjian::registry {

// Tags 0x0180–0x018F.
inline constexpr uint16_t kResidentTable = 0x0180;
inline constexpr uint16_t kResidentByOrganization = 0x0181;           // of the newest residence
inline constexpr uint16_t kResidentByRegisteredHousehold = 0x0182;    // newest of that kind
inline constexpr uint16_t kResidentBySharedLivingHousehold = 0x0183;  // newest of that kind

// The index that finds the people of a household of that kind.
uint16_t ResidentIndexOf(v1::HouseholdKind kind);

// 居民人数: those who live there, permanently or for a time, at the organisation of the residence.
extern const storage::MeasureDef kResidents;
// 标签人数: residents who bear a mark on a day on which they count, by mark.
extern const storage::MeasureDef kResidentsTagged;

storage::TableSchema<v1::Resident> ResidentSchema();

}  // namespace dangjian::registry
