#include "common/storage/rocksdb_database.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/table.h"

namespace dangjian::storage {
namespace {

constexpr size_t kProtectionBytes = 8;  // per key, in the memtable: finds bytes that flipped in memory
constexpr size_t kMemtableBytes = size_t{16} << 20;

using Log = std::function<void(std::string_view)>;

// Passes warnings and errors of the engine on to a Log; RocksDB then writes no log file of its own.
class EngineLogger final : public rocksdb::Logger {
 public:
  explicit EngineLogger(Log log) : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), log_(std::move(log)) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char line[1024];
    const int length = std::vsnprintf(line, sizeof(line), format, arguments);
    if (length > 0) log_(std::string_view(line, std::min(static_cast<size_t>(length), sizeof(line) - 1)));
  }
  void LogHeader(const char*, va_list) override {}

 private:
  const Log log_;
};

// Notes that the engine stopped taking writes, and keeps it from resuming by itself: what was in doubt when it failed
// is decided by a restart, which reads the disk again. Lesser errors, of a compaction that found no room, it mends
// itself.
class FailureWatch final : public rocksdb::EventListener {
 public:
  FailureWatch(Log log, std::shared_ptr<std::atomic<bool>> failed) : log_(std::move(log)), failed_(std::move(failed)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    log_(absl::StrCat("store: work in the background failed: ", error->ToString()));
    if (error->severity() >= rocksdb::Status::Severity::kHardError) *failed_ = true;
  }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status error, bool* auto_recovery) override {
    if (error.severity() >= rocksdb::Status::Severity::kHardError) *auto_recovery = false;
  }

 private:
  const Log log_;
  const std::shared_ptr<std::atomic<bool>> failed_;
};

}  // namespace

absl::Status RocksDbDatabase::ReadError(const rocksdb::Status& status) const {
  common->log(absl::StrCat("store: read failed: ", status.ToString()));
  if (status.IsCorruption()) return absl::DataLossError("stored bytes do not match their checksum");
  return absl::UnavailableError("the store could not be read");
}

rocksdb::Options RocksDbEngineOptions(std::shared_ptr<rocksdb::Cache> cache, Log log) {
  rocksdb::Options options;
  // Nothing acknowledged may be lost unnoticed.
  options.create_if_missing = false;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  options.track_and_verify_wals_in_manifest = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.paranoid_checks = true;
  options.paranoid_file_checks = true;
  options.force_consistency_checks = true;
  options.flush_verify_memtable_count = true;
  options.memtable_protection_bytes_per_key = kProtectionBytes;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.allow_data_in_errors = false;  // keys hold personal data
  // Bounds the log that a start after a crash reads again, at about 50 ms a MB.
  options.write_buffer_size = kMemtableBytes;
  options.max_write_buffer_number = 4;
  options.max_total_wal_size = 2 * kMemtableBytes;
  options.max_open_files = -1;
  options.max_background_jobs = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  // Most writes first ask for keys that are not there yet.
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.info_log = std::make_shared<EngineLogger>(std::move(log));

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  // In pieces: the filter of a whole file outgrows a shard of the cache and would be read again for every key.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Status OpenRocksDb(const std::shared_ptr<RocksDbCommon>& common, const RocksDbOpening& opening,
                            std::shared_ptr<RocksDbDatabase>* database) {
  auto opened = std::make_shared<RocksDbDatabase>();
  opened->common = common;
  opened->read_only = opening.read_only;
  opened->failed = std::make_shared<std::atomic<bool>>(false);
  rocksdb::Options options = RocksDbEngineOptions(common->cache, common->log);
  options.statistics = common->statistics;
  options.wal_recovery_mode = opening.recovery;
  options.listeners.push_back(std::make_shared<FailureWatch>(common->log, opened->failed));
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = opening.read_only
                                     ? rocksdb::DB::OpenForReadOnly(options, common->folder.engine_path(), &raw)
                                     : rocksdb::DB::Open(options, common->folder.engine_path(), &raw);
  opened->db.reset(raw);
  if (status.ok()) *database = std::move(opened);
  return status;
}

}  // namespace dangjian::storage
