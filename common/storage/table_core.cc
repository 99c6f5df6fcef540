#include "common/storage/table_core.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/storage/database.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"

namespace dangjian::storage {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr size_t kRowsReadAtOnce = 64;

// Equal messages give equal bytes.
std::string Serialize(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

const FieldDescriptor* FindText(const Message& prototype, const char* name) {
  const FieldDescriptor* field = prototype.GetDescriptor()->FindFieldByName(name);
  const bool fits = field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated();
  return fits ? field : nullptr;
}

const FieldDescriptor* FindTime(const Message& prototype, const char* name) {
  const FieldDescriptor* field = prototype.GetDescriptor()->FindFieldByName(name);
  const bool fits =
      field != nullptr && !field->is_repeated() && field->message_type() == google::protobuf::Timestamp::descriptor();
  return fits ? field : nullptr;
}

void SetTime(const FieldDescriptor* field, int64_t micros, Message* row) {
  if (field == nullptr) return;
  auto* time = static_cast<google::protobuf::Timestamp*>(row->GetReflection()->MutableMessage(row, field));
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {
    --seconds;
    rest += kMicrosPerSecond;
  }
  time->set_seconds(seconds);
  time->set_nanos(static_cast<int32_t>(rest * 1000));
}

// The columns of a row's index entries, after the tag and before the id, each once; none when the index leaves the row
// out.
std::set<std::string> IndexColumns(const TableInfo::Index& index, const Message* row) {
  std::set<std::string> entries;
  if (row == nullptr) return entries;
  const auto add = [&](KeyWriter key) {
    if (index.columns(*row, key)) entries.insert(std::move(key).str());
  };
  if (!index.each) add(KeyWriter(index.tag));
  const std::vector<std::string> texts = index.each ? index.each(*row) : std::vector<std::string>();
  for (const std::string& text : texts) add(KeyWriter(index.tag).Text(text));
  return entries;
}

std::string IndexKey(std::string columns, std::string_view id) {
  // A KeyWriter begins with a tag; the text column of the id is what follows it.
  return columns.append(std::string_view(KeyWriter(0).Text(id).str()).substr(sizeof(uint16_t)));
}

// The smallest key greater than `key`.
std::string KeyAfter(std::string_view key) { return std::string(key) + '\0'; }

v1::Change::Operation OperationOf(const Message* before, const Message* after) {
  if (before == nullptr) return v1::Change::OPERATION_CREATE;
  return after == nullptr ? v1::Change::OPERATION_DELETE : v1::Change::OPERATION_UPDATE;
}

}  // namespace

TableCore::TableCore(TableInfo info)
    : info_(std::move(info)),
      name_(FindText(*info_.prototype, "name")),
      etag_(FindText(*info_.prototype, "etag")),
      create_time_(FindTime(*info_.prototype, "create_time")),
      update_time_(FindTime(*info_.prototype, "update_time")) {
  if (name_ == nullptr) {
    std::fprintf(stderr, "table %s: the resource has no field `name`\n", std::string(info_.collection).c_str());
    std::abort();
  }
}

absl::Status TableCore::Get(const Reader& reader, std::string_view name, Message* row) const {
  v1::Row stored;
  return Load(reader, name, &stored, row);
}

absl::StatusOr<bool> TableCore::Exists(const Reader& reader, std::string_view name) const {
  const std::optional<std::string_view> id = IdOf(name);
  if (!id.has_value()) return false;
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(RowKey(*id)));
  return bytes.has_value();
}

absl::Status TableCore::GetAt(const Reader& reader, std::string_view name, int64_t revision, Message* row) const {
  const std::optional<std::string_view> id = IdOf(name);
  if (!id.has_value()) return NotFound(name);
  const std::string prefix = KeyWriter(keyspace::kHistory).Uint16(info_.tag).Text(*id).str();
  auto cursor = reader.Scan(HistoryKey(*id, revision), PrefixEnd(prefix));
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) return NotFound(name);
  v1::Row stored;
  RETURN_IF_ERROR(Decode(cursor->value(), &stored, row));
  return stored.deleted() ? NotFound(name) : absl::OkStatus();
}

