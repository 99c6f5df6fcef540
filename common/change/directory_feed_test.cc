#include "common/change/directory_feed.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/change/fake_registry.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::change {
namespace {

using ::dangjian::registry::v1::Organization;
using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::StatusIs;
using ::dangjian::testing::TestDatabase;
using ::testing::AnyOf;

class DirectoryFeedTest : public ::testing::Test {
 protected:
  DirectoryFeedTest()
      : registry_(std::make_unique<FakeRegistry>(folder_.socket())), directory_(*db_), writer_(*db_, directory_) {
    db_.Open();
  }

  void StartFeed() {
    age_ = std::make_unique<rpc::ReplicaAge>(limit_);
    feed_ = std::make_unique<DirectoryFeed>(writer_, client_, *age_, *metrics_, logger_,
                                            DirectoryFeedOptions{.caller = "dangjian-test",
                                                                 .first_pause = std::chrono::milliseconds(1),
                                                                 .longest_pause = std::chrono::milliseconds(5)});
    feed_->Start();
  }
  // As after a restart of the process.
  void RestartFeed() {
    feed_.reset();
    metrics_ = std::make_unique<obs::Metrics>("1");
    StartFeed();
  }
  bool Has(const std::string& name) const {
    const auto* table = writer_.Table(name.substr(0, name.find('/')));
    return table->Exists(*db_.Read(), name).value();
  }
  // Waits for what the feed's thread is to do; the test's own time limit ends a wait in vain.
  static void Await(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  void AwaitRecord(const std::string& name) const {
    Await([&] { return Has(name); });
  }
  bool Shows(const std::string& line) const { return metrics_->Expose().find(line + "\n") != std::string::npos; }
  // The value of a metric without labels.
  double Metric(const std::string& name) const {
    const std::string page = metrics_->Expose();
    return std::stod(page.substr(page.find("\n" + name + " ") + name.size() + 2));
  }

  SocketFolder folder_;
  std::unique_ptr<FakeRegistry> registry_;
  rpc::Client client_ = FakeRegistry::Connect(folder_.socket());
  TestDatabase db_;
  Directory directory_;
  DirectoryWriter writer_;
  std::unique_ptr<obs::Metrics> metrics_ = std::make_unique<obs::Metrics>("1");
  std::chrono::milliseconds limit_{60'000};
  std::unique_ptr<rpc::ReplicaAge> age_;
  obs::Logger logger_{db_.clock(), {.service = "dangjian-test", .level = obs::LogLevel::kError}};
  std::unique_ptr<DirectoryFeed> feed_;
};

TEST_F(DirectoryFeedTest, CopiesWhatIsThereAndFollows) {
  registry_->Put(MakeOrganization("street"));
  registry_->Put(MakeOrganization("community", "street"));
  StartFeed();
  AwaitRecord("organizations/community");
  registry_->Put(MakeMember("m-1", "community"));
  AwaitRecord("members/m-1");
  EXPECT_TRUE(db_->tree()->IsWithin("organizations/community", "organizations/street", Day::Of(2024, 1, 1)));
  registry_->DeleteMember("members/m-1");
  Await([&] { return !Has("members/m-1"); });
}

TEST_F(DirectoryFeedTest, BringsEveryCollectionOfTheDirectory) {
  registry_->Put(MakeOrganization("committee"));
  registry_->Put(MakeHousehold("h-1", "committee"));
  StartFeed();
  AwaitRecord("households/h-1");
  registry_->Put(MakeResident("r-1", "committee", "h-1"));
  registry_->Put(MakeResidentUnit("u-1", "committee"));
  AwaitRecord("residents/r-1");
  AwaitRecord("residentUnits/u-1");
}

TEST_F(DirectoryFeedTest, IsReadyOnceItHasAFullCopy) {
  registry_.reset();
  StartFeed();
  EXPECT_THAT(feed_->Ready(), StatusIs(absl::StatusCode::kUnavailable));
  registry_ = std::make_unique<FakeRegistry>(folder_.socket());
  Await([&] { return feed_->Ready().ok(); });
  EXPECT_TRUE(Shows("dangjian_directory_lag_revisions 0"));
}

TEST_F(DirectoryFeedTest, CatchesUpWithWhatTheRegistryHas) {
  registry_->Put(MakeOrganization("street"));
  StartFeed();
  AwaitRecord("organizations/street");
  for (int i = 0; i < 20; ++i) {
    const std::string id = absl::StrCat("o-", i);
    registry_->Put(MakeOrganization(id));
    ASSERT_THAT(feed_->CatchUp(std::chrono::seconds(10)), IsOk());
    EXPECT_TRUE(Has("organizations/" + id)) << i;
  }
  ASSERT_THAT(feed_->CatchUp(std::chrono::seconds(10)), IsOk()) << "nothing new";
}

TEST_F(DirectoryFeedTest, CatchingUpNeedsTheRegistryAndACopyOfIt) {
  registry_->StopServing();
  StartFeed();
  EXPECT_THAT(feed_->CatchUp(std::chrono::milliseconds(200)), HasReason(rpc::kDirectoryBehind)) << "no copy yet";
  registry_->Serve();
  registry_->Put(MakeOrganization("street"));
  AwaitRecord("organizations/street");
  Await([&] { return feed_->CatchUp(std::chrono::seconds(10)).ok(); });
  registry_->StopServing();
  EXPECT_THAT(feed_->CatchUp(std::chrono::milliseconds(200)), HasReason("BACKEND_UNAVAILABLE"));
}

TEST_F(DirectoryFeedTest, ACopyOfAnotherRegistryIsBehind) {
  registry_->Put(MakeOrganization("street"));
  StartFeed();
  AwaitRecord("organizations/street");
  Await([&] { return feed_->CatchUp(std::chrono::seconds(10)).ok(); });
  feed_->Stop();  // so that it does not notice
  registry_.reset();
  registry_ = std::make_unique<FakeRegistry>(folder_.socket());
  absl::Status status;
  Await([&] { return ReasonOf(status = feed_->CatchUp(std::chrono::seconds(1))) != "BACKEND_UNAVAILABLE"; });
  EXPECT_THAT(status, HasReason(rpc::kDirectoryBehind));
}

TEST_F(DirectoryFeedTest, AFeedThatDoesNotBringWhatIsThereIsBehind) {
  registry_->Put(MakeOrganization("street"));
  StartFeed();
  AwaitRecord("organizations/street");
  Await([&] { return feed_->CatchUp(std::chrono::seconds(10)).ok(); });
  feed_->Stop();
  EXPECT_THAT(feed_->CatchUp(std::chrono::seconds(10)), IsOk()) << "nothing is missing";
  registry_->Put(MakeOrganization("late"));
  EXPECT_THAT(feed_->CatchUp(std::chrono::milliseconds(100)), HasReason(rpc::kDirectoryBehind));
}

TEST_F(DirectoryFeedTest, ComesBackWhenTheRegistryWasAway) {
  registry_->Put(MakeOrganization("a"));
  StartFeed();
  AwaitRecord("organizations/a");
  registry_->StopServing();
  registry_->Put(MakeOrganization("b"));
  Await([&] { return !Shows("dangjian_directory_reconnects_total 0"); });
  EXPECT_FALSE(Has("organizations/b"));
  registry_->Serve();
  AwaitRecord("organizations/b");
  EXPECT_TRUE(Shows("dangjian_directory_resyncs_total 0"));
}

TEST_F(DirectoryFeedTest, ResumesFromTheStoredPositionWithoutReadingAgain) {
  registry_->Put(MakeOrganization("a"));
  StartFeed();
  Await([&] { return writer_.Position().value().revision() == 1; });
  feed_.reset();
  const int64_t before = db_.kv().LastRevision();
  RestartFeed();
  Await([&] { return Shows("dangjian_directory_lag_revisions 0") && feed_->Ready().ok(); });
  registry_->Put(MakeOrganization("b"));
  AwaitRecord("organizations/b");
  EXPECT_EQ(before + 1, db_.kv().LastRevision());
}

// The copy of an earlier process may be of any age.
TEST_F(DirectoryFeedTest, AWarmCopyIsReadyOnceTheRegistryHasSpoken) {
  registry_->Put(MakeOrganization("a"));
  StartFeed();
  Await([&] { return feed_->Ready().ok() && writer_.Position().value().revision() == 1; });
  feed_.reset();
  registry_->StopServing();
  RestartFeed();
  Await([&] { return Metric("dangjian_directory_reconnects_total") >= 3; });
  EXPECT_THAT(feed_->Ready(), StatusIs(absl::StatusCode::kUnavailable));
  registry_->Serve();
  Await([&] { return feed_->Ready().ok(); });
}

TEST_F(DirectoryFeedTest, IsNotReadyBeforeTheWholeFirstCopyIsHere) {
  for (int i = 0; i < 200; ++i) registry_->Put(MakeOrganization(absl::StrCat("o-", i)));
  std::atomic<int> ready_too_early = 0;
  directory_.AddFollower([](storage::Transaction&, std::string_view) { return absl::OkStatus(); });
  StartFeed();
  while (!Has("organizations/o-199")) {
    // The order matters: what is ready holds everything.
    if (feed_->Ready().ok() && !Has("organizations/o-199")) ++ready_too_early;
  }
  EXPECT_EQ(ready_too_early, 0);
  Await([&] { return feed_->Ready().ok(); });
}

TEST_F(DirectoryFeedTest, ACopyOfWhichNothingIsHeardIsStaleAndSaysSo) {
  limit_ = std::chrono::milliseconds(300);
  registry_->Put(MakeOrganization("a"));
  StartFeed();
  Await([&] { return feed_->Ready().ok(); });
  registry_->StopServing();
  Await([&] { return !feed_->Ready().ok(); });
  EXPECT_TRUE(age_->Now().stale);
  EXPECT_GE(Metric("dangjian_directory_lag_seconds"), 0.3);
  EXPECT_TRUE(std::isnan(Metric("dangjian_directory_lag_revisions"))) << "nobody knows";
  EXPECT_THAT(std::string(feed_->Ready().message()), ::testing::HasSubstr("s old"));
  registry_->Serve();
  Await([&] { return feed_->Ready().ok(); });
  EXPECT_EQ(Metric("dangjian_directory_lag_revisions"), 0);
}

TEST_F(DirectoryFeedTest, AnEndInDueTimeIsNoFault) {
  registry_.reset();
  registry_ = std::make_unique<FakeRegistry>(folder_.socket(), std::chrono::milliseconds(20));
  StartFeed();
  for (int i = 0; i < 20; ++i) {
    registry_->Put(MakeOrganization(absl::StrCat("o-", i)));
    AwaitRecord(absl::StrCat("organizations/o-", i));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(Metric("dangjian_directory_reconnects_total"), 0);
}

TEST_F(DirectoryFeedTest, CopiesAnewWhenTheRegistrysStoreChanged) {
  for (int i = 0; i < 10; ++i) registry_->Put(MakeMember(absl::StrCat("old-", i)));
  registry_->Put(MakeOrganization("kept", "", "before"));
  StartFeed();
  AwaitRecord("organizations/kept");
  registry_.reset();
  registry_ = std::make_unique<FakeRegistry>(folder_.socket());
  registry_->Put(MakeOrganization("kept", "", "after"));
  registry_->Put(MakeMember("new"));
  AwaitRecord("members/new");
  Await([&] { return writer_.Position().value().epoch() == registry_->epoch(); });
  EXPECT_EQ("after", directory_.Organization(*db_.Read(), "organizations/kept")->display_name());
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Has(absl::StrCat("members/old-", i)));
  EXPECT_TRUE(Shows("dangjian_directory_resyncs_total 1"));
  registry_->Put(MakeMember("newer"));
  AwaitRecord("members/newer");
}

TEST_F(DirectoryFeedTest, ServesNoReplacedVersionWhileItReadsAnew) {
  registry_->Put(MakeOrganization("kept", "", "before"));
  registry_->Put(MakeHousehold("h-1", "kept"));
  registry_->Put(MakeHousehold("h-2", "kept"));
  std::atomic<int> told = 0;
  std::atomic<int> told_while_ready = 0;
  directory_.AddFollower([&](storage::Transaction&, std::string_view) {
    ++told;
    if (feed_->Ready().ok()) ++told_while_ready;
    return absl::OkStatus();
  });
  StartFeed();
  AwaitRecord("households/h-2");
  Await([&] { return feed_->Ready().ok(); });
  const int64_t first = db_.kv().LastRevision();
  feed_.reset();
  registry_.reset();
  registry_ = std::make_unique<FakeRegistry>(folder_.socket());
  for (int i = 0; i < 20; ++i) registry_->Put(MakeOrganization("kept", "", absl::StrCat("replaced ", i)));
  registry_->Put(MakeHousehold("h-1", "kept"));
  auto merged = MakeHousehold("h-2", "kept");
  merged.set_merged_into("households/h-1");
  registry_->Put(merged);
  registry_->Put(MakeOrganization("kept", "", "after"));
  RestartFeed();
  Await([&] { return writer_.Position().value().epoch() == registry_->epoch() && feed_->Ready().ok(); });
  const auto snapshot = db_.Read();
  for (int64_t revision = first; revision <= db_.kv().LastRevision(); ++revision) {
    Organization row;
    ASSERT_THAT(directory_.organizations().core().GetAt(*snapshot, "organizations/kept", revision, &row), IsOk());
    EXPECT_THAT(row.display_name(), AnyOf("before", "after"));
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(told_while_ready, 0) << "ready before it was read anew";
}

TEST_F(DirectoryFeedTest, TellsHowLongItIsBehind) {
  registry_.reset();
  StartFeed();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(Metric("dangjian_directory_lag_seconds"), 0.1);
  registry_ = std::make_unique<FakeRegistry>(folder_.socket());
  Await([&] { return Metric("dangjian_directory_lag_seconds") < 0.1; });
}

TEST_F(DirectoryFeedTest, StopsAtOnce) {
  registry_.reset();
  StartFeed();
  feed_->Stop();
  feed_->Stop();
}

}  // namespace
}  // namespace dangjian::change
