#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/organization.pb.h"

namespace dangjian::registry {

// Tags 0x0100–0x010F.
inline constexpr uint16_t kOrganizationTable = 0x0100;
inline constexpr uint16_t kOrganizationByKind = 0x0101;                  // kind
inline constexpr uint16_t kOrganizationByAdministrativeParent = 0x0102;  // newest administrative parent
inline constexpr uint16_t kOrganizationByPartyParent = 0x0103;           // newest Party parent

// 组织数: an organisation counts on itself and all above it from its activation up to the day before its dissolution.
extern const storage::MeasureDef kOrganizations;
// 办公场所搬迁次数: office relocations, on the first day at the new address.
extern const storage::MeasureDef kOfficeRelocations;
// 辖区面积: the area in force, in millionths of a square kilometre, at the organisation itself. What stands above sums
// what is entered on every level below: areas are entered on one level of a tree only.
extern const storage::MeasureDef kOrganizationArea;

storage::TableSchema<v1::Organization> OrganizationSchema();

}  // namespace dangjian::registry
