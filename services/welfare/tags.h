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

// Payments: 0x0350–0x037F.
inline constexpr uint16_t kPaymentBatch = 0x0350;
inline constexpr uint16_t kPaymentBatchByOrganization = 0x0351;
inline constexpr uint16_t kPaymentLine = 0x0360;
inline constexpr uint16_t kPaymentLineByBatch = 0x0361;
inline constexpr uint16_t kPaymentLineByCase = 0x0362;
inline constexpr uint16_t kPaymentLineByPayee = 0x0363;
inline constexpr uint16_t kPaymentLineFailed = 0x0364;
inline constexpr uint16_t kLedgerEntry = 0x0370;
inline constexpr uint16_t kLedgerEntryByBatch = 0x0371;
inline constexpr uint16_t kLedgerEntryByOrganization = 0x0372;
inline constexpr uint16_t kStopListEntry = 0x0378;
inline constexpr uint16_t kStopListEntryBySubject = 0x0379;

// Measures.
inline constexpr uint16_t kLedgerBalance = 0x0311;
inline constexpr uint16_t kMlsPaid = 0x0312;
inline constexpr uint16_t kMlsLinesFailed = 0x0313;

}  // namespace dangjian::welfare::tags
