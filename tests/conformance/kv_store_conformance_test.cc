#include <gmock/gmock.h>

#include <atomic>
#include <limits>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "tests/conformance/store_under_test.h"

// What every engine behind KvStore promises.

namespace dangjian::storage {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class KvStoreConformanceTest : public StoreTest {};

INSTANTIATE_TEST_SUITE_P(Engines, KvStoreConformanceTest, testing::Values(EngineKind::kMemory, EngineKind::kRocksDb),
                         EngineName);

// Outcomes of submitted transactions, in the order of their `done`.
class Outcomes {
 public:
  TxnDone Done() {
    return [this](absl::Status status, int64_t revision) {
      MutexLock lock(mutex_);
      outcomes_.emplace_back(std::move(status), revision);
      changed_.NotifyAll();
    };
  }
  std::vector<std::pair<absl::Status, int64_t>> WaitFor(size_t count) {
    MutexLock lock(mutex_);
    while (outcomes_.size() < count) changed_.Wait(mutex_);
    return outcomes_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::pair<absl::Status, int64_t>> outcomes_ ABSL_GUARDED_BY(mutex_);
};

absl::Status PutKey(KvTxn& txn, std::string_view key, std::string_view value) {
  txn.Put(key, value);
  return absl::OkStatus();
}

TEST_P(KvStoreConformanceTest, OrdersKeysAsUnsignedBytes) {
  const std::vector<std::string> ordered = {"k"s,         "k\x00"s, "k\x00\x00"s, "k\x00\x01"s, "k\x00\xFF"s, "k\x01"s,
                                            "k\x01\x00"s, "ka"s,    "ka\x00"s,    "ka\xFF"s,    "kb"s,        "k\x7F"s,
                                            "k\x80"s,     "k\xFE"s, "k\xFF"s,     "k\xFF\x00"s, "k\xFF\xFF"s};
  for (size_t i = 0; i < ordered.size(); ++i) Put(ordered[(i * 7) % ordered.size()], "v");
  std::vector<std::string> read;
  for (const auto& [key, value] : ReadRange(*store().GetSnapshot(), "k", "l")) read.push_back(key);
  EXPECT_EQ(read, ordered);
}

TEST_P(KvStoreConformanceTest, FindsExactlyWhatWasPut) {
  const std::string large(1 << 20, '\x7F');
  Put("k1", "one");
  Put("k2", "");
  Put("k3", "\x00\xFF\x00"s);
  Put("k4", large);
  const auto snapshot = store().GetSnapshot();
  EXPECT_EQ(ReadKey(*snapshot, "k1"), "one");
  EXPECT_EQ(ReadKey(*snapshot, "k2"), "");
  EXPECT_EQ(ReadKey(*snapshot, "k3"), "\x00\xFF\x00"s);
  EXPECT_EQ(ReadKey(*snapshot, "k"), "<none>");
  EXPECT_EQ(ReadKey(*snapshot, "k1\x00"s), "<none>");
  const std::vector<std::string> keys = {"k4", "none", "k1", "k1", "k2"};
  const auto values = snapshot->MultiGet(keys);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre(large, std::nullopt, "one", "one", ""));
  EXPECT_THAT(snapshot->MultiGet({}).value(), IsEmpty());
}

TEST_P(KvStoreConformanceTest, LaterPutReplacesAndDeleteRemoves) {
  Put("k", "one");
  Put("k", "two");
  EXPECT_EQ(ReadKey(*store().GetSnapshot(), "k"), "two");
  ASSERT_TRUE(store()
                  .Transact([](KvTxn& txn) {
                    txn.Delete("k");
                    txn.Delete("never");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(ReadKey(*store().GetSnapshot(), "k"), "<none>");
  Put("k", "three");
  EXPECT_EQ(ReadKey(*store().GetSnapshot(), "k"), "three");
}

TEST_P(KvStoreConformanceTest, ScansHalfOpenRanges) {
  for (const char* key : {"ka", "kb", "kc", "kd"}) Put(key, key);
  const auto snapshot = store().GetSnapshot();
  EXPECT_THAT(ReadRange(*snapshot, "kb", "kd"), ElementsAre(Pair("kb", "kb"), Pair("kc", "kc")));
  EXPECT_THAT(ReadRange(*snapshot, "kb\x00"s, "kc\x00"s), ElementsAre(Pair("kc", "kc")));
  EXPECT_THAT(ReadRange(*snapshot, "kb", "kb"), IsEmpty());
  EXPECT_THAT(ReadRange(*snapshot, "kd", "kb"), IsEmpty());
  EXPECT_THAT(ReadRange(*snapshot, "kbb", "kbc"), IsEmpty());
  EXPECT_THAT(ReadRange(*snapshot, "kd", ""), ElementsAre(Pair("kd", "kd")));
  EXPECT_THAT(ReadRange(*snapshot, "l", ""), IsEmpty());
}

TEST_P(KvStoreConformanceTest, TransactionReadsItsOwnWrites) {
  for (const char* key : {"ka", "kb", "kc", "kd"}) Put(key, "old");
  const auto revision = store().Transact([](KvTxn& txn) {
    txn.Put("k", "first");
    txn.Put("kb", "new");
    txn.Delete("kc");
    txn.Put("kcc", "between");
    txn.Put("ke", "last");
    txn.Put("kf", "gone");
    txn.Delete("kf");
    EXPECT_EQ(ReadKey(txn, "kb"), "new");
    EXPECT_EQ(ReadKey(txn, "kc"), "<none>");
    EXPECT_EQ(ReadKey(txn, "kd"), "old");
    const std::vector<std::string> keys = {"kc", "ke", "ka", "kf"};
    EXPECT_THAT(txn.MultiGet(keys).value(), ElementsAre(std::nullopt, "last", "old", std::nullopt));
    EXPECT_THAT(ReadRange(txn, "k", "l"), ElementsAre(Pair("k", "first"), Pair("ka", "old"), Pair("kb", "new"),
                                                      Pair("kcc", "between"), Pair("kd", "old"), Pair("ke", "last")));
    EXPECT_THAT(ReadRange(txn, "kb", "kc"), ElementsAre(Pair("kb", "new")));
    EXPECT_THAT(ReadRange(txn, "kc", "kcc"), IsEmpty());
    EXPECT_THAT(ReadRange(txn, "kz", "ka"), IsEmpty());
    return absl::OkStatus();
  });
  ASSERT_TRUE(revision.ok());
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "k", "l"),
              ElementsAre(Pair("k", "first"), Pair("ka", "old"), Pair("kb", "new"), Pair("kcc", "between"),
                          Pair("kd", "old"), Pair("ke", "last")));
}

TEST_P(KvStoreConformanceTest, LoopMayWriteWhileItScans) {
  for (const char* key : {"ka", "kb", "kc"}) Put(key, "old");
  ASSERT_TRUE(store()
                  .Transact([](KvTxn& txn) {
                    txn.Put("kbb", "own");
                    std::vector<std::string> seen;
                    auto cursor = txn.Scan("k", "l");
                    for (; cursor->Valid(); cursor->Next()) {
                      seen.emplace_back(cursor->key());
                      txn.Delete(cursor->key());
                      txn.Put(std::string(cursor->key()) + "~", "moved");
                    }
                    EXPECT_TRUE(cursor->status().ok());
                    EXPECT_THAT(seen, ElementsAre("ka", "kb", "kbb", "kc"));
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "k", "l"),
              ElementsAre(Pair("ka~", "moved"), Pair("kbb~", "moved"), Pair("kb~", "moved"), Pair("kc~", "moved")));
}

TEST_P(KvStoreConformanceTest, TransactionsThatWaitTogetherSeeEachOther) {
  Put("ka", "old");
  Outcomes outcomes;
  {
    HoldCommitter hold(store());
    ASSERT_TRUE(store()
                    .Submit(
                        [](KvTxn& txn) {
                          txn.Delete("ka");
                          txn.Put("kb", "new");
                          txn.Add("cell", 4);
                          return absl::OkStatus();
                        },
                        outcomes.Done())
                    .ok());
    ASSERT_TRUE(store()
                    .Submit(
                        [](KvTxn& txn) {
                          EXPECT_THAT(ReadRange(txn, "k", "l"), ElementsAre(Pair("kb", "new")));
                          EXPECT_EQ(ReadKey(txn, "ka"), "<none>");
                          EXPECT_EQ(ReadCell(txn, "cell").value(), 4);
                          txn.Put("kb", ReadKey(txn, "kb") + "er");
                          return absl::OkStatus();
                        },
                        outcomes.Done())
                    .ok());
    ASSERT_TRUE(store().Submit([](KvTxn& txn) { return PutKey(txn, "kc", ReadKey(txn, "kb")); }, outcomes.Done()).ok());
  }
  outcomes.WaitFor(3);
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "k", "l"), ElementsAre(Pair("kb", "newer"), Pair("kc", "newer")));
}

TEST_P(KvStoreConformanceTest, SnapshotDoesNotChange) {
  for (const char* key : {"ka", "kb", "kc"}) Put(key, "old");
  const auto snapshot = store().GetSnapshot();
  auto cursor = snapshot->Scan("k", "l");
  ASSERT_TRUE(cursor->Valid());
  Put("kb", "new");
  Put("kbb", "new");
  ASSERT_TRUE(store().Transact([](KvTxn& txn) { return txn.Delete("kc"), absl::OkStatus(); }).ok());
  EXPECT_EQ(snapshot->revision(), 3);
  EXPECT_EQ(ReadKey(*snapshot, "kb"), "old");
  EXPECT_EQ(ReadKey(*snapshot, "kbb"), "<none>");
  EXPECT_EQ(ReadKey(*snapshot, "kc"), "old");
  std::vector<std::string> walked;
  for (; cursor->Valid(); cursor->Next()) walked.emplace_back(cursor->value());
  EXPECT_THAT(walked, ElementsAre("old", "old", "old"));
  EXPECT_EQ(store().GetSnapshot()->revision(), 6);
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "k", "l"),
              ElementsAre(Pair("ka", "old"), Pair("kb", "new"), Pair("kbb", "new")));
}

