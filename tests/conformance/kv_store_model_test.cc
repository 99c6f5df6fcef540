#include <cstdlib>
#include <deque>
#include <map>
#include <random>

#include "absl/strings/numbers.h"
#include "tests/conformance/store_under_test.h"

// Random transactions against a plain map. DANGJIAN_TEST_SEED repeats a run whose seed a failure printed.

namespace dangjian::storage {
namespace {

// Values under "v…", cells under "c…"; a cell of 0 is absent.
using Model = std::map<std::string, std::string>;

uint64_t Seed() {
  uint64_t seed = 0;
  const char* given = std::getenv("DANGJIAN_TEST_SEED");
  return given != nullptr && absl::SimpleAtoi(given, &seed) ? seed : std::random_device{}();
}

class KvStoreModelTest : public StoreTest {
 protected:
  // Short keys over four bytes, so that they meet, nest, and hold the extremes.
  std::string RandomKey(char kind) {
    static constexpr char kBytes[] = {'\x00', '\x01', 'a', '\xFF'};
    std::string key(1, kind);
    for (size_t length = Below(4); length > 0; --length) key.push_back(kBytes[Below(4)]);
    return key;
  }

  size_t Below(size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(random_); }

  void ExpectSame(const Reader& reader, const Model& model) {
    std::string begin = RandomKey(Below(2) == 0 ? 'v' : 'c');
    std::string end = RandomKey(Below(2) == 0 ? 'v' : 'c');
    if (Below(4) == 0) begin = "a";
    if (Below(4) == 0) end = "";
    Entries expected;
    for (auto it = model.lower_bound(begin); it != model.end() && (end.empty() || it->first < end); ++it) {
      expected.push_back(*it);
    }
    EXPECT_EQ(ReadRange(reader, begin, end), expected);
    std::vector<std::string> keys;
    for (int i = 0; i < 5; ++i) keys.push_back(RandomKey('v'));
    const auto values = reader.MultiGet(keys);
    ASSERT_TRUE(values.ok()) << values.status();
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto known = model.find(keys[i]);
      EXPECT_EQ((*values)[i].value_or("<none>"), known == model.end() ? "<none>" : known->second);
      EXPECT_EQ(ReadKey(reader, keys[i]), known == model.end() ? "<none>" : known->second);
    }
  }

  // One transaction on both; returns the model after it. Runs on the committing thread.
  absl::Status RandomTransaction(KvTxn& txn, Model& model) {
    Model mine = model;
    std::map<std::string, int64_t> adds;
    for (size_t steps = Below(12); steps > 0; --steps) {
      const std::string key = RandomKey('v');
      switch (Below(4)) {
        case 0:
          txn.Delete(key);
          mine.erase(key);
          break;
        case 1: {
          const std::string cell = RandomKey('c');
          const int64_t delta = static_cast<int64_t>(Below(7)) - 3;
          txn.Add(cell, delta);
          adds[cell] += delta;
          break;
        }
        case 2:
          ExpectSame(txn, mine);
          break;
        case 3:
          mine[key] = std::to_string(random_());
          txn.Put(key, mine[key]);
          break;
      }
    }
    if (Below(5) == 0) return absl::AbortedError("refused");
    for (const auto& [cell, delta] : adds) {
      const int64_t sum = delta + (mine.contains(cell) ? DecodeCell(mine[cell]).value() : 0);
      mine[cell] = EncodeCell(sum);
      if (sum == 0) mine.erase(cell);
    }
    model = std::move(mine);
    return absl::OkStatus();
  }

  std::mt19937_64 random_;
};

INSTANTIATE_TEST_SUITE_P(Engines, KvStoreModelTest, testing::Values(EngineKind::kMemory, EngineKind::kRocksDb),
                         EngineName);

TEST_P(KvStoreModelTest, BehavesAsAMap) {
  const uint64_t seed = Seed();
  SCOPED_TRACE("DANGJIAN_TEST_SEED=" + std::to_string(seed));
  random_.seed(seed);
  Model model;
  std::deque<std::pair<std::shared_ptr<const Snapshot>, Model>> held;
  for (int round = 0; round < 150 && !HasFailure(); ++round) {
    // The transactions of a round wait together, so that groups of every size are formed.
    const size_t group = 1 + Below(20);
    {
      HoldCommitter hold(store());
      for (size_t i = 0; i < group; ++i) {
        ASSERT_TRUE(store()
                        .Submit([&](KvTxn& txn) { return RandomTransaction(txn, model); }, [](absl::Status, int64_t) {})
                        .ok());
      }
    }
    ASSERT_TRUE(store().Transact([](KvTxn&) { return absl::OkStatus(); }).ok());
    held.emplace_back(store().GetSnapshot(), model);
    if (held.size() > 8) held.erase(held.begin() + static_cast<std::ptrdiff_t>(Below(held.size())));
    for (const auto& [snapshot, past] : held) ExpectSame(*snapshot, past);
  }
}

}  // namespace
}  // namespace dangjian::storage
