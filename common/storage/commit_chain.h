#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/storage/group_transaction.h"
#include "common/storage/kv_store.h"

// Private to common/storage: the chain of digests over all commits, by which a store notices that commits are missing
// in its middle. An engine cannot: to it a log that lost its beginning, or an older list of files beside newer logs, is
// a shorter history. Format: docs/storage_format.md.

namespace dangjian::storage {

// A place in the chain: what all commits up to a revision amount to.
struct ChainPosition {
  int64_t revision = 0;
  std::string digest;  // 32 bytes
  bool operator==(const ChainPosition&) const = default;
};

// Key of the link that the group ending at `revision` added.
std::string ChainKey(int64_t revision);
// Key of the cell that counts the starts in which something was written.
std::string StartsKey();

// The position before the first commit of the store with this id.
ChainPosition ChainBeginning(std::string_view store_id);

// Adds to a group that ends at `revision` its link, which names what it follows and covers every write of the group.
// `start` is the number of the store's present start: a copy of a store that goes its own way counts its starts itself,
// so whoever compares two chains sees where they part. Returns the position behind the group.
ChainPosition SealGroup(const ChainPosition& before, int64_t start, int64_t revision, WriteSet& writes);

// The position at `revision`, the newest of the store. DATA_LOSS when its link is missing or malformed.
absl::StatusOr<ChainPosition> ChainEnd(const Reader& reader, std::string_view store_id, int64_t revision);

// Walks the links from `from`, a position that was found good before (the beginning: all of them), to `last_revision`.
// Each must follow the one before it. DATA_LOSS naming the first revisions that do not. Costs about 0.3 s for a million
// groups.
absl::Status CheckChain(const Reader& reader, const ChainPosition& from, int64_t last_revision);

}  // namespace dangjian::storage
