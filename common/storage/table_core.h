#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/kv_store.h"
#include "common/storage/page_limit.h"
#include "common/storage/table_schema.h"
#include "dangjian/storage/v1/row.pb.h"
#include "google/protobuf/message.h"

namespace dangjian::storage {

class Transaction;

// A TableSchema with its types erased, so that the engine below Table<M> is compiled once.
struct TableInfo {
  struct Index {
    uint16_t tag;
    std::string_view name;
    std::function<bool(const google::protobuf::Message&, KeyWriter&)> columns;
    bool unique;
    std::function<std::vector<std::string>(const google::protobuf::Message&)> each;  // may be empty
  };
  uint16_t tag;
  std::string_view collection;
  const google::protobuf::Message* prototype;
  std::function<std::string(const google::protobuf::Message&)> owner;  // may be empty
  std::vector<Index> indexes;
  std::vector<const MeasureDef*> measures;
  std::function<std::vector<Contribution>(const google::protobuf::Message&)> contributions;  // may be empty
  std::function<std::vector<TreeEdge>(const google::protobuf::Message&)> parents;            // may be empty
};

// A page of rows.
struct RowPage {
  std::vector<std::unique_ptr<google::protobuf::Message>> rows;
  std::string last_key;  // continue after this key; empty when the range is exhausted
};

// The most that a row may have in bytes: a page, and an event of the feed with the versions before and after, have to
// fit what a client takes by default (4 MiB). Requests are far smaller; a record gets there by verbs that append.
inline constexpr size_t kMaxRowBytes = size_t{1024} * 1024;

// The version of the stored form that this code writes and reads; a row of another version is refused.
inline constexpr int32_t kRowSchemaVersion = 1;

// The engine of every table: row, history, index entries, measure cells and change log, all through one Transaction.
// Stateless after construction and thread-safe. Resources carry `name`; `etag`, `create_time` and `update_time`, where
// a resource has them, are filled on reading and never stored.
class TableCore {
 public:
  // Aborts when the resource has no text field `name`.
  explicit TableCore(TableInfo info);

  const TableInfo& info() const { return info_; }

  // NOT_FOUND (reason RECORD_NOT_FOUND) when there is no such record or `name` is not of this collection.
  absl::Status Get(const Reader& reader, std::string_view name, google::protobuf::Message* row) const;
  absl::StatusOr<bool> Exists(const Reader& reader, std::string_view name) const;
  // The version of the record at `revision` or just before it; NOT_FOUND when it did not exist then or was deleted.
  absl::Status GetAt(const Reader& reader, std::string_view name, int64_t revision,
                     google::protobuf::Message* row) const;

  // ALREADY_EXISTS (reasons RECORD_EXISTS, UNIQUE_VIOLATION), INVALID_ARGUMENT (INVALID_NAME), FAILED_PRECONDITION
  // (RECORD_TOO_LARGE). On success fills etag and times of `row`.
  absl::Status Insert(Transaction& txn, google::protobuf::Message& row) const;
  // NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION as Insert. A row that is as it was stays the version that it is: no
  // history, no change. On success fills etag and times of `row`.
  absl::Status Update(Transaction& txn, google::protobuf::Message& row) const;
  // NOT_FOUND.
  absl::Status Delete(Transaction& txn, std::string_view name) const;

  // The rows, up to `limit`, of an index whose entries begin with `prefix` (an index tag and leading columns), in index
  // order, starting after `after_key` when it is not empty.
  absl::StatusOr<RowPage> ListByIndex(const Reader& reader, std::string_view prefix, std::string_view after_key,
                                      PageLimit limit) const;
  // The same in the order of ids.
  absl::StatusOr<RowPage> ListAll(const Reader& reader, std::string_view after_key, PageLimit limit) const;

  // The contributions of a row with the organisation that owns them; none when the table has no measures.
  struct Owned {
    std::string owner;
    std::vector<Contribution> contributions;
  };
  Owned ContributionsOf(const google::protobuf::Message& row) const;

  // Calls `visit` with each row until it returns an error. For reconcile and start-up; not for calls.
  absl::Status ForEach(const Reader& reader,
                       const std::function<absl::Status(const google::protobuf::Message&)>& visit) const;

  // `pledges/p-1` → `p-1`; nullopt when the name is of another collection or malformed.
  std::optional<std::string_view> IdOf(std::string_view name) const;
  // The resource name in `row`.
  std::string NameOf(const google::protobuf::Message& row) const;

 private:
  using Message = google::protobuf::Message;

  std::string RowKey(std::string_view id) const;
  std::string HistoryKey(std::string_view id, int64_t revision) const;
  std::string RowPrefix() const;
  absl::StatusOr<std::string> RequireId(const Message& row) const;
  absl::Status NotFound(std::string_view name) const;
  // Reads the stored row of `id` and its resource.
  absl::Status Load(const Reader& reader, std::string_view name, v1::Row* stored, Message* row) const;
  absl::Status Decode(std::string_view bytes, v1::Row* stored, Message* row) const;
  // Sets etag and times, where the resource has them.
  void FillBookkeeping(const v1::Row& stored, Message* row) const;
  std::string SerializeResource(Message& row, const v1::Row& stored) const;
  // Writes a version: `before` is nullptr for a new record, `after` for one that goes. `stored` has the resource.
  absl::Status Write(Transaction& txn, std::string_view id, const Message* before, Message* after,
                     v1::Row& stored) const;
  absl::Status WriteRow(Transaction& txn, std::string_view id, bool goes, v1::Row& stored) const;
  void WriteIndexes(Transaction& txn, std::string_view id, const Message* before, const Message* after) const;
  // UNIQUE_VIOLATION when another row has the same in a unique index.
  absl::Status CheckUnique(const Transaction& txn, std::string_view id, const Message* before,
                           const Message& after) const;
  absl::Status WriteMeasures(Transaction& txn, std::string_view id, const Message* before, const Message* after) const;

  TableInfo info_;
  const google::protobuf::FieldDescriptor* name_;  // never nullptr
  const google::protobuf::FieldDescriptor* etag_;  // these may be
  const google::protobuf::FieldDescriptor* create_time_;
  const google::protobuf::FieldDescriptor* update_time_;
};

}  // namespace dangjian::storage
