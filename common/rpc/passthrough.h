#pragma once

#include "grpcpp/generic/async_generic_service.h"

namespace dangjian::rpc {

// Takes over calls to paths for which the router has no handler: the gateway's way to the services behind it. Whoever
// takes a call also reports it to the process's CallObserver. Thread-safe.
class Passthrough {
 public:
  virtual ~Passthrough() = default;
  // A reactor that serves the call and deletes itself in OnDone; nullptr when nobody behind serves `context->method()`.
  // Called on a gRPC thread: must not block.
  virtual grpc::ServerGenericBidiReactor* Take(grpc::GenericCallbackServerContext* context) = 0;
};

}  // namespace dangjian::rpc
