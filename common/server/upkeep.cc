#include "common/server/upkeep.h"

#include <malloc.h>

#include <chrono>
#include <utility>

#include "common/base/steady.h"
#include "common/obs/process_stats.h"

namespace dangjian::server {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr int64_t kKeptBytes = int64_t{64} << 20;
// Trimming walks the heap: not more often than this.
constexpr int64_t kTrimPauseMicros = 5'000'000;

}  // namespace

Upkeep::Upkeep(std::vector<std::function<void()>> jobs) : jobs_(std::move(jobs)), thread_([this] { Run(); }) {}

Upkeep::~Upkeep() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  thread_.join();
}

void Upkeep::Run() {
  while (true) {
    {
      MutexLock lock(mutex_);
      if (!stopping_) stop_.WaitFor(mutex_, kPause);
      if (stopping_) return;
    }
    for (const auto& job : jobs_) job();
  }
}

void MemoryReturn::operator()() {
  const int64_t now = SteadyMicros();
  if (now < next_micros_) return;
  const struct mallinfo2 heap = ::mallinfo2();
  const auto used = static_cast<int64_t>(heap.uordblks + heap.hblkhd);
  if (obs::ReadResidentBytes() - used < kKeptBytes) return;
  ::malloc_trim(0);
  next_micros_ = now + kTrimPauseMicros;
}

}  // namespace dangjian::server
