#include "common/server/upkeep.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "common/obs/process_stats.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

TEST(UpkeepTest, RunsItsJobsUntilItEnds) {
  std::atomic<int> runs = 0;
  {
    const Upkeep upkeep({[&] { ++runs; }, [&] { ++runs; }});
    while (runs < 2) std::this_thread::yield();
  }
  const int before = runs;
  EXPECT_EQ(before % 2, 0);
}

// Sanitizers bring an allocator of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Small blocks of which every thousandth stays: the allocator by itself gives nothing of it back.
TEST(MemoryReturnTest, GivesBackWhatABurstHasLeft) {
  constexpr size_t kBlocks = 400'000;
  constexpr size_t kBytes = 1000;
  std::vector<std::unique_ptr<char[]>> blocks;
  for (size_t i = 0; i < kBlocks; ++i) {
    blocks.push_back(std::make_unique<char[]>(kBytes));
    std::memset(blocks.back().get(), 1, kBytes);
  }
  const int64_t full = obs::ReadResidentBytes();
  for (size_t i = 0; i < kBlocks; ++i) {
    if (i % 1000 != 0) blocks[i] = nullptr;
  }
  MemoryReturn give_back;
  give_back();
  EXPECT_LT(obs::ReadResidentBytes(), full - static_cast<int64_t>(kBlocks * kBytes * 3 / 4));
}
#endif

}  // namespace
}  // namespace dangjian::server
