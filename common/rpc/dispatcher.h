#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "common/auth/verifier.h"
#include "common/base/clock.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/executor.h"
#include "common/rpc/passthrough.h"
#include "common/rpc/reference_resolver.h"
#include "common/rpc/router.h"
#include "common/rpc/stream_threads.h"
#include "common/rpc/validate.h"
#include "common/storage/database.h"
#include "grpcpp/generic/async_generic_service.h"

namespace dangjian::rpc {

class CallState;

// What the pipeline works with. Everything outlives the dispatcher; the dispatcher outlives the gRPC server.
struct DispatcherParts {
  const Router& router;
  const auth::Verifier& verifier;
  const Clock& clock;
  Executor& executor;                     // for Run::kPool
  storage::Database* database = nullptr;  // nullptr in the gateway
  CallObserver* observer = nullptr;       // nullptr: nobody looks
  ReferenceResolver* resolver = nullptr;  // nullptr in the registry and the gateway
  Passthrough* passthrough = nullptr;     // set in the gateway
  int32_t max_in_flight = 4096;           // calls admitted at once, streams included; public methods do not count
  int64_t longest_wait_micros = 150'000;  // a call that would have to wait longer for its turn is refused at once
  StreamLimits streams = {};              // each stream has a thread of its own
};

// The one gRPC service of a process: takes every call, finds its handler in the router and leads it through the
// pipeline (pipeline.h). Register it with ServerBuilder::RegisterCallbackGenericService. Thread-safe.
class Dispatcher final : public grpc::CallbackGenericService {
 public:
  // FAILED_PRECONDITION when a method has no handler or a field rule is wrong.
  static absl::StatusOr<std::unique_ptr<Dispatcher>> Create(const DispatcherParts& parts);

  // Every call must have ended: the gRPC server is gone.
  ~Dispatcher() override;

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

  const DispatcherParts& parts() const { return parts_; }
  const Validator& validator() const { return validator_; }
  // Runs `serve`, the whole of a stream, on a thread of the callers to whom `call` belongs. OVERLOADED.
  absl::Status StartStream(const CallState& call, std::function<void()> serve);
  // Admitted calls that have not finished.
  std::atomic<int32_t>& in_flight() { return in_flight_; }

 private:
  explicit Dispatcher(const DispatcherParts& parts);

  const DispatcherParts parts_;
  Validator validator_;
  std::atomic<int32_t> in_flight_{0};
  SharedThreads service_streams_;
  SharedThreads caller_streams_;
  SharedThreads public_streams_;
};

}  // namespace dangjian::rpc
