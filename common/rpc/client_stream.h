#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/rpc/client.h"
#include "grpcpp/client_context.h"

// The streaming half of Client. Internal to common/rpc.

namespace dangjian::rpc {

std::string PathOf(const google::protobuf::MethodDescriptor& method);

std::shared_ptr<grpc::ClientContext> NewClientContext(const CallOptions& options,
                                                      std::chrono::system_clock::time_point deadline);

// Opens a streaming call. A `request` is sent as its only message.
std::unique_ptr<Client::RawStream> NewClientStream(const std::shared_ptr<ClientChannel>& channel,
                                                   const google::protobuf::MethodDescriptor& method,
                                                   const CallOptions& options,
                                                   const google::protobuf::Message* request);

// A stream that was never opened: every operation returns `why`.
std::unique_ptr<Client::RawStream> NewFailedStream(absl::Status why);

}  // namespace dangjian::rpc
