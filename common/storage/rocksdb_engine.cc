#include "common/storage/rocksdb_engine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/key_codec.h"
#include "rocksdb/write_batch.h"

namespace dangjian::storage {
namespace {

using Recovery = rocksdb::WALRecoveryMode;

constexpr size_t kProtectionBytes = 8;  // per key, in the batch: finds bytes that flipped in memory

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

// Puts the store's path before what is wrong with it, and what to do behind.
absl::Status OfStore(const RocksDbCommon& common, const absl::Status& status) {
  const std::string message = absl::StrCat("the store in ", common.folder.path(), " ", status.message());
  if (!absl::IsDataLoss(status)) return absl::Status(status.code(), message);
  return absl::DataLossError(
      absl::StrCat(message, "; change none of its files and follow docs/runbooks/store-damaged.md"));
}

// Names the file that is wrong: the words are the engine's, and meant for an operator.
absl::Status OpenError(const RocksDbCommon& common, const rocksdb::Status& status) {
  const bool damaged = status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound();
  const std::string message = absl::StrCat(damaged ? "is damaged: " : "cannot be opened: ", status.ToString());
  return OfStore(common, damaged ? absl::DataLossError(message) : absl::UnavailableError(message));
}

absl::StatusOr<int64_t> ReadNumber(const Reader& reader, const std::string& key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  return value.has_value() ? DecodeCell(*value) : 0;
}

absl::StatusOr<int64_t> LastRevisionOf(const std::shared_ptr<RocksDbDatabase>& database) {
  return ReadNumber(*TakeRocksDbSnapshot(database, 0), LastRevisionKey());
}

// Reads who the store is and where it stands, and checks that it is whole.
absl::Status CheckContents(const RocksDbCommon& common, std::string_view service, OpenedRocksDb& opened) {
  const std::shared_ptr<const Snapshot> reader = TakeRocksDbSnapshot(opened.database, 0);
  ASSIGN_OR_RETURN(opened.identity, ReadIdentity(*reader));
  if (!service.empty() && service != opened.identity.service) {
    return absl::FailedPreconditionError(absl::StrCat("is of the service ", opened.identity.service, ", not of ",
                                                      ToAbsl(service), ": check --data and the mounted volume"));
  }
  ASSIGN_OR_RETURN(const int64_t last, ReadNumber(*reader, LastRevisionKey()));
  const int64_t acknowledged = common.folder.acked().revision();
  if (last < acknowledged) {
    return absl::DataLossError(absl::StrCat("ends at revision ", last, ", but ", acknowledged, " was acknowledged"));
  }
  const ChainPosition checked = common.folder.ReadCheckedPosition().value_or(ChainBeginning(opened.identity.id));
  RETURN_IF_ERROR(CheckChain(*reader, checked, last));
  ASSIGN_OR_RETURN(opened.state.newest, ChainEnd(*reader, opened.identity.id, last));
  ASSIGN_OR_RETURN(opened.state.starts, ReadNumber(*reader, StartsKey()));
  return absl::OkStatus();
}

// The strict mode refuses a log whose last record was cut short or came to the disk in parts, which a kill or a power
// cut in the middle of a write leaves. Such a tail was never acknowledged and is let go; damage with whole commits
// behind it is no tail. (What was acknowledged is compared afterwards, but that file may lag after a power cut.)
rocksdb::Status OpenWithoutTail(const std::shared_ptr<RocksDbCommon>& common, OpenedRocksDb& opened) {
  opened.recovery = Recovery::kPointInTimeRecovery;
  const rocksdb::Status status =
      OpenRocksDb(common, {.recovery = opened.recovery, .read_only = true}, &opened.database);
  if (!status.ok()) return status;
  std::shared_ptr<RocksDbDatabase> beyond;
  const rocksdb::Status skipping =
      OpenRocksDb(common, {.recovery = Recovery::kSkipAnyCorruptedRecords, .read_only = true}, &beyond);
  if (!skipping.ok()) return skipping;
  const absl::StatusOr<int64_t> before = LastRevisionOf(opened.database);
  const absl::StatusOr<int64_t> behind = LastRevisionOf(beyond);
  if (!before.ok() || !behind.ok() || *behind != *before) {
    return rocksdb::Status::Corruption("the log is damaged in the middle: whole commits stand behind the damage");
  }
  common->log("store: the log ends in a group that was never acknowledged; dropping it");
  return status;
}

}  // namespace

absl::StatusOr<OpenedRocksDb> LookAtRocksDb(const std::shared_ptr<RocksDbCommon>& common, std::string_view service) {
  OpenedRocksDb opened;
  rocksdb::Status status = OpenRocksDb(common, {.recovery = opened.recovery, .read_only = true}, &opened.database);
  if (status.IsCorruption()) {
    common->log(absl::StrCat("store: strict open refused: ", status.ToString()));
    status = OpenWithoutTail(common, opened);
  }
  if (!status.ok()) return OpenError(*common, status);
  if (const absl::Status checked = CheckContents(*common, service, opened); !checked.ok()) {
    return OfStore(*common, checked);
  }
  return opened;
}

RocksDbEngine::RocksDbEngine(std::shared_ptr<RocksDbCommon> common, OpenedRocksDb found)
    : common_(std::move(common)),
      recovery_(found.recovery),
      found_(found.state.newest),
      database_(std::move(found.database)) {}

absl::Status RocksDbEngine::OpenForWriting() {
  const absl::Status opened = TryOpenForWriting();
  if (!absl::IsResourceExhausted(opened)) return opened;
  common_->log(absl::StrCat("store: serving reads only: ", opened.message()));
  return absl::OkStatus();
}

absl::Status RocksDbEngine::TryOpenForWriting() {
  RETURN_IF_ERROR(CheckRoom(*database(), 0));
  std::shared_ptr<RocksDbDatabase> opened;
  const rocksdb::Status status = OpenRocksDb(common_, {.recovery = recovery_, .read_only = false}, &opened);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(status.ToString());
  if (!status.ok()) return OpenError(*common_, status);
  ASSIGN_OR_RETURN(const int64_t last, LastRevisionOf(opened));
  if (last != found_.revision) {
    return OfStore(*common_, absl::DataLossError(absl::StrCat("ended at revision ", found_.revision,
                                                              " when it was looked at, and now at ", last)));
  }
  // What the logs held is in tables now: the next start need not look at it again.
  if (const absl::Status noted = common_->folder.WriteCheckedPosition(found_); !noted.ok()) {
    common_->log(absl::StrCat("store: the next start checks all commits: ", noted.message()));
  }
  MutexLock lock(mutex_);
  database_ = std::move(opened);
  return absl::OkStatus();
}

absl::Status RocksDbEngine::CheckRoom(const RocksDbDatabase& database, size_t bytes) const {
  uint64_t in_memory = 0;
  database.db->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &in_memory);
  return common_->folder.CheckRoom(in_memory + bytes);
}

