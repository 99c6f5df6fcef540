#include "common/server/call_recorder.h"

#include <optional>
#include <string>
#include <string_view>

#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::server {
namespace {

obs::CallType TypeOf(const rpc::MethodInfo& method) {
  if (method.client_streaming)
    return method.server_streaming ? obs::CallType::kBidiStream : obs::CallType::kClientStream;
  return method.server_streaming ? obs::CallType::kServerStream : obs::CallType::kUnary;
}

}  // namespace

CallRecorder::CallRecorder(const rpc::MethodTable& methods, obs::Metrics& metrics, obs::Logger& logger)
    : logger_(logger),
      unknown_(metrics.AddCounter("dangjian_unknown_method_calls_total", "Calls to a path that nobody serves.")),
      replayed_(metrics.AddCounter("dangjian_replayed_calls_total",
                                   "Calls whose request_id was known and that got the stored answer.")) {
  for (const rpc::MethodInfo* method : methods.All()) {
    methods_.push_back(method->forwarded ? metrics.AddForwardedMethod(TypeOf(*method), method->service, method->name)
                                         : metrics.AddMethod(TypeOf(*method), method->service, method->name));
  }
}

void CallRecorder::Started(const rpc::MethodInfo* method) {
  if (method != nullptr) methods_[method->ordinal].Started();
}

void CallRecorder::MessageReceived(const rpc::MethodInfo& method) { methods_[method.ordinal].MessageReceived(); }

void CallRecorder::MessageSent(const rpc::MethodInfo& method) { methods_[method.ordinal].MessageSent(); }

void CallRecorder::Finished(const rpc::CallOutcome& outcome) {
  const absl::StatusCode code = outcome.status.code();
  if (outcome.method == nullptr) {
    unknown_.Increment();
  } else {
    methods_[outcome.method->ordinal].Handled(code, static_cast<double>(outcome.duration_micros) / 1'000'000);
  }
  if (outcome.replayed) replayed_.Increment();
  const std::optional<obs::LogLevel> level = logger_.CallLevel(code);
  if (!level.has_value()) return;
  const std::string reason = ReasonOf(outcome.status);
  logger_.Call(*level, {.trace_id = outcome.trace_id,
                        .rpc_service = outcome.method == nullptr ? std::string_view() : outcome.method->service,
                        .rpc_method = outcome.method == nullptr ? outcome.path : outcome.method->name,
                        .code = code,
                        .duration_micros = outcome.duration_micros,
                        .peer = outcome.caller.peer(),
                        .principal = outcome.subject,
                        .reason = reason,
                        .message = ToStd(outcome.status.message())});
}

}  // namespace dangjian::server
