#include "common/server/drift_watch.h"

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::IsOk;
using ::dangjian::testing::StatusIs;
using ::testing::HasSubstr;

class DriftWatchTest : public ::testing::Test {
 protected:
  DriftWatchTest()
      : logger_(db_.clock(), {.service = "test", .version = "0", .file = log_.get()}),
        organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
    testing::ToyOrganization organization = testing::MakeToyOrganization("a");
    EXPECT_THAT(db_.Write([&](storage::Transaction& txn) { return organizations_.Insert(txn, organization); }), IsOk());
    testing::ToyRecord record = testing::MakeToyRecord("r", "a");
    testing::AddToyContribution(record, testing::kToyMoney, Day::Of(2024, 5, 20), 100);
    EXPECT_THAT(db_.Write([&](storage::Transaction& txn) { return records_.Insert(txn, record); }), IsOk());
  }
  void LoseACell() {
    const std::string prefix = storage::KeyWriter(storage::keyspace::kCell).str();
    const std::string key(ScanPrefix(*db_.Read(), prefix)->key());
    EXPECT_THAT(db_.kv().Transact([&key](storage::KvTxn& txn) {
      txn.Delete(key);
      return absl::OkStatus();
    }),
                IsOk());
  }

  testing::TestDatabase db_;
  // Closed after the logger, which writes to it until its end.
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> log_{std::tmpfile(), &std::fclose};
  obs::Metrics metrics_{"0"};
  obs::Logger logger_;
  storage::Table<testing::ToyOrganization>& organizations_;
  storage::Table<testing::ToyRecord>& records_;
  DriftWatch watch_{*db_, metrics_, logger_};
};

TEST_F(DriftWatchTest, ShowsHowManyKeysDrifted) {
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_check_timestamp_seconds 0\n"));
  EXPECT_THAT(watch_.CheckOnce(), IsOk());
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_drift_keys 0\n"));
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_check_timestamp_seconds 1710"));
  LoseACell();
  EXPECT_THAT(watch_.CheckOnce(), IsOk());
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_drift_keys 1\n"));
}

TEST_F(DriftWatchTest, ChecksAtStartAndEndsWhenTold) {
  LoseACell();
  watch_.Start(std::chrono::hours(1));
  while (metrics_.Expose().find("\ndangjian_measure_drift_keys 1\n") == std::string::npos) std::this_thread::yield();
  watch_.Stop();
  watch_.Stop();
}

TEST_F(DriftWatchTest, ACheckThatIsEndedSaysNothing) {
  LoseACell();
  std::stop_source source;
  source.request_stop();
  EXPECT_THAT(watch_.CheckOnce(source.get_token()), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_check_timestamp_seconds 0\n"));
  EXPECT_THAT(metrics_.Expose(), HasSubstr("\ndangjian_measure_checks_failed_total 0\n"));
}

}  // namespace
}  // namespace dangjian::server
