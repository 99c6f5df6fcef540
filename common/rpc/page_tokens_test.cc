#include "common/rpc/page_tokens.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing/note.pb.h"
#include "common/status/errors.h"
#include "common/storage/memory_kv_store.h"
#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using testing::ListNotesRequest;

constexpr int64_t kMinute = int64_t{60} * 1000 * 1000;

class PageTokensTest : public ::testing::Test {
 protected:
  absl::StatusOr<PageTokens::Position> Begin(const ListNotesRequest& request, const std::string& caller = "clerk") {
    return tokens_.Begin(request, caller, [this] { return store_->GetSnapshot(); });
  }
  // The request for the page after the first.
  ListNotesRequest SecondPage(const ListNotesRequest& first, const std::string& caller = "clerk") {
    const auto position = Begin(first, caller);
    EXPECT_TRUE(position.ok());
    ListNotesRequest second = first;
    second.set_page_token(tokens_.Next(first, *position, "key-1"));
    return second;
  }
  // Opens a listing of a state of its own, later than all before.
  ListNotesRequest ListAnew(const std::string& caller) {
    clock_.AdvanceMicros(1);
    Write();
    return SecondPage({}, caller);
  }
  void Write() {
    EXPECT_TRUE(store_
                    ->Transact([&](storage::KvTxn& txn) {
                      txn.Put(absl::StrCat("k", txn.revision()), "v");
                      return absl::OkStatus();
                    })
                    .ok());
  }

  const std::unique_ptr<storage::MemoryKvStore> store_ = storage::MemoryKvStore::Create();
  FakeClock clock_{MicrosOfNoon(Day::Of(2024, 3, 15))};
  PageTokens tokens_{clock_};
};

TEST_F(PageTokensTest, CutsThePageSize) {
  ListNotesRequest request;
  EXPECT_EQ(Begin(request)->limit, 50u);
  request.set_page_size(7);
  EXPECT_EQ(Begin(request)->limit, 7u);
  request.set_page_size(100'000);
  EXPECT_EQ(Begin(request)->limit, 1000u);
  request.set_page_size(-1);
  EXPECT_THAT(Begin(request), HasReason(reasons::kNegativePageSize));
}

TEST_F(PageTokensTest, ShowsEveryPageTheSameState) {
  Write();
  const ListNotesRequest second = SecondPage({});
  Write();
  const auto position = Begin(second);
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(position->snapshot->revision(), 1);
  EXPECT_EQ(position->last_key, "key-1");
}

TEST_F(PageTokensTest, LetsThePageSizeChangeBetweenPages) {
  ListNotesRequest second = SecondPage({});
  second.set_page_size(3);
  EXPECT_EQ(Begin(second)->limit, 3u);
}

TEST_F(PageTokensTest, HasNoTokenAfterTheLastPage) {
  const ListNotesRequest request;
  EXPECT_EQ(tokens_.Next(request, *Begin(request), ""), "");
}

TEST_F(PageTokensTest, RefusesATokenOfAnotherQuery) {
  ListNotesRequest other = SecondPage({});
  other.set_author("people/lin");
  EXPECT_THAT(Begin(other), HasReason(reasons::kPageTokenForeign));
}

TEST_F(PageTokensTest, RefusesWhatIsNoToken) {
  ListNotesRequest request;
  for (const std::string& text : {std::string("!!"), std::string("AAAA"), std::string(200, 'A')}) {
    request.set_page_token(text);
    EXPECT_THAT(Begin(request), HasReason(reasons::kPageTokenForeign)) << text;
  }
}

TEST_F(PageTokensTest, RefusesATokenThatWasTamperedWith) {
  ListNotesRequest second = SecondPage({});
  std::string token = second.page_token();
  token[0] = token[0] == 'A' ? 'B' : 'A';  // in the seal
  second.set_page_token(token);
  EXPECT_THAT(Begin(second), HasReason(reasons::kPageTokenForeign));
}

TEST_F(PageTokensTest, ForgetsATokenFiveMinutesAfterItsLastUse) {
  const ListNotesRequest second = SecondPage({});
  clock_.AdvanceMicros(4 * kMinute);
  EXPECT_TRUE(Begin(second).ok());
  clock_.AdvanceMicros(4 * kMinute);
  EXPECT_TRUE(Begin(second).ok());
  clock_.AdvanceMicros(6 * kMinute);
  EXPECT_THAT(Begin(second), HasReason(reasons::kPageTokenExpired));
}

TEST_F(PageTokensTest, TellsTheCallerToStartAgainAfterARestart) {
  const ListNotesRequest second = SecondPage({});
  PageTokens restarted(clock_);
  EXPECT_THAT(restarted.Begin(second, "clerk", [this] { return store_->GetSnapshot(); }),
              HasReason(reasons::kPageTokenExpired));
}

TEST_F(PageTokensTest, KeepsAsManySnapshotsOfACallerAsItMayHold) {
  const ListNotesRequest first = ListAnew("clerk");
  for (size_t i = 1; i < PageTokens::kMaxPinsOfCaller; ++i) ListAnew("clerk");
  EXPECT_TRUE(Begin(first).ok());
  ListAnew("clerk");  // pushes out the second-oldest: the first has just been used
  EXPECT_TRUE(Begin(first).ok());
  for (size_t i = 0; i < PageTokens::kMaxPinsOfCaller; ++i) ListAnew("clerk");
  EXPECT_THAT(Begin(first), HasReason(reasons::kPageTokenExpired));
}

TEST_F(PageTokensTest, OneCallersListingsThrowOutNobodyElses) {
  const ListNotesRequest quiet = ListAnew("quiet");
  for (int i = 0; i < 1000; ++i) ListAnew("busy");
  EXPECT_TRUE(Begin(quiet, "quiet").ok());
}

TEST_F(PageTokensTest, WhenAllTogetherHoldTooManyTheOneWithMostGivesWay) {
  const ListNotesRequest quiet = ListAnew("quiet");
  const ListNotesRequest busy = ListAnew("busy-0");
  for (size_t i = 0; i < PageTokens::kMaxPins + 100; ++i) ListAnew(absl::StrCat("busy-", i % 5));
  EXPECT_TRUE(Begin(quiet, "quiet").ok());
  EXPECT_THAT(Begin(busy, "busy-0"), HasReason(reasons::kPageTokenExpired));
}

TEST_F(PageTokensTest, ASharedSnapshotStaysWhileOneOfItsCallersHoldsIt) {
  Write();
  const ListNotesRequest mine = SecondPage({}, "quiet");
  SecondPage({}, "busy");
  for (size_t i = 0; i <= PageTokens::kMaxPinsOfCaller; ++i) ListAnew("busy");
  EXPECT_TRUE(Begin(mine, "quiet").ok());
}

TEST_F(PageTokensTest, SharesTheSnapshotOfOneRevision) {
  Write();
  const ListNotesRequest first = SecondPage({});
  for (int i = 0; i < 200; ++i) {
    clock_.AdvanceMicros(1);
    SecondPage({});
  }
  EXPECT_TRUE(Begin(first).ok());
}

}  // namespace
}  // namespace dangjian::rpc
