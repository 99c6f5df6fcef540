#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc::stages {
namespace {

absl::Status RunHandler(CallState& call) {
  RETURN_IF_ERROR(call.CheckAlive());
  ASSIGN_OR_RETURN(call.response, call.entry().unary(call, call.request()));
  return AdmitAnswer(*call.response);
}

}  // namespace

void Handle(CallState& call, UnaryAnswer& answer) {
  if (call.entry().run == Run::kInline) return answer.Answer(RunHandler(call));
  const bool taken = call.parts().executor.TrySubmit([&call, &answer] { answer.Answer(RunHandler(call)); });
  if (!taken) answer.Answer(Overloaded("all workers are busy"));
}

}  // namespace dangjian::rpc::stages
