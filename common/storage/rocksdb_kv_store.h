#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/kv_store.h"

namespace dangjian::storage {

struct RocksDbOptions {
  // Whose records the store must hold, e.g. `registry`; empty: anybody's.
  std::string service = {};
  size_t block_cache_bytes = size_t{256} << 20;  // all table blocks, indexes and filters held in memory
  size_t queue_limit = 4096;                     // transactions that may wait
  // Room on the volume below which nothing is written; 0: 64 MiB or a sixteenth of the volume, whichever is less.
  size_t min_free_bytes = 0;
  // Receives the engine's warnings and errors, which never reach a caller. Thread-safe; empty: stderr.
  std::function<void(std::string_view line)> log = {};
  // Called once when a commit's fate is unknown (failed sync, I/O error, corruption), after all waiting callers were
  // answered UNAVAILABLE. Empty: ends the process with status 3, because only a restart, which reads the disk again,
  // can tell what was committed; a sync is never tried twice.
  std::function<void(std::string_view reason)> fatal = {};
};

// The KvStore on local disk. Every commit is synced before it is acknowledged. Files: docs/storage_format.md.
// Thread-safe.
class RocksDbKvStore final : public KvStore {
 public:
  // Makes an empty store of `service` with a new id and epoch in the directory `path`, which is created when missing.
  // ALREADY_EXISTS when there is a store. A process that dies half-way leaves nothing that Open accepts.
  static absl::Status Init(const std::string& path, std::string_view service);

  // Opens a store and never creates one, so that an unmounted volume cannot look like an empty district. The store is
  // read and checked before a file is changed.
  //   NOT_FOUND            no store in `path`
  //   FAILED_PRECONDITION  in use by another process, of an unknown format version, or of another service
  //   DATA_LOSS            damaged, without a commit that was acknowledged, or with a hole in its commits
  //   UNAVAILABLE          the files cannot be read
  // A group of transactions that was being written when the process died, and so was never acknowledged, is dropped.
  // On a volume without room the store serves reads, and refuses writes until there is room.
  static absl::StatusOr<std::unique_ptr<RocksDbKvStore>> Open(const std::string& path, RocksDbOptions options = {});
  // Commits what is queued and closes the files, which stay open as long as a Snapshot is held.
  ~RocksDbKvStore() override;

  std::shared_ptr<const Snapshot> GetSnapshot() const override;
  absl::Status Submit(TxnFn fn, TxnDone done) override;
  int64_t ExpectedWaitMicros() const override;
  int64_t LastRevision() const override;
  std::string epoch() const override;
  void SetCommitListener(std::function<void(int64_t revision)> listener) override;
  absl::Status CheckWritable() const override;
  // The committer's figures and the engine's: properties, event counts, and times of reads, writes and syncs.
  std::vector<std::pair<std::string, double>> Stats() const override;

  // What the store calls itself: 32 hexadecimal digits, drawn by Init.
  const std::string& id() const;

  // Makes a copy of the running store in the directory `path`, whose parent must exist and be on the same volume: a
  // store as Open takes it, checked like one. Tables are shared with the store by hard links. Holds up no write for
  // longer than the move of memory into a table. Returns the newest revision of the copy. ALREADY_EXISTS when there is
  // something at `path`.
  absl::StatusOr<int64_t> Checkpoint(const std::string& path) const;

 private:
  struct Impl;
  explicit RocksDbKvStore(std::unique_ptr<Impl> impl);

  // Makes the copy in the new directory `path` and looks at it as Open would.
  absl::StatusOr<int64_t> CopyInto(const std::string& path) const;

  std::unique_ptr<Impl> impl_;
};

}  // namespace dangjian::storage
