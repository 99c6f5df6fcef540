#include "common/rpc/fan_out.h"

#include <utility>

#include "common/base/mutex.h"

namespace dangjian::rpc {

std::vector<absl::Status> FanOutRaw(std::span<const FanOutCall> calls,
                                    std::span<google::protobuf::Message* const> responses, const CallOptions& options) {
  std::vector<absl::Status> outcomes(calls.size());
  Mutex mutex;
  CondVar changed;
  size_t open = calls.size();
  for (size_t i = 0; i < calls.size(); ++i) {
    calls[i].client->CallRawAsync(*calls[i].request, responses[i], options, [&, i](absl::Status status) {
      MutexLock lock(mutex);
      outcomes[i] = std::move(status);
      if (--open == 0) changed.NotifyAll();
    });
  }
  MutexLock lock(mutex);
  while (open > 0) changed.Wait(mutex);
  return outcomes;
}

}  // namespace dangjian::rpc
