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

namespace {

// Accept, but for the verdict.
absl::Status Examine(CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message,
                     Violations& violations, std::vector<Reference>& references) {
  RETURN_IF_ERROR(stages::AdmitMessage(call, buffer.Length()));
  RETURN_IF_ERROR(stages::Parse(call, buffer, message));
  if (call.parts().observer != nullptr) call.parts().observer->MessageReceived(call.method());
  call.dispatcher().validator().Check(message, violations, references);
  return absl::OkStatus();
}

absl::Status EnterWithRequest(CallState& call, grpc::ByteBuffer& buffer) {
  RETURN_IF_ERROR(Enter(call));
  std::unique_ptr<google::protobuf::Message> request(call.entry().request->New());
  Violations violations;
  std::vector<Reference> references;
  RETURN_IF_ERROR(Examine(call, buffer, *request, violations, references));
  BatchFindings bad_fields;
  // The other rows of a batch are checked all the same, so that one answer names every bad row.
  const bool of_rows = call.entry().batch && bad_fields.Take(violations);
  if (!of_rows) RETURN_IF_ERROR(violations.ToStatus());
  call.set_bad_fields(std::move(bad_fields));
  call.SetRequest(std::move(request), std::move(references));
  return absl::OkStatus();
}

void Execute(CallState& call, UnaryAnswer& answer) {
  if (!call.writes()) {
    if (const absl::Status unknown = stages::CheckFilters(call); !unknown.ok()) return answer.Answer(unknown);
    return stages::Handle(call, answer);
  }
  stages::Prepare(call, [&call, &answer](const absl::Status& status) {
    if (!status.ok()) return answer.Answer(status);
    stages::Transact(call, answer);
  });
}

void ResolveAndExecute(CallState& call, UnaryAnswer& answer) {
  absl::StatusOr<std::vector<std::string>> missing = stages::MissingFromReplicas(call, call.references());
  if (!missing.ok()) return answer.Answer(missing.status());
  if (missing->empty()) return Execute(call, answer);
  call.parts().resolver->Resolve(call, *std::move(missing), [&call, &answer](absl::Status status) {
    if (!status.ok()) return answer.Answer(status);
    Execute(call, answer);
  });
}

}  // namespace

absl::Status Accept(CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message,
                    std::vector<Reference>& references) {
  Violations violations;
  RETURN_IF_ERROR(Examine(call, buffer, message, violations, references));
  return violations.ToStatus();
}

void RunUnary(CallState& call, grpc::ByteBuffer& buffer, UnaryAnswer& answer) {
  if (const absl::Status refused = EnterWithRequest(call, buffer); !refused.ok()) return answer.Answer(refused);
  stages::CatchUp(call, [&call, &answer](const absl::Status& status) {
    if (!status.ok()) return answer.Answer(status);
    ResolveAndExecute(call, answer);
  });
}

}  // namespace dangjian::rpc
