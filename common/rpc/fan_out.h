#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/client.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// One of the calls of a fan-out. Both outlive it.
struct FanOutCall {
  Client* client;
  const google::protobuf::Message* request;
};

// Starts all calls at once and waits until each has answered or failed: a late one is DEADLINE_EXCEEDED by options'
// timeout. Outcomes in the order of `calls`; `responses` as many. Not on a gRPC thread.
std::vector<absl::Status> FanOutRaw(std::span<const FanOutCall> calls,
                                    std::span<google::protobuf::Message* const> responses, const CallOptions& options);

// The same, typed.
template <class Resp>
std::vector<absl::StatusOr<Resp>> FanOut(std::span<const FanOutCall> calls, const CallOptions& options) {
  std::vector<Resp> responses(calls.size());
  std::vector<google::protobuf::Message*> slots;
  for (Resp& response : responses) slots.push_back(&response);
  const std::vector<absl::Status> statuses = FanOutRaw(calls, slots, options);
  std::vector<absl::StatusOr<Resp>> results;
  for (size_t i = 0; i < calls.size(); ++i) {
    if (statuses[i].ok()) {
      results.push_back(std::move(responses[i]));
    } else {
      results.push_back(statuses[i]);
    }
  }
  return results;
}

}  // namespace dangjian::rpc
