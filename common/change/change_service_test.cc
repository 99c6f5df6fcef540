#include "common/change/change_service.h"

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/change/directory.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::change {
namespace {

using ::dangjian::registry::v1::Member;
using ::dangjian::registry::v1::Organization;
using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::StatusIs;
using ::dangjian::testing::TestDatabase;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;

// A call that lives until it is told otherwise. Watch asks nothing else of it.
class FakeContext final : public rpc::CallContext {
 public:
  absl::Status CheckAlive() const override { return status; }
  const rpc::MethodInfo& method() const override { return method_; }
  const auth::Principal& principal() const override { return principal_; }
  const auth::Credentials& credentials() const override { std::abort(); }
  const std::string& request_id() const override { return empty_; }
  const std::string& trace_id() const override { return empty_; }
  int64_t now_micros() const override { return 0; }
  int64_t remaining_micros() const override { return 0; }
  const storage::Reader& reader() const override { std::abort(); }
  int64_t revision() const override { return 0; }
  storage::Transaction& txn() override { std::abort(); }
  storage::Database* database() const override { return nullptr; }
  absl::StatusOr<int64_t> Transact(const std::function<absl::Status(storage::Transaction&)>&) override { std::abort(); }

  absl::Status status;

 private:
  rpc::MethodInfo method_;
  auth::Principal principal_;
  std::string empty_;
};

// Keeps what was sent and asks `after_write` what to do next.
class Collector final : public rpc::StreamWriter<v1::WatchResponse> {
 public:
  explicit Collector(std::function<absl::Status(const std::vector<v1::WatchResponse>&)> after_write)
      : after_write_(std::move(after_write)) {}
  absl::Status Write(const v1::WatchResponse& message) override {
    responses.push_back(message);
    return after_write_(responses);
  }
  std::vector<v1::WatchResponse> responses;

 private:
  std::function<absl::Status(const std::vector<v1::WatchResponse>&)> after_write_;
};

class ChangeServiceTest : public ::testing::Test {
 protected:
  ChangeServiceTest() : directory_(*db_) { db_.Open(); }

  void PutOrganization(const std::string& id, const std::string& display_name) {
    Organization row;
    row.set_name("organizations/" + id);
    row.set_display_name(display_name);
    const auto& table = directory_.organizations();
    ASSERT_THAT(db_.Write([&](storage::Transaction& txn) {
      return table.Exists(txn.reader(), row.name()).value() ? table.Update(txn, row) : table.Insert(txn, row);
    }),
                IsOk());
  }
  void PutMembers(int first, int count, size_t occupation_length = 0) {
    ASSERT_THAT(db_.Write([&](storage::Transaction& txn) {
      for (int i = first; i < first + count; ++i) {
        Member row;
        row.set_name(absl::StrCat("members/m-", i));
        row.set_occupation(std::string(occupation_length, 'x'));
        const absl::Status inserted = directory_.members().Insert(txn, row);
        if (!inserted.ok()) return inserted;
      }
      return absl::OkStatus();
    }),
                IsOk());
  }
  void DeleteOrganization(const std::string& id) {
    ASSERT_THAT(db_.Write([&](storage::Transaction& txn) {
      return directory_.organizations().Delete(txn, "organizations/" + id);
    }),
                IsOk());
  }

  // Watches until the store's newest revision has been sent.
  std::vector<v1::WatchResponse> WatchAll(const v1::WatchRequest& request, FeedLimits limits = {}) {
    limits.checkpoint_interval = std::chrono::milliseconds(1);  // how soon the end is noticed
    ChangeService service(*db_, metrics_, limits);
    FakeContext context;
    Collector collector([&](const auto& responses) {
      if (responses.back().revision() == db_.kv().LastRevision()) context.status = absl::CancelledError("left");
      return absl::OkStatus();
    });
    EXPECT_THAT(service.Watch(context, request, collector), StatusIs(absl::StatusCode::kCancelled));
    return collector.responses;
  }
  absl::Status Refusal(const v1::WatchRequest& request) {
    ChangeService service(*db_, metrics_);
    FakeContext context;
    Collector collector([](const auto&) { return absl::CancelledError("was not refused"); });
    return service.Watch(context, request, collector);
  }
  static std::vector<std::string> Summary(const std::vector<v1::WatchResponse>& responses) {
    std::vector<std::string> lines;
    for (const v1::WatchResponse& response : responses) {
      for (const v1::ChangeEvent& event : response.events()) {
        lines.push_back(absl::StrCat(event.revision(), " ", v1::ChangeOperation_Name(event.operation()).substr(17), " ",
                                     event.name()));
      }
    }
    return lines;
  }

  TestDatabase db_;
  Directory directory_;
  obs::Metrics metrics_{"1"};
};

TEST_F(ChangeServiceTest, SendsEveryChangeInOrder) {
  PutOrganization("a", "A");
  PutOrganization("b", "B");
  PutOrganization("a", "A2");
  DeleteOrganization("b");
  const auto responses = WatchAll({});
  EXPECT_THAT(Summary(responses), ElementsAre("1 CREATE organizations/a", "2 CREATE organizations/b",
                                              "3 UPDATE organizations/a", "4 DELETE organizations/b"));
  const v1::ChangeEvent& update = responses[0].events(2);
  EXPECT_EQ("organizations", update.collection());
  EXPECT_EQ("tester", update.actor());
  EXPECT_EQ("r-1", update.request_id());
  EXPECT_EQ(db_.clock().NowMicros() / 1'000'000, update.commit_time().seconds());
  Organization after;
  ASSERT_TRUE(update.after().UnpackTo(&after));
  EXPECT_EQ("A2", after.display_name());
  EXPECT_EQ("3", after.etag());
  EXPECT_FALSE(update.has_before());
  EXPECT_FALSE(responses[0].events(3).has_after());
  EXPECT_EQ(4, responses.back().revision());
  EXPECT_EQ(4, responses.back().latest_revision());
  EXPECT_EQ(db_.kv().epoch(), responses.back().epoch());
}

TEST_F(ChangeServiceTest, ResumesAfterARevision) {
  PutOrganization("a", "A");
  PutOrganization("b", "B");
  v1::WatchRequest request;
  request.set_after_revision(1);
  request.set_epoch(db_.kv().epoch());
  EXPECT_THAT(Summary(WatchAll(request)), ElementsAre("2 CREATE organizations/b"));
}

TEST_F(ChangeServiceTest, SendsTheVersionBeforeWhenAsked) {
  PutOrganization("a", "A");
  PutOrganization("a", "A2");
  DeleteOrganization("a");
  v1::WatchRequest request;
  request.set_include_before(true);
  const auto responses = WatchAll(request);
  EXPECT_FALSE(responses[0].events(0).has_before());
  Organization before;
  ASSERT_TRUE(responses[0].events(1).before().UnpackTo(&before));
  EXPECT_EQ("A", before.display_name());
  ASSERT_TRUE(responses[0].events(2).before().UnpackTo(&before));
  EXPECT_EQ("A2", before.display_name());
}

TEST_F(ChangeServiceTest, KeepsToTheCollectionsAskedForButCountsAllRevisions) {
  PutOrganization("a", "A");
  PutMembers(1, 1);
  PutOrganization("b", "B");
  v1::WatchRequest request;
  request.add_collections("members");
  const auto responses = WatchAll(request);
  EXPECT_THAT(Summary(responses), ElementsAre("2 CREATE members/m-1"));
  EXPECT_EQ(3, responses.back().revision());
}

TEST_F(ChangeServiceTest, AnEmptyStoreIsACheckpointAtOnce) {
  const auto responses = WatchAll({});
  ASSERT_EQ(1, responses.size());
  EXPECT_EQ(0, responses[0].events_size());
  EXPECT_EQ(0, responses[0].revision());
  EXPECT_EQ(db_.kv().epoch(), responses[0].epoch());
}

TEST_F(ChangeServiceTest, ANewCommitIsSentWithoutWaitingForTheCheckpoint) {
  ChangeService service(*db_, metrics_, {.checkpoint_interval = std::chrono::hours(1)});
  FakeContext context;
  std::thread writer;
  Collector collector([&](const auto& responses) {
    if (responses.size() == 1) writer = std::thread([this] { PutOrganization("a", "A"); });
    return responses.size() == 2 ? absl::CancelledError("seen") : absl::OkStatus();
  });
  EXPECT_THAT(service.Watch(context, {}, collector), StatusIs(absl::StatusCode::kCancelled));
  writer.join();
  EXPECT_THAT(Summary(collector.responses), ElementsAre("1 CREATE organizations/a"));
}

TEST_F(ChangeServiceTest, AQuietStoreIsToldOfInCheckpoints) {
  ChangeService service(*db_, metrics_, {.checkpoint_interval = std::chrono::milliseconds(1)});
  FakeContext context;
  Collector collector(
      [](const auto& responses) { return responses.size() == 3 ? absl::CancelledError("seen") : absl::OkStatus(); });
  EXPECT_THAT(service.Watch(context, {}, collector), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(ChangeServiceTest, MessagesAreBounded) {
  PutMembers(1, 1, 1000);
  PutMembers(100, 10, 1000);  // one commit in several messages
  const auto responses = WatchAll({}, {.message_bytes = 3500});
  ASSERT_EQ(4, responses.size());
  for (const v1::WatchResponse& response : responses) EXPECT_LE(response.ByteSizeLong(), 3700);
  // A commit counts as sent only when its last part is.
  EXPECT_THAT(Summary(responses), ::testing::SizeIs(11));
  std::vector<int64_t> revisions;
  for (const v1::WatchResponse& response : responses) revisions.push_back(response.revision());
  EXPECT_THAT(revisions, ElementsAre(1, 1, 1, 2));
}

TEST_F(ChangeServiceTest, AnEventLargerThanAMessageIsSentAlone) {
  PutMembers(1, 2, 9000);
  EXPECT_THAT(Summary(WatchAll({}, {.message_bytes = 100})),
              ElementsAre("1 CREATE members/m-1", "1 CREATE members/m-2"));
}

TEST_F(ChangeServiceTest, ALongLogIsReadInPortions) {
  for (int i = 0; i < 20; ++i) PutMembers(i, 1);
  const auto responses = WatchAll({}, {.events = 8});
  EXPECT_EQ(3, responses.size());
  EXPECT_THAT(Summary(responses), ::testing::SizeIs(20));
}

TEST_F(ChangeServiceTest, RefusesAnotherEpoch) {
  v1::WatchRequest request;
  request.set_epoch("another");
  EXPECT_THAT(Refusal(request), HasReason(reasons::kEpochChanged));
}

TEST_F(ChangeServiceTest, RefusesARevisionThatIsNotYet) {
  v1::WatchRequest request;
  request.set_epoch(db_.kv().epoch());
  request.set_after_revision(1);
  EXPECT_THAT(Refusal(request), HasReason(reasons::kRevisionInFuture));
}

TEST_F(ChangeServiceTest, RefusesARevisionWithoutEpochAndUnknownCollectionsAtOnce) {
  v1::WatchRequest request;
  request.set_after_revision(1);
  request.add_collections("members");
  request.add_collections("memebrs");
  const absl::Status status = Refusal(request);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ViolationsOf(status), ElementsAre("epoch FIELD_REQUIRED", "collections[1] UNKNOWN_COLLECTION"));
}

TEST_F(ChangeServiceTest, ShutdownEndsAWatchThatWaits) {
  ChangeService service(*db_, metrics_, {.checkpoint_interval = std::chrono::hours(1)});
  FakeContext context;
  std::thread stopper;
  Collector collector([&](const auto&) {
    stopper = std::thread([&service] { service.Shutdown(); });
    return absl::OkStatus();
  });
  EXPECT_THAT(service.Watch(context, {}, collector), HasReason("BACKEND_UNAVAILABLE"));
  stopper.join();
}

TEST_F(ChangeServiceTest, CountsWatchersAndEvents) {
  PutOrganization("a", "A");
  WatchAll({});
  const std::string text = metrics_.Expose();
  EXPECT_THAT(text, ::testing::HasSubstr("dangjian_change_events_sent_total 1\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("dangjian_change_watchers 0\n"));
}

TEST_F(ChangeServiceTest, AWatchEndsWellAndSaysWhereToResume) {
  PutOrganization("a", "before");
  ChangeService service(
      *db_, metrics_, {.checkpoint_interval = std::chrono::milliseconds(5), .session = std::chrono::milliseconds(50)});
  FakeContext context;
  Collector collector([](const auto&) { return absl::OkStatus(); });
  ASSERT_THAT(service.Watch(context, v1::WatchRequest(), collector), IsOk());
  ASSERT_FALSE(collector.responses.empty());
  EXPECT_EQ(collector.responses.back().revision(), 1);
  EXPECT_EQ(collector.responses.back().epoch(), db_.kv().epoch());
  v1::WatchRequest resume;
  resume.set_after_revision(collector.responses.back().revision());
  resume.set_epoch(collector.responses.back().epoch());
  PutOrganization("b", "after");
  Collector second([](const auto&) { return absl::OkStatus(); });
  ASSERT_THAT(service.Watch(context, resume, second), IsOk());
  ASSERT_EQ(second.responses[0].events_size(), 1);
  EXPECT_EQ(second.responses[0].events(0).name(), "organizations/b");
}

}  // namespace
}  // namespace dangjian::change
