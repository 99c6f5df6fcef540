#include "common/storage/database.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"

namespace dangjian::storage {
namespace {

using Operation = v1::Change::Operation;

[[noreturn]] void Die(std::string_view collection, std::string_view what) {
  std::fprintf(stderr, "table %s: %s\n", std::string(collection).c_str(), std::string(what).c_str());
  std::abort();
}

// What two changes of one record, one after the other, amount to; OPERATION_UNSPECIFIED when nothing is left of them.
Operation Combine(Operation first, Operation second) {
  const bool existed = first != v1::Change::OPERATION_CREATE;
  const bool exists = second != v1::Change::OPERATION_DELETE;
  if (existed) return exists ? v1::Change::OPERATION_UPDATE : v1::Change::OPERATION_DELETE;
  return exists ? v1::Change::OPERATION_CREATE : v1::Change::OPERATION_UNSPECIFIED;
}

}  // namespace

void TreeVersions::Publish(int64_t revision, int64_t committed, std::shared_ptr<const OrgTree> tree) {
  MutexLock lock(mutex_);
  if (!versions_.empty()) versions_.back().until = revision;
  versions_.push_back({revision, std::numeric_limits<int64_t>::max(), std::move(tree)});
  while (versions_.size() > 1 && versions_[1].from <= committed) versions_.erase(versions_.begin());
  // One whose commit is under way can be passed over: whoever needs it reads the rows.
  if (versions_.size() > 2) versions_.erase(versions_.begin() + 1);
}

std::shared_ptr<const OrgTree> TreeVersions::Newest() const {
  MutexLock lock(mutex_);
  return versions_.empty() ? nullptr : versions_.back().tree;
}

std::shared_ptr<const OrgTree> TreeVersions::At(int64_t revision) const {
  MutexLock lock(mutex_);
  for (const Version& version : versions_) {
    if (version.from <= revision && revision < version.until) return version.tree;
  }
  return nullptr;
}

Transaction::Transaction(Database& database, KvTxn& kv, const WriteOrigin& origin)
    : database_(database), kv_(kv), tree_(database.trees_.Newest()), now_micros_(database.clock().NowMicros()) {
  commit_.set_commit_time_us(now_micros_);
  commit_.set_actor(origin.actor);
  commit_.set_method(origin.method);
  commit_.set_request_id(origin.request_id);
}

const MeasureStore& Transaction::measures() const { return database_.measures_; }

void Transaction::RecordChange(v1::Change change) {
  const auto [it, is_first] = change_of_.try_emplace(change.name(), commit_.changes_size());
  if (is_first) {
    *commit_.add_changes() = std::move(change);
    return;
  }
  v1::Change& known = *commit_.mutable_changes(it->second);
  // A record that came and went in this transaction may come again.
  known.set_operation(known.operation() == v1::Change::OPERATION_UNSPECIFIED
                          ? change.operation()
                          : Combine(known.operation(), change.operation()));
}

absl::Status Transaction::MoveOrganization(const std::string& organization,
                                           std::optional<std::vector<TreeEdge>> parents) {
  static const std::vector<TreeEdge> kNone;
  const std::vector<TreeEdge>* old_edges = tree_->Parents(organization);
  const bool same_edges =
      !DifferingDays(old_edges == nullptr ? kNone : *old_edges, parents.value_or(kNone)).has_value();
  if (same_edges && (old_edges != nullptr) == parents.has_value()) return absl::OkStatus();
  if (own_tree_ == nullptr) {
    own_tree_ = std::make_shared<OrgTree>(*tree_);
    tree_ = own_tree_;
  }
  return measures().Rebase(*this, *own_tree_, organization, std::move(parents));
}

absl::Status Transaction::Finish() {
  auto& changes = *commit_.mutable_changes();
  const auto gone = [](const v1::Change& change) { return change.operation() == v1::Change::OPERATION_UNSPECIFIED; };
  changes.erase(std::remove_if(changes.begin(), changes.end(), gone), changes.end());
  if (!changes.empty()) {
    kv_.Put(KeyWriter(keyspace::kCommit).Int64(revision()).str(), commit_.SerializeAsString());
  }
  if (own_tree_ != nullptr) {
    kv_.OnAccept([&database = database_, revision = revision(), tree = tree_] {
      database.trees_.Publish(revision, database.kv_.LastRevision(), tree);
    });
  }
  return absl::OkStatus();
}

Database::Database(KvStore& kv, const Clock& clock)
    : kv_(kv), clock_(clock), commits_(std::make_shared<CommitNotifier>()) {
  commits_->Notify(kv_.LastRevision());
  kv_.SetCommitListener([commits = commits_](int64_t revision) { commits->Notify(revision); });
}

void Database::Register(std::shared_ptr<const TableCore> table) {
  const TableInfo& info = table->info();
  const auto claim = [this, &info](uint16_t tag) {
    if (!tags_.try_emplace(tag, info.collection).second)
      Die(info.collection, absl::StrCat("the tag ", tag, " is taken"));
  };
  if (FindTable(info.collection) != nullptr) Die(info.collection, "the collection is taken");
  claim(info.tag);
  for (const TableInfo::Index& index : info.indexes) claim(index.tag);
  for (const MeasureDef* measure : info.measures) measures_.Declare(measure, info.collection, info.tag);
  if (info.parents) {
    if (tree_table_ != nullptr) Die(info.collection, "a second table with an organisation tree");
    tree_table_ = table.get();
  }
  tables_.push_back(std::move(table));
}

absl::Status Database::Open() {
  const std::shared_ptr<const Snapshot> snapshot = GetSnapshot();
  ASSIGN_OR_RETURN(std::shared_ptr<const OrgTree> tree, LoadTree(*snapshot));
  trees_.Publish(snapshot->revision(), snapshot->revision(), std::move(tree));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const OrgTree>> Database::LoadTree(const Reader& reader) const {
  auto tree = std::make_shared<OrgTree>();
  if (tree_table_ == nullptr) return tree;
  RETURN_IF_ERROR(tree_table_->ForEach(reader, [this, &tree](const google::protobuf::Message& row) {
    tree->Set(tree_table_->NameOf(row), tree_table_->info().parents(row));
    return absl::OkStatus();
  }));
  return tree;
}

absl::StatusOr<std::shared_ptr<const OrgTree>> Database::TreeAt(const Reader& reader, int64_t revision) const {
  std::shared_ptr<const OrgTree> kept = trees_.At(revision);
  if (kept != nullptr) return kept;
  return LoadTree(reader);
}

absl::Status Database::Submit(WriteOrigin origin, Fn fn, TxnDone done) {
  return kv_.Submit(
      [this, origin = std::move(origin), fn = std::move(fn)](KvTxn& kv) {
        Transaction txn(*this, kv, origin);
        RETURN_IF_ERROR(fn(txn));
        return txn.Finish();
      },
      std::move(done));
}

absl::StatusOr<int64_t> Database::Transact(WriteOrigin origin, Fn fn) {
  return kv_.Transact([this, origin = std::move(origin), fn = std::move(fn)](KvTxn& kv) {
    Transaction txn(*this, kv, origin);
    RETURN_IF_ERROR(fn(txn));
    return txn.Finish();
  });
}

const TableCore* Database::FindTable(std::string_view collection) const {
  for (const auto& table : tables_) {
    if (table->info().collection == collection) return table.get();
  }
  return nullptr;
}

const TableCore* Database::FindTableByTag(uint16_t tag) const {
  for (const auto& table : tables_) {
    if (table->info().tag == tag) return table.get();
  }
  return nullptr;
}

std::vector<const TableCore*> Database::tables() const {
  std::vector<const TableCore*> tables;
  for (const auto& table : tables_) tables.push_back(table.get());
  return tables;
}

}  // namespace dangjian::storage