absl::Status RocksDbEngine::CheckSound(const RocksDbDatabase& database) const {
  RETURN_IF_ERROR(common_->folder.CheckInPlace());
  if (!*database.failed) return absl::OkStatus();
  return absl::UnavailableError("the engine's work in the background failed; see the log");
}

absl::Status RocksDbEngine::CheckWritable() const {
  const std::shared_ptr<RocksDbDatabase> open = database();
  RETURN_IF_ERROR(CheckSound(*open));
  return CheckRoom(*open, 0);
}

absl::Status RocksDbEngine::Apply(const WriteSet& writes, int64_t revision) {
  RETURN_IF_ERROR(CheckSound(*database()));
  if (database()->read_only) RETURN_IF_ERROR(TryOpenForWriting());
  const std::shared_ptr<RocksDbDatabase> open = database();
  rocksdb::WriteBatch batch(reserve_, 0, kProtectionBytes, 0);
  rocksdb::Status status;
  for (const auto& [key, value] : writes) {
    status = value.has_value() ? batch.Put(ToSlice(key), ToSlice(*value)) : batch.Delete(ToSlice(key));
    if (!status.ok()) return absl::InternalError(status.ToString());
  }
  reserve_ = std::max(reserve_, batch.GetDataSize());
  // Once in the log and once in a table.
  RETURN_IF_ERROR(CheckRoom(*open, 2 * batch.GetDataSize()));
  rocksdb::WriteOptions options;
  options.sync = true;
  status = open->db->Write(options, &batch);
  if (!status.ok()) return absl::UnavailableError(status.ToString());
  return common_->folder.acked().Record(revision);
}

std::shared_ptr<const Snapshot> RocksDbEngine::TakeSnapshot(int64_t revision) {
  return TakeRocksDbSnapshot(database(), revision);
}

std::shared_ptr<RocksDbDatabase> RocksDbEngine::database() const {
  MutexLock lock(mutex_);
  return database_;
}

}  // namespace dangjian::storage
