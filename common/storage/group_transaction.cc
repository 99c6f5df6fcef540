#include "common/storage/group_transaction.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/storage/key_codec.h"

namespace dangjian::storage {
namespace {

using Write = WriteSet::value_type;

// The half-open range [begin, end) of `writes`; an empty `end` is no bound.
std::pair<WriteSet::const_iterator, WriteSet::const_iterator> Range(const WriteSet& writes, std::string_view begin,
                                                                    std::string_view end) {
  if (!end.empty() && end <= begin) return {writes.end(), writes.end()};
  return {writes.lower_bound(begin), end.empty() ? writes.end() : writes.lower_bound(end)};
}

// A committed range with writes laid over it.
class OverlayCursor final : public Cursor {
 public:
  // `own` hides `group`. `own` is copied, because its transaction goes on writing while the cursor walks.
  OverlayCursor(std::unique_ptr<Cursor> base, WriteSet own, WriteSet::const_iterator group,
                WriteSet::const_iterator group_end)
      : base_(std::move(base)), own_(std::move(own)) {
    auto mine = own_.cbegin();
    while (mine != own_.cend() || group != group_end) {
      const bool take_mine = group == group_end || (mine != own_.cend() && mine->first <= group->first);
      if (take_mine && group != group_end && mine->first == group->first) ++group;
      overlay_.push_back(take_mine ? &*mine++ : &*group++);
    }
    Settle();
  }

  bool Valid() const override { return at_overlay_ || base_->Valid(); }

  void Next() override {
    if (at_overlay_) {
      ++position_;
    } else {
      base_->Next();
    }
    Settle();
  }

  std::string_view key() const override {
    return at_overlay_ ? std::string_view(overlay_[position_]->first) : base_->key();
  }
  std::string_view value() const override {
    return at_overlay_ ? std::string_view(*overlay_[position_]->second) : base_->value();
  }
  absl::Status status() const override { return base_->status(); }

 private:
  // Finds the next entry from the present positions: skips deletions and what the overlay hides.
  void Settle() {
    for (at_overlay_ = false; position_ < overlay_.size(); ++position_) {
      const Write& write = *overlay_[position_];
      if (!base_->Valid() && !base_->status().ok()) return;  // the walk ends where the base failed
      if (base_->Valid() && base_->key() < write.first) return;
      if (base_->Valid() && base_->key() == write.first) base_->Next();
      if (write.second.has_value()) {
        at_overlay_ = true;
        return;
      }
    }
  }

  std::unique_ptr<Cursor> base_;
  const WriteSet own_;
  std::vector<const Write*> overlay_;
  size_t position_ = 0;
  bool at_overlay_ = false;  // the entry shown is overlay_[position_], else the base's
};

absl::Status CellOverflow() { return absl::OutOfRangeError("the sum of a measure does not fit 64 bits"); }

}  // namespace

const std::optional<std::string>* GroupTransaction::FindWrite(std::string_view key) const {
  if (const auto own = writes_.find(key); own != writes_.end()) return &own->second;
  if (const auto grouped = group_.find(key); grouped != group_.end()) return &grouped->second;
  return nullptr;
}

absl::StatusOr<std::optional<std::string>> GroupTransaction::Get(std::string_view key) const {
  if (const auto* write = FindWrite(key); write != nullptr) return *write;
  return committed_.Get(key);
}

absl::StatusOr<std::vector<std::optional<std::string>>> GroupTransaction::MultiGet(
    std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::string> missing;
  std::vector<size_t> positions;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (const auto* write = FindWrite(keys[i]); write != nullptr) {
      values[i] = *write;
    } else {
      missing.push_back(keys[i]);
      positions.push_back(i);
    }
  }
  if (missing.empty()) return values;
  ASSIGN_OR_RETURN(std::vector<std::optional<std::string>> read, committed_.MultiGet(missing));
  for (size_t i = 0; i < positions.size(); ++i) values[positions[i]] = std::move(read[i]);
  return values;
}

std::unique_ptr<Cursor> GroupTransaction::Scan(std::string_view begin, std::string_view end) const {
  const auto [own, own_end] = Range(writes_, begin, end);
  const auto [group, group_end] = Range(group_, begin, end);
  std::unique_ptr<Cursor> base = committed_.Scan(begin, end);
  if (own == own_end && group == group_end) return base;
  return std::make_unique<OverlayCursor>(std::move(base), WriteSet(own, own_end), group, group_end);
}

void GroupTransaction::Put(std::string_view key, std::string_view value) {
  bytes_ += key.size() + value.size();
  writes_.insert_or_assign(std::string(key), std::string(value));
}

void GroupTransaction::Delete(std::string_view key) {
  bytes_ += key.size();
  writes_.insert_or_assign(std::string(key), std::nullopt);
}

void GroupTransaction::Add(std::string_view key, int64_t delta) {
  if (delta == 0) return;
  const auto [cell, inserted] = adds_.try_emplace(std::string(key), 0);
  if (inserted) bytes_ += key.size() + sizeof(int64_t);
  if (__builtin_add_overflow(cell->second, delta, &cell->second)) add_overflow_ = true;
}

absl::Status GroupTransaction::Accept() {
  if (add_overflow_) return CellOverflow();
  // The cells are read once for each transaction and not once for the group, so that later transactions read true sums
  // and an overflow falls on the one that caused it. A cell that the group has already touched costs no read.
  std::vector<std::string> cells;
  cells.reserve(adds_.size());
  for (const auto& [key, delta] : adds_) cells.push_back(key);
  ASSIGN_OR_RETURN(const std::vector<std::optional<std::string>> before, MultiGet(cells));
  std::vector<int64_t> sums(cells.size());
  for (size_t i = 0; const auto& [key, delta] : adds_) {
    int64_t value = 0;
    if (before[i].has_value()) {
      ASSIGN_OR_RETURN(value, DecodeCell(*before[i]));
    }
    if (__builtin_add_overflow(value, delta, &sums[i++])) return CellOverflow();
  }
  while (!writes_.empty()) {
    auto write = writes_.extract(writes_.begin());
    group_.insert_or_assign(std::move(write.key()), std::move(write.mapped()));
  }
  for (size_t i = 0; i < cells.size(); ++i) {
    std::optional<std::string> value;
    if (sums[i] != 0) value = EncodeCell(sums[i]);
    group_.insert_or_assign(std::move(cells[i]), std::move(value));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::storage
