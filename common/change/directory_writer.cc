#include "common/change/directory_writer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/field_access.h"
#include "common/rpc/references.h"
#include "common/storage/keyspace.h"
#include "google/protobuf/util/message_differencer.h"

namespace dangjian::change {
namespace {

using google::protobuf::Message;

// Writes of one transaction: short enough that live writes hardly wait.
constexpr size_t kPortion = 32;

std::string PositionKey() { return storage::KeyWriter(storage::keyspace::kMeta).Text("directory.registry").str(); }

storage::WriteOrigin Origin() {
  return {.actor = "directory", .method = "/dangjian.change.v1.ChangeService/Watch", .request_id = ""};
}

void PutPosition(storage::Transaction& txn, const storage::v1::FeedPosition& position) {
  txn.kv().Put(PositionKey(), position.SerializeAsString());
}

void ClearBookkeeping(Message& message) {
  for (const char* name : {"etag", "create_time", "update_time"}) {
    const auto* field = message.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) message.GetReflection()->ClearField(&message, field);
  }
}

// Inserts or updates; writes nothing when the record stands as it is.
absl::Status Upsert(const storage::TableCore& table, storage::Transaction& txn, const std::string& name, Message& row) {
  const std::unique_ptr<Message> current(row.New());
  const absl::Status found = table.Get(txn.reader(), name, current.get());
  if (absl::IsNotFound(found)) return table.Insert(txn, row);
  RETURN_IF_ERROR(found);
  ClearBookkeeping(*current);
  ClearBookkeeping(row);
  if (google::protobuf::util::MessageDifferencer::Equals(*current, row)) return absl::OkStatus();
  return table.Update(txn, row);
}

absl::Status InsertIfAbsent(const storage::TableCore& table, storage::Transaction& txn, const std::string& name,
                            const Message& row) {
  ASSIGN_OR_RETURN(const bool exists, table.Exists(txn.reader(), name));
  if (exists) return absl::OkStatus();
  const std::unique_ptr<Message> copy(row.New());
  copy->CopyFrom(row);
  return table.Insert(txn, *copy);
}

absl::Status CollectOthers(const storage::TableCore& table, const storage::Reader& reader,
                           const absl::flat_hash_set<std::string>& keep, std::vector<std::string>* names) {
  const auto* name_field = table.info().prototype->GetDescriptor()->FindFieldByName("name");
  return table.ForEach(reader, [&](const Message& row) {
    std::string name = row.GetReflection()->GetString(row, name_field);
    if (!keep.contains(name)) names->push_back(std::move(name));
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<storage::v1::FeedPosition> DirectoryWriter::Position() const {
  storage::v1::FeedPosition position;
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, database_.GetSnapshot()->Get(PositionKey()));
  if (bytes.has_value() && !position.ParseFromString(*bytes)) {
    return absl::DataLossError("the stored position of the directory feed is malformed");
  }
  return position;
}

std::vector<std::string_view> DirectoryWriter::Collections() const {
  std::vector<std::string_view> collections;
  for (const storage::TableCore* table : directory_.tables()) collections.push_back(table->info().collection);
  return collections;
}

const storage::TableCore* DirectoryWriter::Table(std::string_view collection) const {
  for (const storage::TableCore* table : directory_.tables()) {
    if (table->info().collection == collection) return table;
  }
  return nullptr;
}

absl::Status DirectoryWriter::Apply(std::span<const v1::ChangeEvent> events,
                                    const storage::v1::FeedPosition* position) {
  do {
    const std::span<const v1::ChangeEvent> portion = events.first(std::min(events.size(), kPortion));
    events = events.subspan(portion.size());
    const storage::v1::FeedPosition* reached = events.empty() ? position : nullptr;
    if (portion.empty() && reached == nullptr) break;
    const auto apply = [this, portion, reached](storage::Transaction& txn) {
      return ApplyPortion(txn, portion, reached);
    };
    RETURN_IF_ERROR(database_.Transact(Origin(), apply).status());
  } while (!events.empty());
  return absl::OkStatus();
}

absl::Status DirectoryWriter::ApplyPortion(storage::Transaction& txn, std::span<const v1::ChangeEvent> events,
                                           const storage::v1::FeedPosition* position) {
  for (const v1::ChangeEvent& event : events) RETURN_IF_ERROR(ApplyEvent(txn, event));
  if (position != nullptr) PutPosition(txn, *position);
  return absl::OkStatus();
}

absl::Status DirectoryWriter::ApplyEvent(storage::Transaction& txn, const v1::ChangeEvent& event) {
  const storage::TableCore* table = Table(event.collection());
  if (table == nullptr || IsOutdated(event)) return absl::OkStatus();
  if (event.operation() == v1::CHANGE_OPERATION_DELETE) {
    ASSIGN_OR_RETURN(const bool exists, table->Exists(txn.reader(), event.name()));
    if (!exists) return absl::OkStatus();
    return directory_.Write(txn, event.name(), [&] { return table->Delete(txn, event.name()); });
  }
  const std::unique_ptr<Message> row(table->info().prototype->New());
  if (!event.after().UnpackTo(row.get())) {
    return absl::DataLossError(absl::StrCat("a change of ", event.collection(), " at revision ", event.revision(),
                                            " carries no record of that kind"));
  }
  return directory_.Write(txn, event.name(), [&] { return Upsert(*table, txn, event.name(), *row); });
}

bool DirectoryWriter::IsOutdated(const v1::ChangeEvent& event) {
  MutexLock lock(mutex_);
  const auto it = fetched_.find(event.name());
  if (it == fetched_.end()) return false;
  if (event.revision() < it->second) return true;
  fetched_.erase(it);
  return false;
}

absl::Status DirectoryWriter::RemoveOthers(const absl::flat_hash_set<std::string>& keep,
                                           const storage::v1::FeedPosition& position) {
  std::vector<std::string> names;
  {
    const auto snapshot = database_.GetSnapshot();
    // Backwards: members go before the organisations to which they refer.
    const std::vector<const storage::TableCore*> tables = directory_.tables();
    for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
      RETURN_IF_ERROR(CollectOthers(**table, *snapshot, keep, &names));
    }
  }
  std::vector<v1::ChangeEvent> removals;
  for (std::string& name : names) {
    v1::ChangeEvent& removal = removals.emplace_back();
    removal.set_revision(position.revision());
    removal.set_operation(v1::CHANGE_OPERATION_DELETE);
    removal.set_collection(name.substr(0, name.find('/')));
    removal.set_name(std::move(name));
  }
  return Apply(removals, &position);
}

absl::Status DirectoryWriter::StoreFetched(const std::vector<const Message*>& records) {
  struct Fetched {
    const storage::TableCore* table;
    std::string name;
    const Message* row;
  };
  std::vector<Fetched> fetched;
  for (const Message* row : records) {
    std::string name = rpc::GetText(*row, "name");
    const storage::TableCore* table = Table(rpc::CollectionOf(name));
    if (table == nullptr) return absl::InternalError(absl::StrCat("the directory does not keep ", name));
    // Noted first: from here on the feed passes over older versions, whichever of the two transactions comes first.
    NoteFetched(name, rpc::GetText(*row, "etag"));
    fetched.push_back({table, std::move(name), row});
  }
  return database_
      .Transact(Origin(),
                [&](storage::Transaction& txn) -> absl::Status {
                  for (const Fetched& one : fetched) {
                    RETURN_IF_ERROR(directory_.Write(
                        txn, one.name, [&] { return InsertIfAbsent(*one.table, txn, one.name, *one.row); }));
                  }
                  return absl::OkStatus();
                })
      .status();
}

void DirectoryWriter::NoteFetched(const std::string& name, const std::string& etag) {
  int64_t revision = 0;
  if (!absl::SimpleAtoi(etag, &revision)) return;
  MutexLock lock(mutex_);
  int64_t& newest = fetched_[name];
  newest = std::max(newest, revision);
}

void DirectoryWriter::NoteReached(Reached reached) {
  MutexLock lock(mutex_);
  reached_ = std::move(reached);
  reached_changed_.NotifyAll();
}

DirectoryWriter::Reached DirectoryWriter::reached() const {
  MutexLock lock(mutex_);
  return reached_;
}

bool DirectoryWriter::WaitReached(const std::string& epoch, int64_t revision, std::chrono::microseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mutex_);
  while (reached_.epoch == epoch && reached_.revision < revision) {
    const auto rest = end - std::chrono::steady_clock::now();
    if (rest <= std::chrono::steady_clock::duration::zero()) return false;
    reached_changed_.WaitFor(mutex_, rest);
  }
  return reached_.epoch == epoch;
}

void DirectoryWriter::ForgetFetched() {
  MutexLock lock(mutex_);
  fetched_.clear();
}

}  // namespace dangjian::change
