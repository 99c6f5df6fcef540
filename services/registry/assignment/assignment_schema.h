#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/assignment.pb.h"

namespace dangjian::registry {

// Tags 0x0140–0x014F.
inline constexpr uint16_t kAssignmentTable = 0x0140;
inline constexpr uint16_t kAssignmentByOrganization = 0x0141;  // organisation
inline constexpr uint16_t kAssignmentByMember = 0x0142;        // member

// 领导小组数: a leading group exists while it has a chair; by kind of organisation and whether its secretary chairs it.
extern const storage::MeasureDef kLeadingGroups;
// 联系包抓社区数: communities that have a liaison.
extern const storage::MeasureDef kCommitteeLiaisons;
// 党建指导员数.
extern const storage::MeasureDef kPartyBuildingInstructors;

storage::TableSchema<v1::Assignment> AssignmentSchema();

}  // namespace dangjian::registry
