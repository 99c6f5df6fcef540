#pragma once

#include <cstdint>

// Every 2-byte table tag of the suite. A tag is never reused for another purpose. Documented in docs/storage_format.md.

namespace dangjian::storage::keyspace {

// The store itself.
inline constexpr uint16_t kMeta = 0x0001;          // name → last revision, epoch, format version
inline constexpr uint16_t kCommit = 0x0002;        // revision → Commit
inline constexpr uint16_t kReplay = 0x0003;        // caller, method, request_id → Replay
inline constexpr uint16_t kHistory = 0x0004;       // table tag, id, revision descending → Row
inline constexpr uint16_t kChain = 0x0005;         // newest revision of a group → ChainLink
inline constexpr uint16_t kCell = 0x0010;          // measure, organisation, day, qualifier, dimensions → int64
inline constexpr uint16_t kContribution = 0x0011;  // measure, organisation, day, table tag, id, ordinal → Contribution
inline constexpr uint16_t kPresence = 0x0012;      // measure, organisation, subject → Presence
inline constexpr uint16_t kPresenceCount = 0x0013;  // measure, organisation, period kind, period start → int64
inline constexpr uint16_t kSubjectRecord = 0x0014;  // measure, subject, day, table tag, id, ordinal → organisation

// Registry: tables 0x0100–0x01FF, their indexes follow their table. See services/registry/*/…_schema.cc.
inline constexpr uint16_t kRegistryFirst = 0x0100;
// Pledge: tables 0x0200–0x02FF.
inline constexpr uint16_t kPledgeFirst = 0x0200;
// Welfare: tables 0x0300–0x03FF.
inline constexpr uint16_t kWelfareFirst = 0x0300;
// Activity: tables 0x0400–0x04FF.
inline constexpr uint16_t kActivityFirst = 0x0400;
// Directory replicas of other services' records: 0x0F00–0x0FFF.
inline constexpr uint16_t kDirectoryFirst = 0x0F00;

}  // namespace dangjian::storage::keyspace
