#include "common/storage/rocksdb_kv_store.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/rocksdb_engine.h"
#include "rocksdb/utilities/checkpoint.h"
#include "rocksdb/write_batch.h"

namespace dangjian::storage {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSmallCacheBytes = size_t{1} << 20;  // for a database that is only created or looked at

void LogToStderr(std::string_view line) { std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data()); }

// The folder of a new store: nobody else's business.
absl::Status CreateDirectory(const std::string& path) {
  std::error_code error;
  if (fs::create_directories(path, error) && !error) fs::permissions(path, fs::perms::owner_all, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot use the directory ", path, ": ", error.message()));
}

// Writes the first rows of a store into a new engine in `directory`.
absl::Status CreateEngine(const std::string& directory, std::string_view service) {
  rocksdb::Options options = RocksDbEngineOptions(rocksdb::NewLRUCache(kSmallCacheBytes), LogToStderr);
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, directory, &raw);
  const std::unique_ptr<rocksdb::DB> db(raw);
  rocksdb::WriteBatch batch;
  for (const auto& [key, value] : FirstWrites(NewStoreIdentity(service))) {
    if (status.ok()) status = batch.Put(key, *value);
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (status.ok()) status = db->Write(synced, &batch);
  if (status.ok()) status = db->Close();
  if (status.ok()) return absl::OkStatus();
  LogToStderr(absl::StrCat("store: init failed: ", status.ToString()));
  return absl::UnavailableError(
      absl::StrCat("cannot write a new store to ", directory, ": check space and permissions"));
}

absl::StatusOr<std::shared_ptr<RocksDbCommon>> OpenFolder(const std::string& path, RocksDbOptions& options) {
  absl::StatusOr<StoreFolder> folder = StoreFolder::Open(path, options.min_free_bytes);
  if (absl::IsNotFound(folder.status()) || absl::IsDataLoss(folder.status())) {
    return absl::DataLossError(absl::StrCat("the store in ", path, " lacks its file of acknowledged revisions (",
                                            folder.status().message(), "); follow docs/runbooks/store-damaged.md"));
  }
  RETURN_IF_ERROR(folder.status());
  return std::make_shared<RocksDbCommon>(RocksDbCommon{.log = options.log ? std::move(options.log) : LogToStderr,
                                                       .folder = *std::move(folder),
                                                       .cache = rocksdb::NewLRUCache(options.block_cache_bytes),
                                                       .statistics = rocksdb::CreateDBStatistics()});
}

absl::Status CheckPresent(const std::string& path) {
  std::error_code error;
  if (fs::exists(StoreFolder::EnginePath(path), error)) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("no store in ", path, ": mount the volume that holds it, or run init to make an empty store"));
}

}  // namespace

struct RocksDbKvStore::Impl {
  std::shared_ptr<RocksDbCommon> common;
  StoreIdentity identity;
  std::unique_ptr<RocksDbEngine> engine;
  std::unique_ptr<GroupCommitter> committer;  // last: destroyed first
};

absl::Status RocksDbKvStore::Init(const std::string& path, std::string_view service) {
  const std::string engine = StoreFolder::EnginePath(path);
  std::error_code error;
  if (fs::exists(engine, error)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " already holds a store; open it, or choose another directory"));
  }
  if (const auto acked = AckFile::Open(StoreFolder::AckPath(path)); acked.ok() && acked->revision() > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " held a store whose data is gone; restore a backup, or init another directory"));
  }
  RETURN_IF_ERROR(CreateDirectory(path));
  // Built under another name, so that a store is there as a whole or not at all.
  const std::string unfinished = engine + ".init";
  fs::remove_all(unfinished, error);
  RETURN_IF_ERROR(CreateDirectory(unfinished));
  RETURN_IF_ERROR(CreateEngine(unfinished, service));
  RETURN_IF_ERROR(AckFile::Create(StoreFolder::AckPath(path), 0));
  fs::rename(unfinished, engine, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot finish the store in ", path, ": ", error.message()));
  RETURN_IF_ERROR(SyncDirectory(path));
  return SyncDirectory(fs::absolute(path).parent_path());
}

