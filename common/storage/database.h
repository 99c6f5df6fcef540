#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/storage/change_log.h"
#include "common/storage/kv_store.h"
#include "common/storage/measure_store.h"
#include "common/storage/org_tree.h"
#include "common/storage/table.h"
#include "dangjian/storage/v1/row.pb.h"

namespace dangjian::storage {

// Who writes, for the commit record.
struct WriteOrigin {
  std::string actor;       // subject of the caller
  std::string method;      // full method name
  std::string request_id;  // the caller's, or the trace id
};

class Database;

// One unit of work over the tables of a Database: a KvTxn, its commit record and the organisation tree as it stands
// inside the transaction. Lives only while its function runs; not thread-safe.
class Transaction {
 public:
  Transaction(Database& database, KvTxn& kv, const WriteOrigin& origin);

  KvTxn& kv() { return kv_; }
  const Reader& reader() const { return kv_; }
  int64_t revision() const { return kv_.revision(); }
  // Time of the transaction: the same for all rows it writes. Microseconds since 1970-01-01T00:00:00Z.
  int64_t now_micros() const { return now_micros_; }

  // The tree with this transaction's own changes.
  const OrgTree& tree() const { return *tree_; }

  // For TableCore. Several changes of one record become the one that a reader of the log sees: from the version before
  // the transaction to the version after it.
  void RecordChange(v1::Change change);
  // Replaces the edges of an organisation (nullopt: it is gone) and re-bases every cell that the move touches.
  absl::Status MoveOrganization(const std::string& organization, std::optional<std::vector<TreeEdge>> parents);
  const MeasureStore& measures() const;

  // Writes the commit record, when a record changed; called once by Database after the function succeeded.
  absl::Status Finish();

 private:
  Database& database_;
  KvTxn& kv_;
  std::shared_ptr<const OrgTree> tree_;
  std::shared_ptr<OrgTree> own_tree_;  // tree_ once this transaction has changed it; copied from the shared one
  const int64_t now_micros_;
  v1::Commit commit_;
  absl::flat_hash_map<std::string, int> change_of_;  // resource name → position in commit_.changes
};

// The organisation trees that readers may still need: the newest, and while it is being committed the one before it.
// Thread-safe.
class TreeVersions {
 public:
  // `tree` holds from `revision` on; `committed` is the newest revision that snapshots can show.
  void Publish(int64_t revision, int64_t committed, std::shared_ptr<const OrgTree> tree);
  // Never nullptr after the first Publish.
  std::shared_ptr<const OrgTree> Newest() const;
  // The tree as it stood at `revision`; nullptr when it is no longer kept.
  std::shared_ptr<const OrgTree> At(int64_t revision) const;

 private:
  struct Version {
    int64_t from;   // revision that made it
    int64_t until;  // revision that replaced it
    std::shared_ptr<const OrgTree> tree;
  };
  mutable Mutex mutex_;
  std::vector<Version> versions_ ABSL_GUARDED_BY(mutex_);
};

// The tables of one process over one KvStore. Tables are added while the process starts, then Open() is called once;
// after that thread-safe.
class Database {
 public:
  // `kv` and `clock` must outlive the database. Takes the commit listener of `kv`.
  Database(KvStore& kv, const Clock& clock);

  // Adds a table; the reference stays valid as long as the database. Aborts on a tag or collection that is taken.
  template <class M>
  Table<M>& AddTable(const TableSchema<M>& schema) {
    auto table = std::make_shared<Table<M>>(schema);
    Register(std::shared_ptr<const TableCore>(table, &table->core()));
    tables_owned_.push_back(table);
    return *table;
  }

  // Loads the organisation tree from the table that holds it. FAILED_PRECONDITION when a row of it has an unknown
  // version.
  absl::Status Open();

  using Fn = std::function<absl::Status(Transaction&)>;
  // Queues a transaction; see KvStore::Submit.
  absl::Status Submit(WriteOrigin origin, Fn fn, TxnDone done);
  // Runs a transaction and waits; see KvStore::Transact.
  absl::StatusOr<int64_t> Transact(WriteOrigin origin, Fn fn);

  std::shared_ptr<const Snapshot> GetSnapshot() const { return kv_.GetSnapshot(); }
  // The newest organisation tree, for decisions that need no snapshot. Inside a transaction ask Transaction::tree.
  std::shared_ptr<const OrgTree> tree() const { return trees_.Newest(); }
  // The tree as `reader` shows it, which stands at `revision`. Read again from the rows when it is an old one.
  absl::StatusOr<std::shared_ptr<const OrgTree>> TreeAt(const Reader& reader, int64_t revision) const;

  KvStore& kv() { return kv_; }
  const Clock& clock() const { return clock_; }
  const MeasureStore& measures() const { return measures_; }
  // Wakes those who wait for new commits.
  CommitNotifier& commits() const { return *commits_; }
  // nullptr when no table has the collection.
  const TableCore* FindTable(std::string_view collection) const;
  const TableCore* FindTableByTag(uint16_t tag) const;
  std::vector<const TableCore*> tables() const;

 private:
  friend class Transaction;
  void Register(std::shared_ptr<const TableCore> table);
  absl::StatusOr<std::shared_ptr<const OrgTree>> LoadTree(const Reader& reader) const;

  KvStore& kv_;
  const Clock& clock_;
  MeasureStore measures_;
  std::vector<std::shared_ptr<void>> tables_owned_;
  std::vector<std::shared_ptr<const TableCore>> tables_;
  absl::flat_hash_map<uint16_t, std::string_view> tags_;  // of tables and indexes → collection
  const TableCore* tree_table_ = nullptr;                 // the table whose schema has `parents`
  TreeVersions trees_;
  const std::shared_ptr<CommitNotifier> commits_;  // shared with the listener, which may outlive the database
};

}  // namespace dangjian::storage
