#include <optional>
#include <utility>
#include <vector>

#include "common/storage/rocksdb_database.h"

// RocksDB behind the port's Reader and Cursor.

namespace dangjian::storage {
namespace {

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ToView(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

class RocksDbCursor final : public Cursor {
 public:
  RocksDbCursor(std::shared_ptr<const RocksDbDatabase> database, rocksdb::ReadOptions options, std::string_view begin,
                std::string_view end)
      : database_(std::move(database)), end_(end), upper_bound_(end_) {
    if (!end_.empty()) options.iterate_upper_bound = &upper_bound_;
    iterator_.reset(database_->db->NewIterator(options));
    iterator_->Seek(ToSlice(begin));
  }

  bool Valid() const override { return iterator_->Valid(); }
  void Next() override { iterator_->Next(); }
  std::string_view key() const override { return ToView(iterator_->key()); }
  std::string_view value() const override { return ToView(iterator_->value()); }
  absl::Status status() const override {
    const rocksdb::Status status = iterator_->status();
    return status.ok() ? absl::OkStatus() : database_->ReadError(status);
  }

 private:
  const std::shared_ptr<const RocksDbDatabase> database_;
  const std::string end_;
  const rocksdb::Slice upper_bound_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

// A range that ends before it begins.
class EmptyCursor final : public Cursor {
 public:
  bool Valid() const override { return false; }
  void Next() override {}
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  absl::Status status() const override { return absl::OkStatus(); }
};

class RocksDbSnapshot final : public Snapshot {
 public:
  RocksDbSnapshot(std::shared_ptr<const RocksDbDatabase> database, int64_t revision)
      : database_(std::move(database)), revision_(revision) {
    options_.snapshot = database_->db->GetSnapshot();
  }
  ~RocksDbSnapshot() override { database_->db->ReleaseSnapshot(options_.snapshot); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    std::string value;
    const rocksdb::Status status =
        database_->db->Get(options_, database_->db->DefaultColumnFamily(), ToSlice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return database_->ReadError(status);
    return value;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> read(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    database_->db->MultiGet(options_, database_->db->DefaultColumnFamily(), keys.size(), slices.data(), read.data(),
                            statuses.data());
    std::vector<std::optional<std::string>> values(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return database_->ReadError(statuses[i]);
      values[i].emplace(read[i].data(), read[i].size());
    }
    return values;
  }

  std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const override {
    if (!end.empty() && end <= begin) return std::make_unique<EmptyCursor>();
    return std::make_unique<RocksDbCursor>(database_, options_, begin, end);
  }

  int64_t revision() const override { return revision_; }

 private:
  const std::shared_ptr<const RocksDbDatabase> database_;
  const int64_t revision_;
  rocksdb::ReadOptions options_;
};

}  // namespace

std::shared_ptr<const Snapshot> TakeRocksDbSnapshot(std::shared_ptr<const RocksDbDatabase> database, int64_t revision) {
  return std::make_shared<RocksDbSnapshot>(std::move(database), revision);
}

}  // namespace dangjian::storage