absl::StatusOr<std::unique_ptr<RocksDbKvStore>> RocksDbKvStore::Open(const std::string& path, RocksDbOptions options) {
  RETURN_IF_ERROR(CheckPresent(path));
  auto impl = std::make_unique<Impl>();
  ASSIGN_OR_RETURN(impl->common, OpenFolder(path, options));
  ASSIGN_OR_RETURN(OpenedRocksDb found, LookAtRocksDb(impl->common, options.service));
  impl->identity = found.identity;
  CommitState state = found.state;
  impl->engine = std::make_unique<RocksDbEngine>(impl->common, std::move(found));
  RETURN_IF_ERROR(impl->engine->OpenForWriting());
  if (!options.fatal) {
    options.fatal = [log = impl->common->log](std::string_view reason) {
      log(absl::StrCat("store: ending the process: ", ToAbsl(reason)));
      std::_Exit(3);
    };
  }
  impl->committer = std::make_unique<GroupCommitter>(
      *impl->engine, std::move(state),
      GroupCommitterOptions{.queue_limit = options.queue_limit, .fatal = std::move(options.fatal)});
  return std::unique_ptr<RocksDbKvStore>(new RocksDbKvStore(std::move(impl)));
}

RocksDbKvStore::RocksDbKvStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RocksDbKvStore::~RocksDbKvStore() {
  impl_->committer.reset();
  const std::shared_ptr<RocksDbDatabase> database = impl_->engine->database();
  if (database->read_only) return;
  // Nothing depends on this flush: it spares the next start the reading of the log.
  const rocksdb::Status status = database->db->Flush(rocksdb::FlushOptions());
  if (!status.ok()) impl_->common->log(absl::StrCat("store: flush on close failed: ", status.ToString()));
}

std::shared_ptr<const Snapshot> RocksDbKvStore::GetSnapshot() const { return impl_->committer->snapshot(); }

absl::Status RocksDbKvStore::Submit(TxnFn fn, TxnDone done) {
  return impl_->committer->Submit(std::move(fn), std::move(done));
}

int64_t RocksDbKvStore::ExpectedWaitMicros() const { return impl_->committer->ExpectedWaitMicros(); }

int64_t RocksDbKvStore::LastRevision() const { return impl_->committer->last_revision(); }

std::string RocksDbKvStore::epoch() const { return impl_->identity.epoch; }

const std::string& RocksDbKvStore::id() const { return impl_->identity.id; }

void RocksDbKvStore::SetCommitListener(std::function<void(int64_t)> listener) {
  impl_->committer->SetCommitListener(std::move(listener));
}

absl::Status RocksDbKvStore::CheckWritable() const { return impl_->engine->CheckWritable(); }

std::vector<std::pair<std::string, double>> RocksDbKvStore::Stats() const {
  std::vector<std::pair<std::string, double>> stats;
  impl_->committer->AppendStats(stats);
  AppendRocksDbStats(*impl_->engine->database(), stats);
  return stats;
}

absl::StatusOr<int64_t> RocksDbKvStore::Checkpoint(const std::string& path) const {
  std::error_code error;
  if (fs::exists(path, error)) return absl::AlreadyExistsError(absl::StrCat("there is something in ", path));
  const std::string unfinished = path + ".new";
  fs::remove_all(unfinished, error);
  absl::StatusOr<int64_t> revision = CopyInto(unfinished);
  if (!revision.ok()) {
    fs::remove_all(unfinished, error);
    return revision;
  }
  fs::rename(unfinished, path, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot finish ", path, ": ", error.message()));
  RETURN_IF_ERROR(SyncDirectory(fs::absolute(path).parent_path()));
  return revision;
}

absl::StatusOr<int64_t> RocksDbKvStore::CopyInto(const std::string& path) const {
  const std::shared_ptr<RocksDbDatabase> database = impl_->engine->database();
  if (database->read_only) return absl::UnavailableError("the volume has no room for a copy");
  // Read first: what is acknowledged while the copy is made need not be in it.
  const int64_t acknowledged = LastRevision();
  RETURN_IF_ERROR(CreateDirectory(path));
  rocksdb::Checkpoint* raw = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(database->db.get(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(StoreFolder::EnginePath(path));
  if (!status.ok()) {
    impl_->common->log(absl::StrCat("store: checkpoint failed: ", status.ToString()));
    return absl::UnavailableError("the engine could not make the copy; see the log");
  }
  RETURN_IF_ERROR(AckFile::Create(StoreFolder::AckPath(path), acknowledged));
  RETURN_IF_ERROR(SyncDirectory(path));
  RocksDbOptions looking{.block_cache_bytes = kSmallCacheBytes, .log = impl_->common->log};
  ASSIGN_OR_RETURN(const std::shared_ptr<RocksDbCommon> copy, OpenFolder(path, looking));
  ASSIGN_OR_RETURN(const OpenedRocksDb found, LookAtRocksDb(copy, impl_->identity.service));
  return found.state.newest.revision;
}

}  // namespace dangjian::storage
