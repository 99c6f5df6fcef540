#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/call_context.h"

namespace dangjian::rpc {

// Brings records of another service into this service's replica of them, before the transaction that refers to them
// starts. Thread-safe.
class ReferenceResolver {
 public:
  virtual ~ReferenceResolver() = default;

  // True when the collection is a replica, e.g. `members` in the pledge service. Must not block.
  virtual bool Replicates(std::string_view collection) const = 0;

  // Fetches `names`, which the replica lacks, from their owner and stores them, then calls `done` once, on any thread,
  // also before returning. Never blocks. OK also when the owner does not know a name: the transaction then reports
  // REFERENCE_NOT_FOUND. An error, e.g. BACKEND_UNAVAILABLE, ends the call. `context` lives until `done` was called.
  virtual void Resolve(const CallContext& context, std::vector<std::string> names,
                       std::function<void(absl::Status)> done) = 0;

  // Brings the replicas to what their owner holds at the time of this call, then calls `done` once, on any thread, also
  // before returning. Never blocks. BACKEND_UNAVAILABLE, DIRECTORY_BEHIND. `context` lives until `done` was called.
  virtual void CatchUp(const CallContext& context, std::function<void(absl::Status)> done) = 0;
};

}  // namespace dangjian::rpc
