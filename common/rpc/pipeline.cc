#include "common/rpc/pipeline.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/status/errors.h"

namespace dangjian::rpc {

absl::Status Glance(CallState& call) {
  absl::Status refused = stages::AdmitWait(call);
  if (refused.ok()) return refused;
  stages::Trace(call);
  call.Started();
  return refused;
}

absl::Status Enter(CallState& call) {
  stages::Trace(call);
  call.Started();
  RETURN_IF_ERROR(stages::Deadline(call));
  RETURN_IF_ERROR(stages::Authenticate(call));
  RETURN_IF_ERROR(stages::Authorize(call));
  return stages::AdmitCall(call);
}

absl::Status Accept(CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message,
                    std::vector<Reference>& references) {
  RETURN_IF_ERROR(stages::AdmitMessage(call, buffer.Length()));
  RETURN_IF_ERROR(stages::Parse(call, buffer, message));
  if (call.parts().observer != nullptr) call.parts().observer->MessageReceived(call.method());
  Violations violations;
  call.dispatcher().validator().Check(message, violations, references);
  return violations.ToStatus();
}

namespace {

absl::Status EnterWithRequest(CallState& call, grpc::ByteBuffer& buffer) {
  RETURN_IF_ERROR(Enter(call));
  std::unique_ptr<google::protobuf::Message> request(call.entry().request->New());
  std::vector<Reference> references;
  RETURN_IF_ERROR(Accept(call, buffer, *request, references));
  call.SetRequest(std::move(request), std::move(references));
  return absl::OkStatus();
}

void Execute(CallState& call, UnaryAnswer& answer) {
  if (call.writes()) {
    stages::Transact(call, answer);
  } else {
    stages::Handle(call, answer);
  }
}

}  // namespace

void RunUnary(CallState& call, grpc::ByteBuffer& buffer, UnaryAnswer& answer) {
  if (const absl::Status refused = EnterWithRequest(call, buffer); !refused.ok()) return answer.Answer(refused);
  absl::StatusOr<std::vector<std::string>> missing = stages::MissingFromReplicas(call, call.references());
  if (!missing.ok()) return answer.Answer(missing.status());
  if (missing->empty()) return Execute(call, answer);
  call.parts().resolver->Resolve(call, *std::move(missing), [&call, &answer](absl::Status status) {
    if (!status.ok()) return answer.Answer(status);
    Execute(call, answer);
  });
}

}  // namespace dangjian::rpc
