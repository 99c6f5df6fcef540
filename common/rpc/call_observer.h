#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "common/auth/verifier.h"
#include "common/rpc/method_table.h"

namespace dangjian::rpc {

// What became of a call. Valid during Finished only.
struct CallOutcome {
  const MethodInfo* method = nullptr;  // nullptr for a path that nobody serves
  std::string_view path;               // `/package.Service/Method` as the caller wrote it
  const absl::Status& status;          // with engine text: for the log, never for a caller
  int64_t duration_micros = 0;
  std::string_view trace_id;
  std::string_view request_id;      // the caller's; empty when it sent none
  std::string_view subject;         // empty when the caller was not established
  const auth::Credentials& caller;  // for the peer's address, which is costly to ask
  int64_t revision = 0;             // of the write; 0 when nothing was written
  bool replayed = false;            // a stored answer was given
};

// Sees every call, also those that a stage refuses. Called on gRPC, pool and committing threads: thread-safe, short,
// and without looking anything up: MethodInfo::ordinal indexes per-method handles resolved at start.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  // `method` is nullptr for a path that nobody serves.
  virtual void Started(const MethodInfo* method) = 0;
  virtual void MessageReceived(const MethodInfo& method) = 0;
  virtual void MessageSent(const MethodInfo& method) = 0;
  virtual void Finished(const CallOutcome& outcome) = 0;
};

}  // namespace dangjian::rpc
