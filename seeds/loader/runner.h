#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "google/protobuf/message.h"
#include "seeds/loader/plan.h"

namespace dangjian::seeds {

// Sends one request. Thread-safe.
class Caller {
 public:
  virtual ~Caller() = default;
  // True when the answer is that of an earlier call with the same request_id: nothing was written now. `caller` is the
  // subject in whose name it is sent; empty: the loader itself.
  virtual absl::StatusOr<bool> Call(const google::protobuf::Message& request, const std::string& caller) = 0;
  // A read; a stream's messages one after the other to `receive`.
  virtual absl::Status Read(const google::protobuf::Message& request,
                            const std::function<void(const google::protobuf::Message&)>& receive) = 0;
};

struct RunnerOptions {
  int32_t concurrency = 32;            // chains under way at once
  int64_t retry_micros = 60'000'000;   // how long a call is repeated while a service is away or overloaded
  std::function<void(int64_t)> sleep;  // waits that many microseconds
  std::function<void(const Stage&, size_t)> progress;  // chains of the stage finished so far; one call at a time
};

struct RunnerResult {
  int64_t written = 0;        // records written by this run
  int64_t already_there = 0;  // records that an earlier run had written
};

// The request_id of a request: a digest of its type and content, so that sending it again changes nothing.
std::string RequestId(const google::protobuf::Message& request);

// Sends the stages in order, the chains of a stage at the same time. A call that meets UNAVAILABLE, DEADLINE_EXCEEDED
// or RESOURCE_EXHAUSTED is repeated with the same request_id after a growing pause. Any other error stops the run: no
// further call begins, and the status names the record's line, the request and the reason; what was written stays, and
// a later run finds it there.
absl::StatusOr<RunnerResult> Run(std::vector<Stage>& stages, Caller& caller, const Clock& clock,
                                 const RunnerOptions& options);

}  // namespace dangjian::seeds
