#include "common/testing/test_database.h"

#include "gtest/gtest.h"

namespace dangjian::testing {

TestDatabase::TestDatabase()
    : clock_(MicrosOfNoon(Day::Of(2024, 3, 15))),
      kv_(storage::MemoryKvStore::Create()),
      database_(std::make_unique<storage::Database>(*kv_, clock_)) {}

void TestDatabase::Open() {
  const absl::Status opened = database_->Open();
  ASSERT_TRUE(opened.ok()) << opened;
}

absl::StatusOr<int64_t> TestDatabase::Write(const storage::Database::Fn& fn) {
  return database_->Transact({.actor = "tester", .method = "/test/Write", .request_id = "r-1"}, fn);
}

void TestDatabase::Reopen() { database_ = std::make_unique<storage::Database>(*kv_, clock_); }

}  // namespace dangjian::testing
