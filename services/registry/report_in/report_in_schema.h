#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/report_in.pb.h"

namespace dangjian::registry {

// Tags 0x0130–0x013F.
inline constexpr uint16_t kReportInTable = 0x0130;
inline constexpr uint16_t kReportInByOrganization = 0x0131;  // host
inline constexpr uint16_t kReportInByMember = 0x0132;        // member, host; only those with a member

// 在职党员报到数: counts in the host, never among its members.
extern const storage::MeasureDef kCommunityReportIns;

storage::TableSchema<v1::CommunityReportIn> CommunityReportInSchema();

}  // namespace dangjian::registry