TEST_P(KvStoreConformanceTest, FailedTransactionLeavesNothing) {
  Put("ka", "old");
  bool effect = false;
  absl::Status refusal = Error(reasons::kRecordExists, "there is one");
  const auto outcome = store().Transact([&](KvTxn& txn) {
    txn.Put("ka", "new");
    txn.Put("kb", "new");
    txn.Add("cell", 7);
    txn.OnAccept([&effect] { effect = true; });
    return refusal;
  });
  EXPECT_EQ(outcome.status(), refusal);
  EXPECT_FALSE(effect);
  EXPECT_EQ(store().LastRevision(), 1);
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "k", "l"), ElementsAre(Pair("ka", "old")));
  EXPECT_EQ(ReadCell(*store().GetSnapshot(), "cell").value(), 0);
}

TEST_P(KvStoreConformanceTest, RevisionsAreDenseAndIgnoreFailuresAndReads) {
  Outcomes outcomes;
  std::vector<int64_t> foreseen;
  {
    HoldCommitter hold(store());
    for (int i = 0; i < 12; ++i) {
      ASSERT_TRUE(store()
                      .Submit(
                          [&foreseen, i](KvTxn& txn) {
                            foreseen.push_back(txn.revision());
                            if (i % 3 == 1) txn.Put("k", "discarded");
                            if (i % 3 == 1) return absl::AbortedError("refused");
                            if (i % 3 == 2) return txn.Get("k").status();
                            return PutKey(txn, "k", "v");
                          },
                          outcomes.Done())
                      .ok());
    }
  }
  std::vector<int64_t> revisions;
  for (const auto& [status, revision] : outcomes.WaitFor(12)) revisions.push_back(revision);
  EXPECT_THAT(revisions, ElementsAre(1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0));
  EXPECT_THAT(foreseen, ElementsAre(1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5));
  EXPECT_EQ(store().LastRevision(), 4);
}

