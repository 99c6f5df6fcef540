#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/member.pb.h"

namespace dangjian::registry {

// Tags 0x0110–0x011F.
inline constexpr uint16_t kMemberTable = 0x0110;
inline constexpr uint16_t kMemberByOrganization = 0x0111;  // organisation of the newest relation; live members only
inline constexpr uint16_t kMemberByStatus = 0x0112;        // status

// 党员数: a live member counts in the organisation of the relation, by status. Suspended members count under SUSPENDED.
extern const storage::MeasureDef kMembers;

storage::TableSchema<v1::Member> MemberSchema();

}  // namespace dangjian::registry
