#include <algorithm>
#include <chrono>
#include <limits>

#include "common/rpc/pipeline.h"
#include "common/status/errors.h"

namespace dangjian::rpc::stages {
namespace {

// What the transport says is left; the largest number when the caller named no deadline. A deadline is a property of
// the transport, measured on the machine's clock, and has nothing to do with the business Clock.
int64_t CallersMicros(const grpc::ServerContextBase& transport) {
  const auto deadline = transport.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::numeric_limits<int64_t>::max();
  return std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::system_clock::now()).count();
}

}  // namespace

absl::Status Deadline(CallState& call) {
  const int64_t remaining = CallersMicros(call.transport());
  if (remaining <= 0) return Error(reasons::kDeadlineExceeded, "the call's deadline had passed when it arrived");
  call.SetRemaining(std::min(remaining, call.method().deadline_micros));
  return absl::OkStatus();
}

}  // namespace dangjian::rpc::stages
