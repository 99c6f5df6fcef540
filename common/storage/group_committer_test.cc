#include "common/storage/group_committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/status/errors.h"
#include "common/storage/key_codec.h"

namespace dangjian::storage {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::Pair;

using Data = std::map<std::string, std::string>;

// A view of a map that never changes.
class MapSnapshot final : public Snapshot {
 public:
  MapSnapshot(Data data, int64_t revision) : data_(std::move(data)), revision_(revision) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    const auto found = data_.find(std::string(key));
    return found == data_.end() ? std::nullopt : std::optional(found->second);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values;
    for (const std::string& key : keys) values.push_back(*Get(key));
    return values;
  }
  std::unique_ptr<Cursor> Scan(std::string_view, std::string_view) const override {
    ADD_FAILURE() << "these tests do not scan";
    return nullptr;
  }
  int64_t revision() const override { return revision_; }

 private:
  const Data data_;
  const int64_t revision_;
};

// An engine whose next commits end as a test says.
class FakeEngine final : public CommitEngine {
 public:
  absl::Status Apply(const WriteSet& writes, int64_t revision) override {
    groups.push_back(revision);
    absl::Status outcome;
    if (!outcomes.empty()) {
      outcome = outcomes.front();
      outcomes.pop_front();
    }
    if (!outcome.ok()) return outcome;
    for (const auto& [key, value] : writes) {
      if (value.has_value()) {
        data[key] = *value;
      } else {
        data.erase(key);
      }
    }
    return outcome;
  }
  std::shared_ptr<const Snapshot> TakeSnapshot(int64_t revision) override {
    return std::make_shared<MapSnapshot>(data, revision);
  }

  std::deque<absl::Status> outcomes;
  std::vector<int64_t> groups;  // newest revision of each Apply
  Data data;
};

// A committer whose first transaction waits until Run(), so that the rest form groups. All results are looked at after
// Run.
class GroupCommitterTest : public testing::Test {
 protected:
  void Start(GroupCommitterOptions options = {}) {
    options.fatal = [this](std::string_view) {
      MutexLock lock(mutex_);
      ++fatal_calls_;
      changed_.NotifyAll();
    };
    committer_ = std::make_unique<GroupCommitter>(engine_, CommitState{.newest = {.revision = 10, .digest = "ten"}},
                                                  std::move(options));
    Submit([this](KvTxn&) {
      MutexLock lock(mutex_);
      holding_ = true;
      changed_.NotifyAll();
      while (!released_) changed_.Wait(mutex_);
      return absl::OkStatus();
    });
    MutexLock lock(mutex_);
    while (!holding_) changed_.Wait(mutex_);
    results_.clear();
  }

  void Submit(TxnFn fn) {
    const absl::Status queued = committer_->Submit(std::move(fn), [this](absl::Status status, int64_t revision) {
      if (++answers_ > 1) results_.emplace_back(status.code(), revision);  // the first holds the committer
    });
    EXPECT_TRUE(queued.ok()) << queued;
  }
  void SubmitPut(const std::string& key, const std::string& value = "v") {
    Submit([key, value](KvTxn& txn) { return txn.Put(key, value), absl::OkStatus(); });
  }

  // Lets everything submitted run and ends the committer.
  void Run() {
    Release();
    committer_.reset();
  }
  void Release() {
    MutexLock lock(mutex_);
    released_ = true;
    changed_.NotifyAll();
  }

  void WaitForFatal() {
    MutexLock lock(mutex_);
    while (fatal_calls_ == 0) changed_.Wait(mutex_);
  }

  FakeEngine engine_;
  std::unique_ptr<GroupCommitter> committer_;
  std::vector<std::pair<absl::StatusCode, int64_t>> results_;  // in the order of the answers
  int answers_ = 0;
  int fatal_calls_ = 0;

 private:
  Mutex mutex_;
  CondVar changed_;
  bool holding_ ABSL_GUARDED_BY(mutex_) = false;
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
};

constexpr auto kOk = absl::StatusCode::kOk;
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

TEST_F(GroupCommitterTest, TransactionsThatWaitShareOneSync) {
  Start();
  for (const char* key : {"a", "b", "c"}) SubmitPut(key);
  Run();
  EXPECT_THAT(engine_.groups, ElementsAre(13));
  EXPECT_THAT(results_, ElementsAre(Pair(kOk, 11), Pair(kOk, 12), Pair(kOk, 13)));
}

TEST_F(GroupCommitterTest, LastRevisionTravelsWithItsGroup) {
  Start();
  SubmitPut("a");
  SubmitPut("b");
  Run();
  EXPECT_EQ(engine_.data.at("\x00\x01last_revision\x00\x01"s), EncodeCell(12));
}

TEST_F(GroupCommitterTest, NothingIsSyncedWithoutWrites) {
  Start();
  Submit([](KvTxn& txn) { return txn.Get("a").status(); });
  Submit([](KvTxn&) { return absl::AbortedError("refused"); });
  Run();
  EXPECT_THAT(engine_.groups, ElementsAre());
  EXPECT_THAT(results_, ElementsAre(Pair(kOk, 0), Pair(absl::StatusCode::kAborted, 0)));
}

