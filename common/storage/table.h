#pragma once

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/storage/table_core.h"
#include "common/storage/table_schema.h"

namespace dangjian::storage {

// Typed shell over TableCore: the repository of one resource. See TableCore for meaning and errors. Thread-safe.
template <class M>
class Table {
 public:
  explicit Table(const TableSchema<M>& schema) : core_(Erase(schema)) {}

  absl::StatusOr<M> Get(const Reader& reader, std::string_view name) const {
    M row;
    RETURN_IF_ERROR(core_.Get(reader, name, &row));
    return row;
  }
  absl::StatusOr<bool> Exists(const Reader& reader, std::string_view name) const { return core_.Exists(reader, name); }
  absl::Status Insert(Transaction& txn, M& row) const { return core_.Insert(txn, row); }
  absl::Status Update(Transaction& txn, M& row) const { return core_.Update(txn, row); }
  absl::Status Delete(Transaction& txn, std::string_view name) const { return core_.Delete(txn, name); }

  // All rows of an index that begin with `prefix`, at most `limit`. For rules that look at a few neighbours; lists are
  // paged.
  absl::StatusOr<std::vector<M>> Find(const Reader& reader, const KeyWriter& prefix, size_t limit) const {
    ASSIGN_OR_RETURN(RowPage page, core_.ListByIndex(reader, prefix.str(), "", limit));
    std::vector<M> rows;
    rows.reserve(page.rows.size());
    for (auto& row : page.rows) rows.push_back(std::move(static_cast<M&>(*row)));
    return rows;
  }

  // All of them, for rules that must look at every one.
  absl::StatusOr<std::vector<M>> FindAll(const Reader& reader, const KeyWriter& prefix) const {
    return Find(reader, prefix, std::numeric_limits<size_t>::max());
  }
  // Calls `visit`, (M&) → absl::Status, with every row of an index that begins with `prefix`, in index order, and
  // returns its first error. Reads a bounded number of rows at a time; `visit` may write them. For rules and verbs that
  // concern all rows of a record, however many.
  template <class Visit>
  absl::Status ForEach(const Reader& reader, const KeyWriter& prefix, const Visit& visit) const {
    std::string after;
    do {
      ASSIGN_OR_RETURN(const RowPage page, core_.ListByIndex(reader, prefix.str(), after, kRowsAtOnce));
      for (const auto& row : page.rows) RETURN_IF_ERROR(visit(static_cast<M&>(*row)));
      after = page.last_key;
    } while (!after.empty());
    return absl::OkStatus();
  }

  const TableCore& core() const { return core_; }

 private:
  static constexpr size_t kRowsAtOnce = 256;

  static TableInfo Erase(const TableSchema<M>& schema);

  TableCore core_;
};

template <class M>
TableInfo Table<M>::Erase(const TableSchema<M>& schema) {
  using google::protobuf::Message;
  TableInfo info{.tag = schema.tag,
                 .collection = schema.collection,
                 .prototype = &M::default_instance(),
                 .owner = {},
                 .indexes = {},
                 .measures = schema.measures,
                 .contributions = {},
                 .parents = {}};
  if (schema.owner != nullptr) {
    info.owner = [owner = schema.owner](const Message& row) { return owner(static_cast<const M&>(row)); };
  }
  for (const IndexSchema<M>& index : schema.indexes) {
    info.indexes.push_back(
        {.tag = index.tag,
         .name = index.name,
         .columns = [columns = index.columns](const Message& row,
                                              KeyWriter& key) { return columns(static_cast<const M&>(row), key); },
         .unique = index.unique,
         .each = {}});
    if (index.each == nullptr) continue;
    info.indexes.back().each = [each = index.each](const Message& row) { return each(static_cast<const M&>(row)); };
  }
  if (schema.contributions != nullptr) {
    info.contributions = [contributions = schema.contributions](const Message& row) {
      return contributions(static_cast<const M&>(row));
    };
  }
  if (schema.parents != nullptr) {
    info.parents = [parents = schema.parents](const Message& row) { return parents(static_cast<const M&>(row)); };
  }
  return info;
}

}  // namespace dangjian::storage
