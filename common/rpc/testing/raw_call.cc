#include "common/rpc/testing/raw_call.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/rpc/testing/note_server.h"
#include "common/rpc/wire.h"
#include "common/status/grpc_status.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"

namespace dangjian::rpc::testing {

RawAnswer RawCall(const std::string& target, const std::string& path, std::string_view bytes,
                  const RawOptions& options) {
  grpc::GenericStub stub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  if (options.timeout_micros != 0) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::microseconds(options.timeout_micros));
  }
  for (const auto& [key, value] : options.metadata) context.AddMetadata(key, value);
  const grpc::ByteBuffer request = ToBuffer(bytes);
  grpc::ByteBuffer response;
  RawAnswer answer;
  Latch finished;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response, [&](grpc::Status status) {
    answer.status = FromGrpcStatus(status);
    finished.Open();
  });
  finished.Wait();
  grpc::Slice slice;
  if (answer.status.ok() && response.DumpToSingleSlice(&slice).ok()) {
    answer.bytes = std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    answer.trailers.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return answer;
}

RawAnswer RawCall(const std::string& target, std::string_view method, const google::protobuf::Message& request,
                  const RawOptions& options) {
  return RawCall(target, absl::StrCat("/dangjian.rpc.testing.NoteService/", ToAbsl(method)),
                 request.SerializeAsString(), options);
}

}  // namespace dangjian::rpc::testing