TEST_P(KvStoreConformanceTest, AddsSumAndZeroDisappears) {
  Outcomes outcomes;
  {
    HoldCommitter hold(store());
    for (const int64_t delta : {5, -2, 9, -12, 40}) {
      ASSERT_TRUE(store()
                      .Submit(
                          [delta](KvTxn& txn) {
                            txn.Add("ca", delta);
                            txn.Add("ca", 1);
                            txn.Add("cb", delta > 20 ? -12 : 3);
                            return absl::OkStatus();
                          },
                          outcomes.Done())
                      .ok());
    }
  }
  outcomes.WaitFor(5);
  const auto snapshot = store().GetSnapshot();
  EXPECT_EQ(ReadCell(*snapshot, "ca").value(), 45);
  EXPECT_THAT(ReadRange(*snapshot, "c", "d"), ElementsAre(Pair("ca", EncodeCell(45))));
  ASSERT_TRUE(store().Transact([](KvTxn& txn) { return txn.Add("ca", -45), absl::OkStatus(); }).ok());
  EXPECT_THAT(ReadRange(*store().GetSnapshot(), "c", "d"), IsEmpty());
}

TEST_P(KvStoreConformanceTest, AddIsNotSeenByItsOwnTransaction) {
  ASSERT_TRUE(store().Transact([](KvTxn& txn) { return txn.Add("ca", 1), absl::OkStatus(); }).ok());
  ASSERT_TRUE(store()
                  .Transact([](KvTxn& txn) {
                    txn.Add("ca", 10);
                    EXPECT_EQ(ReadCell(txn, "ca").value(), 1);
                    EXPECT_THAT(ReadRange(txn, "c", "d"), ElementsAre(Pair("ca", EncodeCell(1))));
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(ReadCell(*store().GetSnapshot(), "ca").value(), 11);
}

TEST_P(KvStoreConformanceTest, AddOfZeroWritesNothing) {
  const auto revision = store().Transact([](KvTxn& txn) { return txn.Add("ca", 0), absl::OkStatus(); });
  EXPECT_EQ(revision.value(), 0);
  EXPECT_EQ(store().LastRevision(), 0);
}

TEST_P(KvStoreConformanceTest, SumBeyond64BitsFailsItsTransactionAlone) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  Outcomes outcomes;
  {
    HoldCommitter hold(store());
    for (const int64_t delta : {kMax, int64_t{1}, int64_t{-1}}) {
      ASSERT_TRUE(store()
                      .Submit(
                          [delta](KvTxn& txn) {
                            txn.Put("k", std::to_string(delta));
                            txn.Add("cell", delta);
                            return absl::OkStatus();
                          },
                          outcomes.Done())
                      .ok());
    }
  }
  const auto done = outcomes.WaitFor(3);
  EXPECT_TRUE(done[0].first.ok());
  EXPECT_TRUE(absl::IsOutOfRange(done[1].first)) << done[1].first;
  EXPECT_TRUE(done[2].first.ok());
  EXPECT_EQ(done[2].second, 2);
  EXPECT_EQ(ReadCell(*store().GetSnapshot(), "cell").value(), kMax - 1);
  EXPECT_EQ(ReadKey(*store().GetSnapshot(), "k"), "-1");
}

TEST_P(KvStoreConformanceTest, EffectsRunInOrderBeforeTheNextTransaction) {
  std::vector<std::string> order;  // touched by the committing thread alone until all is done
  Outcomes outcomes;
  {
    HoldCommitter hold(store());
    for (int i = 0; i < 4; ++i) {
      ASSERT_TRUE(store()
                      .Submit(
                          [&order, i](KvTxn& txn) {
                            order.push_back(absl::StrCat("run ", i));
                            txn.Put("k", "v");
                            txn.OnAccept([&order, i] { order.push_back(absl::StrCat("effect ", i)); });
                            txn.OnAccept([&order, i] { order.push_back(absl::StrCat("second ", i)); });
                            return i == 1 ? absl::AbortedError("refused") : absl::OkStatus();
                          },
                          outcomes.Done())
                      .ok());
    }
  }
  outcomes.WaitFor(4);
  EXPECT_THAT(order, ElementsAre("run 0", "effect 0", "second 0", "run 1", "run 2", "effect 2", "second 2", "run 3",
                                 "effect 3", "second 3"));
}

TEST_P(KvStoreConformanceTest, SixteenThreadsCountExactly) {
  constexpr int kThreads = 16;
  constexpr int kEach = 150;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < kEach; ++i) {
        const auto revision = store().Transact([](KvTxn& txn) {
          const std::string before = ReadKey(txn, "k");
          txn.Add("cell", 1);
          return PutKey(txn, "k", std::to_string(before == "<none>" ? 1 : std::stoi(before) + 1));
        });
        EXPECT_TRUE(revision.ok()) << revision.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto snapshot = store().GetSnapshot();
  EXPECT_EQ(ReadKey(*snapshot, "k"), std::to_string(kThreads * kEach));
  EXPECT_EQ(ReadCell(*snapshot, "cell").value(), kThreads * kEach);
  EXPECT_EQ(snapshot->revision(), kThreads * kEach);
}

TEST_P(KvStoreConformanceTest, ReadersSeeOnlyWholeTransactions) {
  std::atomic<bool> stop = false;
  std::atomic<int> looks = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      int64_t newest = 0;
      while (!stop) {
        const auto snapshot = store().GetSnapshot();
        EXPECT_GE(snapshot->revision(), newest);
        newest = snapshot->revision();
        for (const auto& [key, value] : ReadRange(*snapshot, "k", "l")) EXPECT_EQ(value, std::to_string(newest));
        ++looks;
      }
    });
  }
  for (int i = 0; i < 300 || looks < 50; ++i) {
    ASSERT_TRUE(store()
                    .Transact([i](KvTxn& txn) {
                      for (const char* key : {"ka", "kb", "kc"}) txn.Put(key, std::to_string(txn.revision()));
                      if (i % 5 == 0) txn.Delete("kb");
                      return absl::OkStatus();
                    })
                    .ok());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

TEST_P(KvStoreConformanceTest, DoneIsCalledOnceAndFindsItsCommitPublished) {
  constexpr int kTransactions = 200;
  std::vector<std::atomic<int>> calls(kTransactions);
  Outcomes outcomes;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < kTransactions; i += 4) {
        const auto fn = [i](KvTxn& txn) { return PutKey(txn, absl::StrCat("k", i), "v"); };
        const auto done = [&, i, report = outcomes.Done()](absl::Status status, int64_t revision) {
          ++calls[static_cast<size_t>(i)];
          EXPECT_GE(store().LastRevision(), revision);
          EXPECT_EQ(ReadKey(*store().GetSnapshot(), absl::StrCat("k", i)), "v");
          report(std::move(status), revision);
        };
        EXPECT_TRUE(store().Submit(fn, done).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  outcomes.WaitFor(kTransactions);
  DestroyStore();
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

TEST_P(KvStoreConformanceTest, FullQueueRefusesAndRecovers) {
  Recreate(4);
  Outcomes outcomes;
  {
    HoldCommitter hold(store());
    const auto put = [](KvTxn& txn) { return PutKey(txn, "k", "v"); };
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(store().Submit(put, outcomes.Done()).ok());
    const absl::Status refused = store().Submit(put, [](absl::Status, int64_t) { ADD_FAILURE() << "done called"; });
    EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
    EXPECT_EQ(ReasonOf(refused), reasons::kOverloaded.name);
  }
  EXPECT_EQ(outcomes.WaitFor(4).back().second, 4);
  Put("k", "again");
  EXPECT_EQ(store().LastRevision(), 5);
}

TEST_P(KvStoreConformanceTest, ListenerHearsEveryCommitInOrder) {
  std::vector<int64_t> heard;  // touched by the committing thread, which ends before it is read
  store().SetCommitListener([&heard](int64_t revision) { heard.push_back(revision); });
  for (int i = 0; i < 5; ++i) Put("k", "v");
  EXPECT_TRUE(absl::IsAborted(store().Transact([](KvTxn&) { return absl::AbortedError("refused"); }).status()));
  ASSERT_TRUE(store().Transact([](KvTxn&) { return absl::OkStatus(); }).ok());
  DestroyStore();
  EXPECT_THAT(heard, ElementsAre(1, 2, 3, 4, 5));
}

TEST_P(KvStoreConformanceTest, DestructionCommitsWhatIsQueued) {
  Outcomes outcomes;
  auto hold = std::make_unique<HoldCommitter>(store());
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(store().Submit([](KvTxn& txn) { return PutKey(txn, "k", "v"); }, outcomes.Done()).ok());
  }
  hold.reset();
  DestroyStore();
  const auto done = outcomes.WaitFor(300);
  ASSERT_EQ(done.size(), 300u);
  for (size_t i = 0; i < done.size(); ++i) {
    EXPECT_TRUE(done[i].first.ok());
    EXPECT_EQ(done[i].second, static_cast<int64_t>(i) + 1);
  }
}

TEST_P(KvStoreConformanceTest, LargeTransactionIsWhole) {
  const auto revision = store().Transact([](KvTxn& txn) {
    for (int i = 0; i < 5'000; ++i) txn.Put(absl::StrCat("k", 100'000 + i), std::string(1'000, 'v'));
    return absl::OkStatus();
  });
  ASSERT_TRUE(revision.ok());
  EXPECT_EQ(ReadRange(*store().GetSnapshot(), "k", "l").size(), 5'000u);
}

TEST_P(KvStoreConformanceTest, EveryNewStoreHasAnEpochOfItsOwn) {
  const std::string first = store().epoch();
  EXPECT_EQ(first.size(), 16u);
  Recreate(16);
  EXPECT_NE(store().epoch(), first);
}

TEST_P(KvStoreConformanceTest, StatsCountTransactions) {
  Put("k", "v");
  EXPECT_FALSE(store().Transact([](KvTxn&) { return absl::AbortedError("refused"); }).ok());
  const auto stats = store().Stats();
  EXPECT_THAT(stats, testing::Contains(Pair("store_transactions_committed_total", 1)));
  EXPECT_THAT(stats, testing::Contains(Pair("store_transactions_refused_total", 1)));
  EXPECT_THAT(stats, testing::Contains(Pair("store_last_revision", 1)));
  EXPECT_THAT(stats, testing::Contains(Pair("store_writable", 1)));
}

}  // namespace
}  // namespace dangjian::storage
