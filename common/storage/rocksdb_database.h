#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/kv_store.h"
#include "common/storage/store_folder.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/statistics.h"

// Private to common/storage, and with its neighbours rocksdb_*.cc all that knows RocksDB: an open database, how it is
// configured and read.

namespace dangjian::storage {

// What the databases that one store opens, one after the other, have in common.
struct RocksDbCommon {
  std::function<void(std::string_view)> log;
  StoreFolder folder;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::Statistics> statistics;
};

// An open database and what must live as long as it: shared by the store and its snapshots.
struct RocksDbDatabase {
  std::shared_ptr<RocksDbCommon> common;
  bool read_only;
  // Set by the engine when work in the background failed for good: it then takes no writes any more.
  std::shared_ptr<std::atomic<bool>> failed;
  std::unique_ptr<rocksdb::DB> db;

  // Logs the engine's words and returns what a caller may read.
  absl::Status ReadError(const rocksdb::Status& status) const;
};

rocksdb::Options RocksDbEngineOptions(std::shared_ptr<rocksdb::Cache> cache, std::function<void(std::string_view)> log);

// Opens the engine's files in the folder. Reading only, no file is changed: the log is read into memory.
struct RocksDbOpening {
  rocksdb::WALRecoveryMode recovery = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  bool read_only = false;
};
rocksdb::Status OpenRocksDb(const std::shared_ptr<RocksDbCommon>& common, const RocksDbOpening& opening,
                            std::shared_ptr<RocksDbDatabase>* database);

// A view of the database as it is now, of which the caller says that `revision` is the newest.
std::shared_ptr<const Snapshot> TakeRocksDbSnapshot(std::shared_ptr<const RocksDbDatabase> database, int64_t revision);

// Properties, event counts, and times of reads, writes and syncs.
void AppendRocksDbStats(const RocksDbDatabase& database, std::vector<std::pair<std::string, double>>& out);

}  // namespace dangjian::storage
