#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/rpc/answer_limits.h"
#include "common/rpc/pipeline.h"
#include "common/status/errors.h"

namespace dangjian::rpc::stages {
namespace {

constexpr int64_t kRetryMillis = 250;

}  // namespace

absl::Status Overloaded(std::string_view what) {
  return WithRetryDelay(Error(reasons::kOverloaded, absl::StrCat(ToAbsl(what), "; try again later")), kRetryMillis);
}

absl::Status AdmitWait(const CallState& call) {
  if (call.method().is_public) return absl::OkStatus();
  int64_t wait = 0;
  if (call.writes()) {
    wait = call.database()->kv().ExpectedWaitMicros();
  } else if (call.entry().run != Run::kInline) {
    wait = call.parts().executor.ExpectedWaitMicros();
  }
  if (wait <= call.parts().longest_wait_micros) return absl::OkStatus();
  // Made once: when this is said there is no time to lose.
  static const absl::Status& refused = *new absl::Status(Overloaded("calls wait too long for their turn"));
  return refused;
}

absl::Status AdmitCall(CallState& call) {
  // Health has to answer most of all when everything is busy.
  if (call.method().is_public) return absl::OkStatus();
  call.set_admitted();
  if (call.dispatcher().in_flight().fetch_add(1, std::memory_order_relaxed) < call.parts().max_in_flight) {
    return absl::OkStatus();
  }
  return Overloaded("too many calls are in flight");
}

absl::Status AdmitMessage(const CallState& call, size_t bytes) {
  const size_t limit = call.method().max_request_bytes;
  if (bytes <= limit) return absl::OkStatus();
  return Error(reasons::kMessageTooLarge, absl::StrCat("the message has ", bytes, " bytes; ", limit, " are allowed"),
               {{"bytes", absl::StrCat(bytes)}, {"limit", absl::StrCat(limit)}});
}

absl::Status AdmitAnswer(const google::protobuf::Message& answer) {
  const size_t bytes = answer.ByteSizeLong();
  if (bytes <= kMaxAnswerBytes) return absl::OkStatus();
  return Error(reasons::kAnswerTooLarge,
               absl::StrCat("the answer has ", bytes, " bytes; ", kMaxAnswerBytes,
                            " are allowed: ask for fewer records at once, or page through a list"),
               {{"bytes", absl::StrCat(bytes)}, {"limit", absl::StrCat(kMaxAnswerBytes)}});
}

}  // namespace dangjian::rpc::stages