absl::Status TableCore::Insert(Transaction& txn, Message& row) const {
  ASSIGN_OR_RETURN(const std::string id, RequireId(row));
  ASSIGN_OR_RETURN(const std::optional<std::string> existing, txn.reader().Get(RowKey(id)));
  if (existing.has_value()) {
    const std::string name = NameOf(row);
    return Error(reasons::kRecordExists, absl::StrCat(name, " exists already: choose another id"),
                 {{"resource", name}});
  }
  v1::Row stored;
  stored.set_create_revision(txn.revision());
  stored.set_create_time_us(txn.now_micros());
  stored.set_resource(SerializeResource(row, stored));
  return Write(txn, id, nullptr, &row, stored);
}

absl::Status TableCore::Update(Transaction& txn, Message& row) const {
  ASSIGN_OR_RETURN(const std::string id, RequireId(row));
  v1::Row stored;
  const std::unique_ptr<Message> before(info_.prototype->New());
  RETURN_IF_ERROR(Load(txn.reader(), NameOf(row), &stored, before.get()));
  std::string resource = SerializeResource(row, stored);
  if (resource == stored.resource()) return absl::OkStatus();
  stored.set_resource(std::move(resource));
  return Write(txn, id, before.get(), &row, stored);
}

absl::Status TableCore::Delete(Transaction& txn, std::string_view name) const {
  v1::Row stored;
  const std::unique_ptr<Message> before(info_.prototype->New());
  RETURN_IF_ERROR(Load(txn.reader(), name, &stored, before.get()));
  return Write(txn, *IdOf(name), before.get(), nullptr, stored);
}

absl::Status TableCore::Write(Transaction& txn, std::string_view id, const Message* before, Message* after,
                              v1::Row& stored) const {
  stored.set_schema_version(kRowSchemaVersion);
  stored.set_revision(txn.revision());
  stored.set_update_time_us(txn.now_micros());
  if (after != nullptr) {
    // Before the functions of the schema see it, so that they see the same row now and when it is read again.
    FillBookkeeping(stored, after);
    RETURN_IF_ERROR(CheckUnique(txn, id, before, *after));
  }
  // Row and index entries together: whoever reads on in a transaction that is lost already finds one with the other.
  RETURN_IF_ERROR(WriteRow(txn, id, after == nullptr, stored));
  WriteIndexes(txn, id, before, after);
  const std::string name = NameOf(after != nullptr ? *after : *before);
  if (info_.parents) {
    std::optional<std::vector<TreeEdge>> parents;
    if (after != nullptr) parents = info_.parents(*after);
    RETURN_IF_ERROR(txn.MoveOrganization(name, std::move(parents)));
  }
  RETURN_IF_ERROR(WriteMeasures(txn, id, before, after));
  v1::Change change;
  change.set_collection(std::string(info_.collection));
  change.set_name(name);
  change.set_operation(OperationOf(before, after));
  txn.RecordChange(std::move(change));
  return absl::OkStatus();
}

absl::Status TableCore::WriteRow(Transaction& txn, std::string_view id, bool goes, v1::Row& stored) const {
  if (!goes) {
    const std::string bytes = Serialize(stored);
    if (bytes.size() > kMaxRowBytes) {
      return Error(reasons::kRecordTooLarge,
                   absl::StrCat("the record would have ", bytes.size(), " bytes; ", kMaxRowBytes,
                                " are allowed: shorten its lists and texts"),
                   {{"bytes", absl::StrCat(bytes.size())}, {"limit", absl::StrCat(kMaxRowBytes)}});
    }
    txn.kv().Put(RowKey(id), bytes);
    txn.kv().Put(HistoryKey(id, txn.revision()), bytes);
  } else {
    stored.clear_resource();
    stored.set_deleted(true);
    txn.kv().Delete(RowKey(id));
    txn.kv().Put(HistoryKey(id, txn.revision()), Serialize(stored));
  }
  return absl::OkStatus();
}

