#include "common/rpc/stream_threads.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc {

absl::Status SharedThreads::Start(std::string_view caller, std::function<void()> serve) {
  std::string key(caller);
  {
    MutexLock lock(mutex_);
    size_t& held = held_[key];
    if (held >= share_) {
      return stages::Overloaded(absl::StrCat("you have ", held, " streams open, as many as one caller may have"));
    }
    ++held;
  }
  const bool taken = threads_.TrySubmit([this, key, serve = std::move(serve)] {
    serve();
    Leave(key);
  });
  if (taken) return absl::OkStatus();
  Leave(key);
  return stages::Overloaded("too many streams are open");
}

void SharedThreads::Leave(const std::string& caller) {
  MutexLock lock(mutex_);
  const auto held = held_.find(caller);
  if (--held->second == 0) held_.erase(held);
}

}  // namespace dangjian::rpc
