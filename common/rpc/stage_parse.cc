#include "absl/strings/str_cat.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"

namespace dangjian::rpc::stages {

absl::Status Parse(const CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message) {
  if (FromBuffer(buffer, message)) return absl::OkStatus();
  return Error(reasons::kMalformedMessage,
               absl::StrCat("the request is not a valid ", call.entry().request->GetTypeName(),
                            ", or one of its texts is not UTF-8"));
}

}  // namespace dangjian::rpc::stages
