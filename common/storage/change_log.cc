#include "common/storage/change_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/database.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"

namespace dangjian::storage {

namespace {

std::unique_ptr<Cursor> CommitsAfter(const Reader& reader, int64_t revision) {
  const KeyWriter log(keyspace::kCommit);
  return reader.Scan(KeyWriter(log).Int64(revision + 1).str(), PrefixEnd(log.str()));
}

absl::StatusOr<int64_t> RevisionOf(const Cursor& cursor) {
  KeyReader key(cursor.key());
  const int64_t revision = key.Int64();
  RETURN_IF_ERROR(key.status());
  return revision;
}

absl::StatusOr<v1::Commit> ParseCommit(const Cursor& cursor, int64_t revision) {
  v1::Commit commit;
  if (!commit.ParseFromArray(cursor.value().data(), static_cast<int>(cursor.value().size()))) {
    return absl::DataLossError(absl::StrCat("commit record ", revision, " is malformed"));
  }
  return commit;
}

}  // namespace

absl::Status ForEachChangeAfter(
    const Reader& reader, int64_t after_revision,
    absl::FunctionRef<absl::Status(std::string_view collection, std::string_view name)> visit) {
  const auto cursor = CommitsAfter(reader, after_revision);
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(const int64_t revision, RevisionOf(*cursor));
    ASSIGN_OR_RETURN(const v1::Commit commit, ParseCommit(*cursor, revision));
    for (const v1::Change& change : commit.changes()) RETURN_IF_ERROR(visit(change.collection(), change.name()));
  }
  return cursor->status();
}

absl::StatusOr<ChangeBatch> ChangeLog::Read(const Snapshot& snapshot, int64_t after_revision,
                                            const absl::flat_hash_set<std::string>& collections, bool include_before,
                                            const ChangeLimits& limits) const {
  ChangeBatch batch;
  batch.up_to_revision = after_revision;
  if (after_revision >= snapshot.revision()) return batch;
  const auto cursor = CommitsAfter(snapshot, after_revision);
  for (size_t commits = 0; cursor->Valid(); cursor->Next(), ++commits) {
    if (commits == limits.max_commits || batch.events.size() >= limits.max_events) return batch;
    ASSIGN_OR_RETURN(const int64_t revision, RevisionOf(*cursor));
    ASSIGN_OR_RETURN(const v1::Commit commit, ParseCommit(*cursor, revision));
    for (const v1::Change& change : commit.changes()) {
      if (!collections.empty() && !collections.contains(change.collection())) continue;
      ASSIGN_OR_RETURN(ChangeEvent event, MakeEvent(snapshot, revision, commit, change, include_before));
      batch.events.push_back(std::move(event));
    }
    batch.up_to_revision = revision;
  }
  RETURN_IF_ERROR(cursor->status());
  batch.up_to_revision = snapshot.revision();
  return batch;
}

absl::StatusOr<ChangeEvent> ChangeLog::MakeEvent(const Snapshot& snapshot, int64_t revision, const v1::Commit& commit,
                                                 const v1::Change& change, bool include_before) const {
  const TableCore* table = database_.FindTable(change.collection());
  if (table == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("commit ", revision, " names the unknown table ", change.collection()));
  }
  ChangeEvent event{.revision = revision,
                    .commit_time_us = commit.commit_time_us(),
                    .actor = commit.actor(),
                    .method = commit.method(),
                    .request_id = commit.request_id(),
                    .operation = change.operation(),
                    .collection = change.collection(),
                    .name = change.name(),
                    .after = nullptr,
                    .before = nullptr};
  if (change.operation() != v1::Change::OPERATION_DELETE) {
    event.after.reset(table->info().prototype->New());
    RETURN_IF_ERROR(table->GetAt(snapshot, change.name(), revision, event.after.get()));
  }
  if (include_before && change.operation() != v1::Change::OPERATION_CREATE) {
    event.before.reset(table->info().prototype->New());
    RETURN_IF_ERROR(table->GetAt(snapshot, change.name(), revision - 1, event.before.get()));
  }
  return event;
}

void CommitNotifier::Notify(int64_t revision) {
  MutexLock lock(mutex_);
  newest_ = std::max(newest_, revision);
  changed_.NotifyAll();
}

int64_t CommitNotifier::WaitBeyond(int64_t revision, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mutex_);
  while (newest_ <= revision && !closed_) {
    const auto rest = end - std::chrono::steady_clock::now();
    if (rest <= std::chrono::steady_clock::duration::zero()) break;
    changed_.WaitFor(mutex_, rest);
  }
  return newest_;
}

void CommitNotifier::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.NotifyAll();
}

}  // namespace dangjian::storage
