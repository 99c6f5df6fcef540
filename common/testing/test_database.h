#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/storage/database.h"
#include "common/storage/memory_kv_store.h"

namespace dangjian::testing {

// A database in memory with a clock that stands still at noon of 2024-03-15. Add tables, call Open, then write.
//   TestDatabase db;
//   auto& table = db->AddTable(Schema());
//   db.Open();
//   db.Write([&](storage::Transaction& txn) { return table.Insert(txn, row); });
class TestDatabase {
 public:
  TestDatabase();

  // Fails the test when the store cannot be opened.
  void Open();
  // Runs one transaction; returns its revision.
  absl::StatusOr<int64_t> Write(const storage::Database::Fn& fn);
  // A fresh view.
  std::shared_ptr<const storage::Snapshot> Read() const { return database_->GetSnapshot(); }
  // A second database over the same store, without tables: as after a restart.
  void Reopen();

  storage::Database* operator->() { return database_.get(); }
  storage::Database& operator*() { return *database_; }
  FakeClock& clock() { return clock_; }
  storage::KvStore& kv() { return *kv_; }

 private:
  FakeClock clock_;
  std::unique_ptr<storage::MemoryKvStore> kv_;
  std::unique_ptr<storage::Database> database_;
};

}  // namespace dangjian::testing
