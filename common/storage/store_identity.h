#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/storage/group_transaction.h"
#include "common/storage/kv_store.h"

// Private to common/storage: what a store says of itself. Format: docs/storage_format.md.

namespace dangjian::storage {

inline constexpr int64_t kFormatVersion = 3;

struct StoreIdentity {
  std::string service;  // whose records it holds: `registry`
  std::string id;       // 32 hexadecimal digits, drawn at random by init and kept for good
  std::string epoch;    // 16 hexadecimal digits, drawn anew when the store is restored: see KvStore::epoch
};

// A new store's identity.
StoreIdentity NewStoreIdentity(std::string_view service);

// The writes that a new store begins with.
WriteSet FirstWrites(const StoreIdentity& identity);

// DATA_LOSS when the store does not describe itself; FAILED_PRECONDITION when its format is not kFormatVersion. The
// messages continue "the store in <path> …".
absl::StatusOr<StoreIdentity> ReadIdentity(const Reader& reader);

}  // namespace dangjian::storage
