#include "common/storage/rocksdb_kv_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/ack_file.h"
#include "common/storage/group_committer.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/statistics.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"

// The only file that knows RocksDB.

namespace dangjian::storage {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kFormatVersion = 2;
constexpr size_t kProtectionBytes = 8;  // per key, from the batch to the memtable: finds bytes that flipped in memory
constexpr size_t kMemtableBytes = size_t{16} << 20;

using Log = std::function<void(std::string_view)>;

std::string EngineDirectory(const std::string& path) { return path + "/db"; }
std::string AckPath(const std::string& path) { return path + "/acked"; }
std::string FormatKey() { return KeyWriter(keyspace::kMeta).Text("format").str(); }
std::string EpochKey() { return KeyWriter(keyspace::kMeta).Text("epoch").str(); }

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

rocksdb::Options EngineOptions(std::shared_ptr<rocksdb::Cache> cache, Log log) {
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

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ToView(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// An open database and what must live as long as it: shared by the store and its snapshots.
struct Handle {
  Log log;
  std::optional<AckFile> acked;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::Statistics> statistics;
  std::unique_ptr<rocksdb::DB> db;

  absl::Status ReadError(const rocksdb::Status& status) const {
    log(absl::StrCat("store: read failed: ", status.ToString()));
    if (status.IsCorruption()) return absl::DataLossError("stored bytes do not match their checksum");
    return absl::UnavailableError("the store could not be read");
  }
};

class RocksDbCursor final : public Cursor {
 public:
  RocksDbCursor(std::shared_ptr<const Handle> handle, rocksdb::ReadOptions options, std::string_view begin,
                std::string_view end)
      : handle_(std::move(handle)), end_(end), upper_bound_(end_) {
    if (!end_.empty()) options.iterate_upper_bound = &upper_bound_;
    iterator_.reset(handle_->db->NewIterator(options));
    iterator_->Seek(ToSlice(begin));
  }

  bool Valid() const override { return iterator_->Valid(); }
  void Next() override { iterator_->Next(); }
  std::string_view key() const override { return ToView(iterator_->key()); }
  std::string_view value() const override { return ToView(iterator_->value()); }
  absl::Status status() const override {
    const rocksdb::Status status = iterator_->status();
    return status.ok() ? absl::OkStatus() : handle_->ReadError(status);
  }

 private:
  const std::shared_ptr<const Handle> handle_;
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
  RocksDbSnapshot(std::shared_ptr<const Handle> handle, int64_t revision)
      : handle_(std::move(handle)), revision_(revision) {
    options_.snapshot = handle_->db->GetSnapshot();
  }
  ~RocksDbSnapshot() override { handle_->db->ReleaseSnapshot(options_.snapshot); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    std::string value;
    const rocksdb::Status status = handle_->db->Get(options_, handle_->db->DefaultColumnFamily(), ToSlice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return handle_->ReadError(status);
    return value;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> read(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    handle_->db->MultiGet(options_, handle_->db->DefaultColumnFamily(), keys.size(), slices.data(), read.data(),
                          statuses.data());
    std::vector<std::optional<std::string>> values(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return handle_->ReadError(statuses[i]);
      values[i].emplace(read[i].data(), read[i].size());
    }
    return values;
  }

  std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const override {
    if (!end.empty() && end <= begin) return std::make_unique<EmptyCursor>();
    return std::make_unique<RocksDbCursor>(handle_, options_, begin, end);
  }

  int64_t revision() const override { return revision_; }

 private:
  const std::shared_ptr<const Handle> handle_;
  const int64_t revision_;
  rocksdb::ReadOptions options_;
};

class RocksDbEngine final : public CommitEngine {
 public:
  explicit RocksDbEngine(std::shared_ptr<Handle> handle) : handle_(std::move(handle)) {}

  Outcome Apply(const WriteSet& writes, int64_t revision) override {
    rocksdb::WriteBatch batch(reserve_, 0, kProtectionBytes, 0);
    rocksdb::Status status;
    for (const auto& [key, value] : writes) {
      status = value.has_value() ? batch.Put(ToSlice(key), ToSlice(*value)) : batch.Delete(ToSlice(key));
      if (!status.ok()) break;
    }
    reserve_ = std::max(reserve_, batch.GetDataSize());
    rocksdb::WriteOptions options;
    options.sync = true;
    if (status.ok()) status = handle_->db->Write(options, &batch);
    const bool failed_before = std::exchange(failed_, !status.ok());
    if (status.ok()) {
      if (failed_before) handle_->log("store: commits work again");
      if (!handle_->acked->Record(revision)) handle_->log("store: the file of acknowledged revisions is not writable");
      return Outcome::kDurable;
    }
    if (!failed_before) handle_->log(absl::StrCat("store: commit failed: ", status.ToString()));
    // Busy: space came back and the engine is about to resume.
    return status.IsNoSpace() || status.IsBusy() ? Outcome::kNoSpace : Outcome::kBroken;
  }

  std::shared_ptr<const Snapshot> TakeSnapshot(int64_t revision) override {
    return std::make_shared<RocksDbSnapshot>(handle_, revision);
  }

 private:
  const std::shared_ptr<Handle> handle_;
  size_t reserve_ = 4096;  // bytes of the largest batch so far
  bool failed_ = false;    // the last commit; only the first failure of a row is logged
};

absl::StatusOr<std::string> ReadMeta(rocksdb::DB& db, const std::string& key) {
  std::string value;
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), key, &value);
  if (!status.ok()) return absl::DataLossError("the store cannot read its own description; restore a backup");
  return value;
}

absl::StatusOr<int64_t> ReadMetaNumber(rocksdb::DB& db, const std::string& key) {
  ASSIGN_OR_RETURN(const std::string value, ReadMeta(db, key));
  return DecodeCell(value);
}

absl::Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the store in ", path, " ", ToAbsl(what), "; keep its files, then restore a backup"));
}

// DATA_LOSS unless the store holds every revision that was acknowledged.
absl::Status CheckAcknowledged(rocksdb::DB& db, const std::string& path, int64_t acknowledged) {
  ASSIGN_OR_RETURN(const int64_t last, ReadMetaNumber(db, LastRevisionKey()));
  if (last >= acknowledged) return absl::OkStatus();
  return Damaged(path, absl::StrFormat("ends at revision %d, but %d was acknowledged", last, acknowledged));
}

// The strict mode refuses a log whose last record was cut short, which is what a kill in the middle of a write leaves.
// Looks without touching a file whether all that was acknowledged is there, and if so makes the engine accept such a
// tail.
rocksdb::Status AcceptUnfinishedTail(const std::string& path, int64_t acknowledged, const Log& log,
                                     rocksdb::Options& options) {
  rocksdb::Options tolerant = options;
  tolerant.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(tolerant, EngineDirectory(path), &raw);
  const std::unique_ptr<rocksdb::DB> db(raw);
  if (!status.ok()) return status;
  if (const absl::Status held = CheckAcknowledged(*db, path, acknowledged); !held.ok()) {
    return rocksdb::Status::Corruption(std::string(held.message()));
  }
  log("store: the log ends in a group that was never acknowledged; dropping it");
  options.wal_recovery_mode = tolerant.wal_recovery_mode;
  return status;
}

absl::Status OpenEngine(const std::string& path, Handle& handle) {
  rocksdb::Options options = EngineOptions(handle.cache, handle.log);
  options.statistics = handle.statistics;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, EngineDirectory(path), &raw);
  if (status.IsCorruption()) {
    handle.log(absl::StrCat("store: strict open refused: ", status.ToString()));
    status = AcceptUnfinishedTail(path, handle.acked->revision(), handle.log, options);
    if (status.ok()) status = rocksdb::DB::Open(options, EngineDirectory(path), &raw);
  }
  handle.db.reset(raw);
  if (status.ok()) return CheckAcknowledged(*handle.db, path, handle.acked->revision());
  handle.log(absl::StrCat("store: open failed: ", status.ToString()));
  if (status.IsCorruption()) return Damaged(path, "is damaged");
  return absl::UnavailableError(absl::StrCat("the store in ", path, " could not be opened; see the log"));
}

absl::Status CheckFormat(rocksdb::DB& db, const std::string& path) {
  ASSIGN_OR_RETURN(const int64_t version, ReadMetaNumber(db, FormatKey()));
  if (version == kFormatVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "the store in %s has format version %d, this program knows %d: run a matching release, or init another directory",
      path, version, kFormatVersion));
}

absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  return synced ? absl::OkStatus() : absl::ErrnoToStatus(error, absl::StrCat("cannot sync ", path));
}

void LogToStderr(std::string_view line) { std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data()); }

// Writes the first rows of a store into a new engine in `directory`.
absl::Status CreateEngine(const std::string& directory) {
  rocksdb::Options options = EngineOptions(rocksdb::NewLRUCache(size_t{1} << 20), LogToStderr);
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, directory, &raw);
  const std::unique_ptr<rocksdb::DB> db(raw);
  rocksdb::WriteBatch batch;
  if (status.ok()) status = batch.Put(FormatKey(), EncodeCell(kFormatVersion));
  if (status.ok()) status = batch.Put(EpochKey(), absl::StrFormat("%016x", RandomBits()));
  if (status.ok()) status = batch.Put(LastRevisionKey(), EncodeCell(0));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (status.ok()) status = db->Write(synced, &batch);
  if (status.ok()) status = db->Close();
  if (status.ok()) return absl::OkStatus();
  LogToStderr(absl::StrCat("store: init failed: ", status.ToString()));
  return absl::UnavailableError(
      absl::StrCat("cannot write a new store to ", directory, ": check space and permissions"));
}

constexpr std::string_view kProperties[] = {"is-write-stopped",
                                            "actual-delayed-write-rate",
                                            "estimate-pending-compaction-bytes",
                                            "num-running-compactions",
                                            "num-running-flushes",
                                            "compaction-pending",
                                            "mem-table-flush-pending",
                                            "cur-size-all-mem-tables",
                                            "num-immutable-mem-table",
                                            "live-sst-files-size",
                                            "total-sst-files-size",
                                            "estimate-num-keys",
                                            "estimate-live-data-size",
                                            "block-cache-usage",
                                            "block-cache-capacity",
                                            "block-cache-pinned-usage",
                                            "estimate-table-readers-mem",
                                            "background-errors",
                                            "num-snapshots",
                                            "oldest-snapshot-time"};

