#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The ordered key-value port. Everything above it speaks only these terms, so that an embedded engine and a SQL server
// can both stand behind it. Keys are compared as unsigned bytes.

namespace dangjian::storage {

// Walks keys of a half-open range in ascending order. Not thread-safe. Outlived by the Reader it came from.
//   for (auto cursor = reader.Scan(begin, end); cursor->Valid(); cursor->Next()) { ... }
//   RETURN_IF_ERROR(cursor->status());   // always: a scan that stops early is otherwise a short, wrong answer
class Cursor {
 public:
  virtual ~Cursor() = default;
  // True while key() and value() may be read.
  virtual bool Valid() const = 0;
  virtual void Next() = 0;
  // Valid until Next().
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  // Why the walk ended: OK at the end of the range, DATA_LOSS when stored bytes do not match their checksum.
  virtual absl::Status status() const = 0;
};

// A consistent view of the store.
class Reader {
 public:
  virtual ~Reader() = default;
  // The value of `key`, or nullopt when there is none.
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const = 0;
  // The values of `keys`, in their order.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const = 0;
  // Keys in [begin, end). An empty `end` is the end of the store; a range that ends before it begins holds nothing.
  // Within a KvTxn a cursor shows the transaction's writes up to the moment of Scan, so that a loop may write while it
  // walks.
  virtual std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const = 0;
};

// A view that does not change. Thread-safe; Cursors made from it are not.
class Snapshot : public Reader {
 public:
  // Revision of the newest transaction that the view contains.
  virtual int64_t revision() const = 0;
};

// One serialisable unit of work: reads see the latest committed state and its own writes (but not its own Adds).
class KvTxn : public Reader {
 public:
  // The revision that this transaction gets if it commits. Revisions are dense: 1, 2, 3, … without gaps.
  virtual int64_t revision() const = 0;
  virtual void Put(std::string_view key, std::string_view value) = 0;
  virtual void Delete(std::string_view key) = 0;
  // Adds `delta` to the int64 cell at `key`; a cell that reaches 0 disappears. Commutative, so that a hot cell never
  // serialises callers. Cells are read with ReadCell of key_codec.h; a key is either a cell or a value, never both. A
  // sum that leaves 64 bits fails the transaction with OUT_OF_RANGE.
  virtual void Add(std::string_view key, int64_t delta) = 0;
  // Runs `effect` once, after the transaction is committed and before the next transaction starts. For state in memory
  // that mirrors the store, such as the organisation tree. Not run when the transaction or its commit fails. For rare
  // transactions: one with an effect is the last of its group, so it shares no sync with those that follow.
  virtual void OnAccept(std::function<void()> effect) = 0;
};

// Runs inside the store, possibly more than once; must make no outside call and keep no effect but through the
// transaction. A status other than OK discards everything the function wrote.
using TxnFn = std::function<absl::Status(KvTxn&)>;

// Receives the outcome after the commit is on disk, or the error of the function. `revision` is the transaction's, or 0
// when it wrote nothing. Runs on the committing thread: it must be short and must not call back into the store.
using TxnDone = std::function<void(absl::Status status, int64_t revision)>;

// An ordered, durable, serialisable store. Thread-safe.
class KvStore {
 public:
  virtual ~KvStore() = default;

  virtual std::shared_ptr<const Snapshot> GetSnapshot() const = 0;

  // Queues `fn`; `done` is called exactly once after the commit is synced. Never blocks.
  // RESOURCE_EXHAUSTED (and `done` is not called) when the queue is full; UNAVAILABLE when the store has stopped
  // writing.
  virtual absl::Status Submit(TxnFn fn, TxnDone done) = 0;

  // Submits `fn` and waits. Returns the revision. Must not be called from TxnFn, TxnDone or a gRPC reaction.
  absl::StatusOr<int64_t> Transact(TxnFn fn);

  // How long a transaction that is submitted now would wait for its turn, in microseconds: an estimate from how many
  // wait, how long the oldest has waited and the pace of late (common/base/waiting_line.h). Never blocks.
  virtual int64_t ExpectedWaitMicros() const = 0;

  // Revision of the newest commit.
  virtual int64_t LastRevision() const = 0;

  // Changes when the store is restored or replaced: a revision means something only together with its epoch.
  virtual std::string epoch() const = 0;

  // Calls `listener` after each commit with the newest revision, on the committing thread. Set before the first Submit.
  virtual void SetCommitListener(std::function<void(int64_t revision)> listener) = 0;

  // Why no write would be taken now: RESOURCE_EXHAUSTED while the volume lacks space, UNAVAILABLE when only a restart
  // helps. The message is for an operator. Looks at the volume: not for every call.
  virtual absl::Status CheckWritable() const { return absl::OkStatus(); }

  // Figures about the store for an operator, read on demand: names in snake_case, counters end in `_total`, times are
  // in seconds and sizes in bytes.
  virtual std::vector<std::pair<std::string, double>> Stats() const { return {}; }
};

}  // namespace dangjian::storage
