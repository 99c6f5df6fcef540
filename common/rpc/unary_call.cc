#include "common/rpc/unary_call.h"

#include "common/rpc/field_paths.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"

namespace dangjian::rpc {

UnaryCall::UnaryCall(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport, const Router::Entry& entry)
    : state_(dispatcher, transport, entry) {
  if (const absl::Status refused = Glance(state_); !refused.ok()) {
    Answer(refused);
  } else {
    StartRead(&buffer_);
  }
}

void UnaryCall::OnReadDone(bool ok) {
  // A call without a message takes the same way: an absent message does not parse unless every field may be absent.
  if (!ok) buffer_.Clear();
  RunUnary(state_, buffer_, *this);
}

void UnaryCall::Answer(const absl::Status& outcome) {
  state_.AddTrailers();
  if (outcome.ok() && state_.parts().observer != nullptr) state_.parts().observer->MessageSent(state_.method());
  const google::protobuf::Descriptor& request = *state_.entry().request->GetDescriptor();
  const absl::Status status =
      MapFields(outcome, [&request](std::string_view path) { return RequestPath(request, path); });
  state_.Finished(status);
  if (!status.ok()) return Finish(ToGrpcStatus(status, state_.Metadata("accept-language")));
  buffer_ = state_.replayed ? ToBuffer(state_.replayed_response) : ToBuffer(*state_.response);
  StartWriteAndFinish(&buffer_, grpc::WriteOptions(), grpc::Status::OK);
}

}  // namespace dangjian::rpc
