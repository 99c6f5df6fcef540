#include "common/rpc/replica_age.h"

#include <algorithm>

#include "common/base/steady.h"

namespace dangjian::rpc {
namespace {

// Words closer together than this are kept as the later one: the age is then told a little too old, never too young.
constexpr int64_t kGrainMicros = 50'000;

}  // namespace

void ReplicaAge::Heard(int64_t latest) {
  const int64_t now = SteadyMicros();
  MutexLock lock(mutex_);
  latest_ = std::max(latest_, latest);
  if (latest <= revision_) {
    complete_micros_ = now;
    return;
  }
  // The first word stays as it is, or a copy that is always a little behind would never be known to be complete.
  if (words_.size() > 1 && now - words_[words_.size() - 2].micros < kGrainMicros) words_.pop_back();
  words_.push_back({latest, now});
}

void ReplicaAge::Reached(int64_t revision, const std::string& epoch) {
  MutexLock lock(mutex_);
  epoch_ = epoch;
  revision_ = std::max(revision_, revision);
  latest_ = std::max(latest_, revision);
  while (!words_.empty() && words_.front().latest <= revision_) {
    complete_micros_ = std::max(complete_micros_.value_or(0), words_.front().micros);
    words_.pop_front();
  }
}

void ReplicaAge::Forget() {
  MutexLock lock(mutex_);
  revision_ = -1;
  epoch_.clear();
  latest_ = 0;
  words_.clear();
  complete_micros_.reset();
}

ReplicaAge::State ReplicaAge::Now() const {
  const int64_t now = SteadyMicros();
  MutexLock lock(mutex_);
  const int64_t revision = std::max<int64_t>(revision_, 0);
  State state{.revision = revision, .epoch = epoch_, .missing = latest_ - revision};
  if (!complete_micros_.has_value()) return state;
  state.age = std::chrono::microseconds(now - *complete_micros_);
  state.stale = *state.age > limit_;
  return state;
}

}  // namespace dangjian::rpc
