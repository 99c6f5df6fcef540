#include "services/gateway/forward/bulkhead.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::gateway {
namespace {

constexpr int64_t kRetryMillis = 500;

absl::Status Full(std::string_view what, int32_t limit) {
  return WithRetryDelay(
      Error(dangjian::reasons::kOverloaded,
            absl::StrCat(ToAbsl(what), " has ", limit,
                         " calls to this service under way, as many as are allowed; try again later")),
      kRetryMillis);
}

}  // namespace

absl::Status Bulkhead::Enter(const std::string& caller, const std::string& connection) {
  MutexLock lock(mutex_);
  if (calls_ >= limits_.calls) return Full("the gateway", limits_.calls);
  int32_t& of_connection = connections_[connection];
  if (of_connection >= limits_.of_connection) return Full("this connection", limits_.of_connection);
  int32_t& of_caller = callers_[caller];
  if (of_caller >= limits_.of_caller) {
    if (of_connection == 0) connections_.erase(connection);
    return Full("this caller", limits_.of_caller);
  }
  ++calls_;
  ++of_connection;
  ++of_caller;
  return absl::OkStatus();
}

void Bulkhead::Leave(const std::string& caller, const std::string& connection) {
  const auto leave = [](Counts& counts, const std::string& key) {
    const auto count = counts.find(key);
    if (--count->second == 0) counts.erase(count);
  };
  MutexLock lock(mutex_);
  --calls_;
  leave(callers_, caller);
  leave(connections_, connection);
}

int32_t Bulkhead::calls() const {
  MutexLock lock(mutex_);
  return calls_;
}

}  // namespace dangjian::gateway