struct NamedTicker {
  rocksdb::Tickers ticker;
  std::string_view name;
  double scale;
};
constexpr NamedTicker kTickers[] = {{rocksdb::BLOCK_CACHE_HIT, "rocksdb_block_cache_hits_total", 1},
                                    {rocksdb::BLOCK_CACHE_MISS, "rocksdb_block_cache_misses_total", 1},
                                    {rocksdb::BYTES_READ, "rocksdb_read_bytes_total", 1},
                                    {rocksdb::BYTES_WRITTEN, "rocksdb_written_bytes_total", 1},
                                    {rocksdb::WAL_FILE_SYNCED, "rocksdb_wal_syncs_total", 1},
                                    {rocksdb::WAL_FILE_BYTES, "rocksdb_wal_bytes_total", 1},
                                    {rocksdb::STALL_MICROS, "rocksdb_stall_seconds_total", 1e-6},
                                    {rocksdb::COMPACT_READ_BYTES, "rocksdb_compaction_read_bytes_total", 1},
                                    {rocksdb::COMPACT_WRITE_BYTES, "rocksdb_compaction_written_bytes_total", 1}};

constexpr std::pair<rocksdb::Histograms, std::string_view> kTimes[] = {
    {rocksdb::DB_GET, "rocksdb_get"},
    {rocksdb::DB_WRITE, "rocksdb_write"},
    {rocksdb::WAL_FILE_SYNC_MICROS, "rocksdb_wal_sync"}};

void AppendEngineStats(const Handle& handle, std::vector<std::pair<std::string, double>>& out) {
  for (const std::string_view property : kProperties) {
    uint64_t value = 0;
    if (!handle.db->GetIntProperty(absl::StrCat("rocksdb.", ToAbsl(property)), &value)) continue;
    out.emplace_back(absl::StrCat("rocksdb_", absl::StrReplaceAll(ToAbsl(property), {{"-", "_"}})),
                     static_cast<double>(value));
  }
  for (int level = 0; level < handle.db->NumberLevels(); ++level) {
    std::string text;
    double files = 0;
    if (handle.db->GetProperty(absl::StrCat("rocksdb.num-files-at-level", level), &text) &&
        absl::SimpleAtod(text, &files)) {
      out.emplace_back(absl::StrCat("rocksdb_num_files_at_level", level), files);
    }
  }
  for (const NamedTicker& each : kTickers) {
    out.emplace_back(each.name, static_cast<double>(handle.statistics->getTickerCount(each.ticker)) * each.scale);
  }
  for (const auto& [histogram, name] : kTimes) {
    rocksdb::HistogramData data;
    handle.statistics->histogramData(histogram, &data);
    out.emplace_back(absl::StrCat(ToAbsl(name), "_p50_seconds"), data.median * 1e-6);
    out.emplace_back(absl::StrCat(ToAbsl(name), "_p99_seconds"), data.percentile99 * 1e-6);
  }
}

}  // namespace

