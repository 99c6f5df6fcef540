#pragma once

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/storage/group_committer.h"
#include "common/storage/rocksdb_database.h"
#include "common/storage/store_identity.h"

// Private to common/storage: how a store on disk is looked at, opened and written.

namespace dangjian::storage {

// A store that was found whole.
struct OpenedRocksDb {
  std::shared_ptr<RocksDbDatabase> database;
  StoreIdentity identity;
  CommitState state;
  rocksdb::WALRecoveryMode recovery = rocksdb::WALRecoveryMode::kAbsoluteConsistency;  // by which it opens
};

// Reads the store and checks that it is whole, without changing a file: all that was acknowledged is there, no commit
// is missing in its middle, nothing is damaged but a tail that was never acknowledged. The database is open for
// reading.
//   FAILED_PRECONDITION  of an unknown format version, or another service's than `service` (empty: any)
//   DATA_LOSS            damaged or not whole; the message names the runbook
//   UNAVAILABLE          the files cannot be read
absl::StatusOr<OpenedRocksDb> LookAtRocksDb(const std::shared_ptr<RocksDbCommon>& common, std::string_view service);

// Writes the groups of a store, one synced batch each. What a sync that failed left behind is never written after: see
// CommitEngine::Apply.
class RocksDbEngine final : public CommitEngine {
 public:
  // `found` as LookAtRocksDb returned it.
  RocksDbEngine(std::shared_ptr<RocksDbCommon> common, OpenedRocksDb found);

  // Opens the database for writing. Without room on the volume it stays open for reading and OK is returned: the first
  // Apply that finds room opens it.
  absl::Status OpenForWriting();

  absl::Status Apply(const WriteSet& writes, int64_t revision) override;
  std::shared_ptr<const Snapshot> TakeSnapshot(int64_t revision) override;

  // Why nothing can be written now, for an operator: RESOURCE_EXHAUSTED for lack of space, UNAVAILABLE when only a
  // restart helps. Thread-safe.
  absl::Status CheckWritable() const;
  // As it is open now. Thread-safe.
  std::shared_ptr<RocksDbDatabase> database() const;

 private:
  // RESOURCE_EXHAUSTED without room for it.
  absl::Status TryOpenForWriting();
  // UNAVAILABLE when only a restart helps.
  absl::Status CheckSound(const RocksDbDatabase& database) const;
  // Room that is needed to write `bytes` and to move into tables what memory holds.
  absl::Status CheckRoom(const RocksDbDatabase& database, size_t bytes) const;

  const std::shared_ptr<RocksDbCommon> common_;
  const rocksdb::WALRecoveryMode recovery_;
  const ChainPosition found_;
  size_t reserve_ = 4096;  // bytes of the largest batch so far
  mutable Mutex mutex_;
  std::shared_ptr<RocksDbDatabase> database_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangjian::storage