void TableCore::WriteIndexes(Transaction& txn, std::string_view id, const Message* before, const Message* after) const {
  for (const TableInfo::Index& index : info_.indexes) {
    const std::set<std::string> old_entries = IndexColumns(index, before);
    const std::set<std::string> new_entries = IndexColumns(index, after);
    for (const std::string& columns : old_entries) {
      if (!new_entries.contains(columns)) txn.kv().Delete(IndexKey(columns, id));
    }
    for (const std::string& columns : new_entries) {
      if (!old_entries.contains(columns)) txn.kv().Put(IndexKey(columns, id), id);
    }
  }
}

absl::Status TableCore::CheckUnique(const Transaction& txn, std::string_view id, const Message* before,
                                    const Message& after) const {
  for (const TableInfo::Index& index : info_.indexes) {
    if (!index.unique) continue;
    const std::set<std::string> old_entries = IndexColumns(index, before);
    for (const std::string& columns : IndexColumns(index, &after)) {
      if (old_entries.contains(columns)) continue;
      auto cursor = ScanPrefix(txn.reader(), columns);
      for (; cursor->Valid(); cursor->Next()) {
        if (cursor->value() == id) continue;
        return Error(reasons::kUniqueViolation,
                     absl::StrCat("another of ", ToAbsl(info_.collection), " has the same ", ToAbsl(index.name)),
                     {{"index", std::string(index.name)},
                      {"resource", absl::StrCat(ToAbsl(info_.collection), "/", ToAbsl(cursor->value()))}});
      }
      RETURN_IF_ERROR(cursor->status());
    }
  }
  return absl::OkStatus();
}

absl::Status TableCore::WriteMeasures(Transaction& txn, std::string_view id, const Message* before,
                                      const Message* after) const {
  if (!info_.contributions) return absl::OkStatus();
  Owned old_owned;
  Owned new_owned;
  if (before != nullptr) old_owned = ContributionsOf(*before);
  if (after != nullptr) new_owned = ContributionsOf(*after);
  return txn.measures().ApplyDifference(txn, info_.tag, id, old_owned.owner, old_owned.contributions, new_owned.owner,
                                        new_owned.contributions);
}

absl::StatusOr<RowPage> TableCore::ListByIndex(const Reader& reader, std::string_view prefix,
                                               std::string_view after_key, PageLimit limit) const {
  RowPage page;
  size_t bytes = 0;
  const std::string begin = after_key.empty() ? std::string(prefix) : KeyAfter(after_key);
  auto cursor = reader.Scan(begin, PrefixEnd(prefix));
  while (cursor->Valid() && page.rows.size() < limit.rows) {
    // Some rows at a time, so that a page of large rows does not read far more than it takes.
    std::vector<std::string> entries;
    std::vector<std::string> keys;
    const size_t most = std::min(kRowsReadAtOnce, limit.rows - page.rows.size());
    for (; cursor->Valid() && keys.size() < most; cursor->Next()) {
      entries.emplace_back(cursor->key());
      keys.push_back(RowKey(cursor->value()));
    }
    ASSIGN_OR_RETURN(const std::vector<std::optional<std::string>> rows, reader.MultiGet(keys));
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i].has_value())
        return absl::DataLossError(absl::StrCat("an index of ", ToAbsl(info_.collection), " has no row"));
      bytes += rows[i]->size();
      if (bytes > limit.bytes && !page.rows.empty()) return page;
      v1::Row stored;
      RETURN_IF_ERROR(Decode(*rows[i], &stored, page.rows.emplace_back(info_.prototype->New()).get()));
      page.last_key = std::move(entries[i]);
    }
  }
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) page.last_key.clear();
  return page;
}

absl::StatusOr<RowPage> TableCore::ListAll(const Reader& reader, std::string_view after_key, PageLimit limit) const {
  RowPage page;
  size_t bytes = 0;
  const std::string prefix = RowPrefix();
  const std::string begin = after_key.empty() ? prefix : KeyAfter(after_key);
  auto cursor = reader.Scan(begin, PrefixEnd(prefix));
  for (; cursor->Valid() && page.rows.size() < limit.rows; cursor->Next()) {
    bytes += cursor->value().size();
    if (bytes > limit.bytes && !page.rows.empty()) return page;
    v1::Row stored;
    RETURN_IF_ERROR(Decode(cursor->value(), &stored, page.rows.emplace_back(info_.prototype->New()).get()));
    page.last_key = cursor->key();
  }
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) page.last_key.clear();
  return page;
}