struct RocksDbKvStore::Impl {
  std::shared_ptr<Handle> handle;
  std::string epoch;
  std::unique_ptr<RocksDbEngine> engine;
  std::unique_ptr<GroupCommitter> committer;  // last: destroyed first
};

absl::Status RocksDbKvStore::Init(const std::string& path) {
  std::error_code error;
  if (fs::exists(EngineDirectory(path), error)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " already holds a store; open it, or choose another directory"));
  }
  if (const auto acked = AckFile::Open(AckPath(path)); acked.ok() && acked->revision() > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " held a store whose data is gone; restore a backup, or init another directory"));
  }
  // Built under another name, so that a store is there as a whole or not at all.
  const std::string unfinished = EngineDirectory(path) + ".init";
  fs::create_directories(path, error);
  if (!error) fs::remove_all(unfinished, error);
  if (!error) fs::create_directory(unfinished, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot use the directory ", path, ": ", error.message()));
  RETURN_IF_ERROR(CreateEngine(unfinished));
  RETURN_IF_ERROR(AckFile::Create(AckPath(path)));
  fs::rename(unfinished, EngineDirectory(path), error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot finish the store in ", path, ": ", error.message()));
  RETURN_IF_ERROR(SyncDirectory(path));
  return SyncDirectory(fs::absolute(path).parent_path());
}

absl::StatusOr<std::unique_ptr<RocksDbKvStore>> RocksDbKvStore::Open(const std::string& path, RocksDbOptions options) {
  std::error_code error;
  if (!fs::exists(EngineDirectory(path), error)) {
    return absl::NotFoundError(
        absl::StrCat("no store in ", path, ": mount the volume that holds it, or run init to make an empty store"));
  }
  auto impl = std::make_unique<Impl>();
  impl->handle = std::make_shared<Handle>();
  Handle& handle = *impl->handle;
  handle.log = options.log ? std::move(options.log) : LogToStderr;
  handle.cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  handle.statistics = rocksdb::CreateDBStatistics();
  absl::StatusOr<AckFile> acked = AckFile::Open(AckPath(path));
  if (absl::IsNotFound(acked.status())) return Damaged(path, "lacks its file of acknowledged revisions");
  if (!acked.ok()) return acked.status();
  handle.acked.emplace(*std::move(acked));
  RETURN_IF_ERROR(OpenEngine(path, handle));
  RETURN_IF_ERROR(CheckFormat(*handle.db, path));
  ASSIGN_OR_RETURN(impl->epoch, ReadMeta(*handle.db, EpochKey()));
  ASSIGN_OR_RETURN(const int64_t last_revision, ReadMetaNumber(*handle.db, LastRevisionKey()));
  if (!options.fatal) {
    options.fatal = [log = handle.log](std::string_view reason) {
      log(absl::StrCat("store: ending the process: ", ToAbsl(reason)));
      std::_Exit(3);
    };
  }
  impl->engine = std::make_unique<RocksDbEngine>(impl->handle);
  impl->committer = std::make_unique<GroupCommitter>(
      *impl->engine, last_revision,
      GroupCommitterOptions{.queue_limit = options.queue_limit, .fatal = std::move(options.fatal)});
  return std::unique_ptr<RocksDbKvStore>(new RocksDbKvStore(std::move(impl)));
}

RocksDbKvStore::RocksDbKvStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RocksDbKvStore::~RocksDbKvStore() {
  impl_->committer.reset();
  // Nothing depends on this flush: it spares the next start the reading of the log.
  const rocksdb::Status status = impl_->handle->db->Flush(rocksdb::FlushOptions());
  if (!status.ok()) impl_->handle->log(absl::StrCat("store: flush on close failed: ", status.ToString()));
}

std::shared_ptr<const Snapshot> RocksDbKvStore::GetSnapshot() const { return impl_->committer->snapshot(); }

absl::Status RocksDbKvStore::Submit(TxnFn fn, TxnDone done) {
  return impl_->committer->Submit(std::move(fn), std::move(done));
}

int64_t RocksDbKvStore::LastRevision() const { return impl_->committer->last_revision(); }

std::string RocksDbKvStore::epoch() const { return impl_->epoch; }

void RocksDbKvStore::SetCommitListener(std::function<void(int64_t)> listener) {
  impl_->committer->SetCommitListener(std::move(listener));
}

std::vector<std::pair<std::string, double>> RocksDbKvStore::Stats() const {
  std::vector<std::pair<std::string, double>> stats;
  impl_->committer->AppendStats(stats);
  AppendEngineStats(*impl_->handle, stats);
  return stats;
}

}  // namespace dangjian::storage
