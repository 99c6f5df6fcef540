#pragma once

#include "grpcpp/server_builder.h"

namespace dangjian::rpc {

// Transport limits that fit ClientChannel and the pipeline: the largest message that is read before the pipeline
// refuses it by name, no compressed ones, room for error details, and keep-alive pings as often as our clients send
// them. For every server of the suite.
void ApplyTransportLimits(grpc::ServerBuilder& builder);

}  // namespace dangjian::rpc