TableCore::Owned TableCore::ContributionsOf(const Message& row) const {
  if (!info_.contributions) return {};
  return {.owner = info_.owner ? info_.owner(row) : std::string(), .contributions = info_.contributions(row)};
}

absl::Status TableCore::ForEach(const Reader& reader, const std::function<absl::Status(const Message&)>& visit) const {
  auto cursor = ScanPrefix(reader, RowPrefix());
  for (; cursor->Valid(); cursor->Next()) {
    v1::Row stored;
    const std::unique_ptr<Message> row(info_.prototype->New());
    RETURN_IF_ERROR(Decode(cursor->value(), &stored, row.get()));
    RETURN_IF_ERROR(visit(*row));
  }
  return cursor->status();
}

std::optional<std::string_view> TableCore::IdOf(std::string_view name) const {
  if (name.size() <= info_.collection.size() || !name.starts_with(info_.collection)) return std::nullopt;
  name.remove_prefix(info_.collection.size());
  if (name[0] != '/' || !IsResourceId(name.substr(1))) return std::nullopt;
  return name.substr(1);
}

std::string TableCore::NameOf(const Message& row) const { return row.GetReflection()->GetString(row, name_); }

std::string TableCore::RowPrefix() const { return KeyWriter(info_.tag).str(); }

std::string TableCore::RowKey(std::string_view id) const { return KeyWriter(info_.tag).Text(id).str(); }

std::string TableCore::HistoryKey(std::string_view id, int64_t revision) const {
  return KeyWriter(keyspace::kHistory).Uint16(info_.tag).Text(id).Int64Descending(revision).str();
}

absl::StatusOr<std::string> TableCore::RequireId(const Message& row) const {
  const std::string name = NameOf(row);
  const std::optional<std::string_view> id = IdOf(name);
  if (id.has_value()) return std::string(*id);
  return Error(reasons::kInvalidName, absl::StrCat("the name must be ", ToAbsl(info_.collection), "/<id>"),
               {{"collection", std::string(info_.collection)}});
}

absl::Status TableCore::NotFound(std::string_view name) const {
  return Error(reasons::kRecordNotFound,
               absl::StrCat("no such record in ", ToAbsl(info_.collection), ": check the name"),
               {{"resource", std::string(name)}});
}

absl::Status TableCore::Load(const Reader& reader, std::string_view name, v1::Row* stored, Message* row) const {
  const std::optional<std::string_view> id = IdOf(name);
  if (!id.has_value()) return NotFound(name);
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(RowKey(*id)));
  if (!bytes.has_value()) return NotFound(name);
  return Decode(*bytes, stored, row);
}

absl::Status TableCore::Decode(std::string_view bytes, v1::Row* stored, Message* row) const {
  if (!stored->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat("a row of ", ToAbsl(info_.collection), " is malformed"));
  }
  if (stored->schema_version() != kRowSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat("a row of ", ToAbsl(info_.collection),
                                                      " has the unknown schema version ", stored->schema_version()));
  }
  if (stored->deleted()) return absl::OkStatus();
  if (!row->ParseFromString(stored->resource())) {
    return absl::DataLossError(absl::StrCat("a resource of ", ToAbsl(info_.collection), " is malformed"));
  }
  FillBookkeeping(*stored, row);
  return absl::OkStatus();
}

void TableCore::FillBookkeeping(const v1::Row& stored, Message* row) const {
  if (etag_ != nullptr) row->GetReflection()->SetString(row, etag_, absl::StrCat(stored.revision()));
  SetTime(create_time_, stored.create_time_us(), row);
  SetTime(update_time_, stored.update_time_us(), row);
}

std::string TableCore::SerializeResource(Message& row, const v1::Row& stored) const {
  for (const FieldDescriptor* field : {etag_, create_time_, update_time_}) {
    if (field != nullptr) row.GetReflection()->ClearField(&row, field);
  }
  std::string bytes = Serialize(row);
  FillBookkeeping(stored, &row);
  return bytes;
}

}  // namespace dangjian::storage
