#pragma once

#include <cstdint>

#include "common/storage/table_schema.h"
#include "dangjian/registry/v1/transfer.pb.h"

namespace dangjian::registry {

// Tags 0x0120–0x012F.
inline constexpr uint16_t kTransferTable = 0x0120;
inline constexpr uint16_t kTransferByMember = 0x0121;  // member
inline constexpr uint16_t kTransferByFrom = 0x0122;    // sender
inline constexpr uint16_t kTransferByTo = 0x0123;      // receiver
inline constexpr uint16_t kTransferOpen = 0x0124;      // member; open transfers only, unique

storage::TableSchema<v1::MemberTransfer> MemberTransferSchema();

}  // namespace dangjian::registry
