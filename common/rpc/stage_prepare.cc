#include <any>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc::stages {
namespace {

absl::Status RunPreparation(CallState& call) {
  RETURN_IF_ERROR(call.CheckAlive());
  ASSIGN_OR_RETURN(std::any prepared, call.entry().prepare(call, call.request()));
  call.set_prepared(std::move(prepared));
  return absl::OkStatus();
}

}  // namespace

void Prepare(CallState& call, std::function<void(absl::Status)> done) {
  if (call.entry().prepare == nullptr) return done(absl::OkStatus());
  const bool taken = call.parts().executor.TrySubmit([&call, done] { done(RunPreparation(call)); });
  if (!taken) done(Overloaded("all workers are busy"));
}

}  // namespace dangjian::rpc::stages
