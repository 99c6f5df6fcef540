#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "common/storage/kv_store.h"
#include "common/storage/measure_store_keys.h"
#include "common/storage/org_tree.h"

namespace dangjian::storage {

// What a change of contributions does to cells and presence rows, gathered so that what cancels out costs nothing.
// Effects commute: applying two of them in any order leaves the same store. Not thread-safe.
class MeasureEffects {
 public:
  // A presence row and what happens to it.
  struct PresenceChange {
    const MeasureDef* measure;
    std::string organization;
    PresenceDays days;  // differences; may hold zeros
  };

  // `sign` is +1 for a contribution that appears, -1 for one that goes. OUT_OF_RANGE when a difference exceeds 64 bits.
  absl::Status Add(const LineageEntry& entry, const std::vector<Landing>& landings, int64_t sign);
  void AddPresence(const MeasureDef& measure, std::string_view organization, std::string_view subject, Day day,
                   int64_t difference);
  absl::Status AddCell(std::string key, int64_t difference);

  // Writes the differences: cells by Add, presence rows by reading and writing, and the counts that follow from them.
  absl::Status Apply(KvTxn& kv) const;

  // The same in parts of at most `keys` keys.
  std::vector<MeasureEffects> Split(size_t keys) const;

  // Differences by key; may hold zeros.
  const absl::btree_map<std::string, int64_t>& cells() const { return cells_; }
  const absl::btree_map<std::string, PresenceChange>& presence() const { return presence_; }

 private:
  absl::btree_map<std::string, int64_t> cells_;
  absl::btree_map<std::string, PresenceChange> presence_;
};

}  // namespace dangjian::storage
