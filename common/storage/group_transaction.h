#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/kv_store.h"

// Private to common/storage: what a group of transactions has written before it is committed.

namespace dangjian::storage {

// Key → value, nullopt for a deleted key. Ordered, because scans merge it with the engine's own order and because
// engines insert a sorted batch faster; with some ten keys a transaction, finding a key costs less than one read of the
// engine.
using WriteSet = absl::btree_map<std::string, std::optional<std::string>, std::less<>>;

// One transaction of a group: reads its own writes over those of the group over the committed state; keeps its writes
// apart until Accept. Not thread-safe.
class GroupTransaction final : public KvTxn {
 public:
  // `committed` and `group` must outlive the transaction; `group` changes only through Accept.
  GroupTransaction(const Reader& committed, WriteSet& group, int64_t revision)
      : committed_(committed), group_(group), revision_(revision) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override;
  std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const override;

  int64_t revision() const override { return revision_; }
  void Put(std::string_view key, std::string_view value) override;
  void Delete(std::string_view key) override;
  void Add(std::string_view key, int64_t delta) override;
  void OnAccept(std::function<void()> effect) override { effects_.push_back(std::move(effect)); }

  // True when the transaction changes the store, and so needs a revision.
  bool wrote() const { return !writes_.empty() || !adds_.empty(); }
  // Bytes of the keys and values written.
  size_t bytes() const { return bytes_; }

  // Moves the writes, with the cells summed to absolute values, into the group. On an error (a sum that leaves 64 bits,
  // a damaged cell) the group is as before.
  absl::Status Accept();
  // The effects, in the order in which they were registered.
  std::vector<std::function<void()>> TakeEffects() { return std::move(effects_); }

 private:
  // The write of this transaction or of the group to `key`; nullptr when neither wrote it.
  const std::optional<std::string>* FindWrite(std::string_view key) const;

  const Reader& committed_;
  WriteSet& group_;
  const int64_t revision_;
  WriteSet writes_;
  absl::btree_map<std::string, int64_t> adds_;
  bool add_overflow_ = false;
  size_t bytes_ = 0;
  std::vector<std::function<void()>> effects_;
};

}  // namespace dangjian::storage
