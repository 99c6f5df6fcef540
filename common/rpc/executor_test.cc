#include "common/rpc/executor.h"

#include <atomic>
#include <memory>

#include "common/rpc/testing/note_server.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using testing::Latch;

TEST(ExecutorTest, RunsEveryTaskThatItTookBeforeItEnds) {
  std::atomic<int> ran = 0;
  int taken = 0;
  {
    Executor executor(3, 1000);
    for (int i = 0; i < 500; ++i) taken += executor.TrySubmit([&] { ++ran; }) ? 1 : 0;
  }
  EXPECT_EQ(taken, 500);
  EXPECT_EQ(ran, 500);
}

TEST(ExecutorTest, RefusesWhenThreadsAndQueueAreFull) {
  Latch release;
  std::atomic<int> ran = 0;
  {
    Executor executor(2, 3);
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(executor.TrySubmit([&] {
        release.Wait();
        ++ran;
      }));
    }
    EXPECT_EQ(executor.load(), 5u);
    EXPECT_FALSE(executor.TrySubmit([&] { ran += 100; }));
    release.Open();
  }
  EXPECT_EQ(ran, 5);
}

TEST(ExecutorTest, TakesATaskWithoutAQueueWhenAThreadIsFree) {
  Executor executor(1, 0);
  Latch release;
  Latch finished;
  ASSERT_TRUE(executor.TrySubmit([&] { release.Wait(); }));
  EXPECT_FALSE(executor.TrySubmit([] {}));
  release.Open();
  while (executor.load() > 0) std::this_thread::yield();
  EXPECT_TRUE(executor.TrySubmit([&] { finished.Open(); }));
  finished.Wait();
}

TEST(ExecutorTest, ReleasesWhatATaskHoldsWhenItHasRun) {
  Executor executor(1, 1);
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  ASSERT_TRUE(executor.TrySubmit([held = std::move(held)] {}));
  while (executor.load() > 0) std::this_thread::yield();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace dangjian::rpc
