#pragma once

#include <string_view>

#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace dangjian::rpc {

// Serialised messages as the transport takes them.
grpc::ByteBuffer ToBuffer(const google::protobuf::Message& message);
grpc::ByteBuffer ToBuffer(std::string_view bytes);

// False when the bytes are no such message.
bool FromBuffer(grpc::ByteBuffer& buffer, google::protobuf::Message& message);

}  // namespace dangjian::rpc