TEST_F(GroupCommitterTest, ClosesAGroupAtItsNumberOfTransactions) {
  Start({.group_limit = 2});
  for (const char* key : {"a", "b", "c", "d", "e"}) SubmitPut(key);
  Run();
  EXPECT_THAT(engine_.groups, ElementsAre(12, 14, 15));
}

TEST_F(GroupCommitterTest, ClosesAGroupAtItsNumberOfBytes) {
  Start({.group_bytes = 1'000});
  SubmitPut("a", std::string(600, 'v'));
  SubmitPut("b", std::string(600, 'v'));
  SubmitPut("c");
  Run();
  EXPECT_THAT(engine_.groups, ElementsAre(12, 13));
}

TEST_F(GroupCommitterTest, ATransactionWithAnEffectEndsItsGroup) {
  Start();
  int64_t committed_at_effect = 0;
  SubmitPut("a");
  Submit([&](KvTxn& txn) {
    txn.Put("b", "v");
    txn.OnAccept([&] { committed_at_effect = static_cast<int64_t>(engine_.data.count("b")); });
    return absl::OkStatus();
  });
  SubmitPut("c");
  Run();
  EXPECT_THAT(engine_.groups, ElementsAre(12, 13));
  EXPECT_EQ(committed_at_effect, 1);
}

TEST_F(GroupCommitterTest, NoSpaceLosesTheGroupAndLaterGroupsWork) {
  engine_.outcomes = {absl::ResourceExhaustedError("full")};
  Start({.group_limit = 3});
  bool effect = false;
  SubmitPut("a");
  Submit([](KvTxn& txn) { return *txn.Get("a") ? absl::AlreadyExistsError("there is one") : absl::OkStatus(); });
  Submit([&effect](KvTxn& txn) {
    txn.Put("b", "v");
    txn.OnAccept([&effect] { effect = true; });
    return absl::OkStatus();
  });
  SubmitPut("c");
  Run();
  // The second failed because of a write that was then lost: it too must not be believed.
  EXPECT_THAT(results_,
              ElementsAre(Pair(kUnavailable, 0), Pair(kUnavailable, 0), Pair(kUnavailable, 0), Pair(kOk, 11)));
  EXPECT_FALSE(effect);
  EXPECT_FALSE(engine_.data.contains("a"));
  EXPECT_TRUE(engine_.data.contains("c"));
  EXPECT_EQ(fatal_calls_, 0);
}

TEST_F(GroupCommitterTest, TellsWhetherItCanWrite) {
  engine_.outcomes = {absl::ResourceExhaustedError("full")};
  Start({.group_limit = 1});
  bool writable = true;
  SubmitPut("a");
  Submit([&](KvTxn&) { return writable = committer_->stats().writable, absl::OkStatus(); });
  SubmitPut("b");
  Release();
  SubmitPut("c");
  while (committer_->last_revision() < 12) std::this_thread::yield();
  EXPECT_FALSE(writable);
  EXPECT_TRUE(committer_->stats().writable);
  EXPECT_EQ(committer_->stats().transactions_lost, 1);
  Run();
}

TEST_F(GroupCommitterTest, BrokenEngineStopsTheStoreForGood) {
  engine_.outcomes = {absl::OkStatus(), absl::DataLossError("bad sector")};
  Start({.group_limit = 2});
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) SubmitPut(key);
  Release();
  WaitForFatal();
  const absl::Status refused =
      committer_->Submit([](KvTxn&) { return absl::OkStatus(); }, [](absl::Status, int64_t) {});
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), reasons::kBackendUnavailable.name);
  EXPECT_EQ(committer_->last_revision(), 12);
  Run();
  ASSERT_EQ(results_.size(), 6u);
  EXPECT_EQ(results_[0], std::pair(kOk, int64_t{11}));
  EXPECT_EQ(results_[1], std::pair(kOk, int64_t{12}));
  for (size_t i = 2; i < 6; ++i) EXPECT_EQ(results_[i], std::pair(kUnavailable, int64_t{0}));
  EXPECT_EQ(fatal_calls_, 1);
  EXPECT_EQ(engine_.groups.size(), 2u);
}

TEST_F(GroupCommitterTest, FullQueueTellsWhenToRetry) {
  Start({.queue_limit = 2});
  SubmitPut("a");
  SubmitPut("b");
  const absl::Status refused =
      committer_->Submit([](KvTxn&) { return absl::OkStatus(); }, [](absl::Status, int64_t) {});
  EXPECT_EQ(ReasonOf(refused), reasons::kOverloaded.name);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(committer_->stats().overloads, 1);
  EXPECT_EQ(committer_->stats().queue_depth, 2);
  Run();
  EXPECT_EQ(results_.size(), 2u);
}

TEST(PowerHistogramTest, CountsByPowersOfTwo) {
  PowerHistogram histogram;
  for (const int64_t value : {0, 1, 2, 3, 4, 1'000}) histogram.Record(value);
  histogram.Record(INT64_MAX);
  EXPECT_EQ(histogram.bucket(0), 1);
  EXPECT_EQ(histogram.bucket(1), 1);
  EXPECT_EQ(histogram.bucket(2), 2);
  EXPECT_EQ(histogram.bucket(3), 1);
  EXPECT_EQ(histogram.bucket(10), 1);
  EXPECT_EQ(histogram.bucket(PowerHistogram::kBuckets - 1), 1);
  EXPECT_EQ(histogram.count(), 7);
}

}  // namespace
}  // namespace dangjian::storage
