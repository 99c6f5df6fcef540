#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the welfare service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::welfare::tags {

// Tables; an index has its table's tag plus its position.

// Minimum living security: 0x0300–0x034F.
inline constexpr uint16_t kMlsAward = storage::keyspace::kWelfareFirst;
inline constexpr uint16_t kMlsAwardByCase = 0x0301;
inline constexpr uint16_t kMlsAwardByOrganization = 0x0302;

// Measures.

}  // namespace dangjian::welfare::tags
