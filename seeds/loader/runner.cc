#include "seeds/loader/runner.h"

#include <algorithm>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "google/protobuf/descriptor.h"

namespace dangjian::seeds {
namespace {

constexpr int64_t kFirstPauseMicros = 50'000;
constexpr int64_t kLongestPauseMicros = 2'000'000;

bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

absl::Status Explain(const Call& call, const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return absl::Status(status.code(), absl::StrCat(call.source, ": ", call.request->GetDescriptor()->name(), ": ",
                                                  reason.empty() ? absl::StatusCodeToString(status.code()) : reason,
                                                  ": ", status.message()));
}

absl::Status SetRequestId(google::protobuf::Message& request, const std::string& source) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(source, ": ", request.GetDescriptor()->name(), " has no request_id: seeds hold writes only"));
  }
  request.GetReflection()->SetString(&request, field, RequestId(request));
  return absl::OkStatus();
}

// One stage under way. Threads take chains from it until none is left or one has failed.
class StageRun {
 public:
  StageRun(const Stage& stage, Caller& caller, const Clock& clock, const RunnerOptions& options)
      : stage_(stage), caller_(caller), clock_(clock), options_(options) {}

  absl::Status Run(RunnerResult* result) {
    const size_t threads = std::min(static_cast<size_t>(options_.concurrency), stage_.chains.size());
    std::vector<std::thread> workers;
    for (size_t i = 0; i < threads; ++i) workers.emplace_back([this] { Work(); });
    for (std::thread& worker : workers) worker.join();
    MutexLock lock(mutex_);
    result->written += result_.written;
    result->already_there += result_.already_there;
    return status_;
  }

 private:
  void Work() {
    while (const Chain* chain = Take()) {
      RunnerResult done;
      absl::Status status = RunChain(*chain, &done);
      MutexLock lock(mutex_);
      result_.written += done.written;
      result_.already_there += done.already_there;
      if (status_.ok()) status_ = std::move(status);
      ++finished_;
      if (options_.progress && status_.ok()) options_.progress(stage_, finished_);
    }
  }

  const Chain* Take() {
    MutexLock lock(mutex_);
    if (!status_.ok() || next_ == stage_.chains.size()) return nullptr;
    return &stage_.chains[next_++];
  }

  bool Failed() {
    MutexLock lock(mutex_);
    return !status_.ok();
  }

  absl::Status RunChain(const Chain& chain, RunnerResult* done) {
    for (const Call& call : chain.calls()) {
      if (Failed()) return absl::OkStatus();
      absl::StatusOr<bool> replayed = CallUntilAnswered(call);
      if (!replayed.ok()) return Explain(call, replayed.status());
      ++(*replayed ? done->already_there : done->written);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> CallOnce(const Call& call) {
    if (!call.complete) return caller_.Call(*call.request, call.caller);
    const std::unique_ptr<google::protobuf::Message> request(call.request->New());
    request->CopyFrom(*call.request);
    RETURN_IF_ERROR(call.complete(caller_, *request));
    RETURN_IF_ERROR(SetRequestId(*request, call.source));
    return caller_.Call(*request, call.caller);
  }

  absl::StatusOr<bool> CallUntilAnswered(const Call& call) {
    const int64_t give_up_at = clock_.NowMicros() + options_.retry_micros;
    for (int64_t pause = kFirstPauseMicros;; pause = std::min(2 * pause, kLongestPauseMicros)) {
      absl::StatusOr<bool> replayed = CallOnce(call);
      if (replayed.ok() || !IsTransient(replayed.status()) || clock_.NowMicros() + pause > give_up_at || Failed()) {
        return replayed;
      }
      options_.sleep(pause);
    }
  }

  const Stage& stage_;
  Caller& caller_;
  const Clock& clock_;
  const RunnerOptions& options_;
  Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t finished_ ABSL_GUARDED_BY(mutex_) = 0;
  RunnerResult result_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::string RequestId(const google::protobuf::Message& request) {
  const std::string digest =
      rpc::Sha256(absl::StrCat(request.GetDescriptor()->full_name(), "\n", rpc::DeterministicBytes(request)));
  return absl::StrCat("seed-", absl::BytesToHexString(digest.substr(0, 16)));
}

absl::StatusOr<RunnerResult> Run(std::vector<Stage>& stages, Caller& caller, const Clock& clock,
                                 const RunnerOptions& options) {
  for (Stage& stage : stages) {
    for (Chain& chain : stage.chains) {
      for (Call& call : chain.calls()) {
        RETURN_IF_ERROR(SetRequestId(*call.request, call.source));
      }
    }
  }
  RunnerResult result;
  for (const Stage& stage : stages) RETURN_IF_ERROR(StageRun(stage, caller, clock, options).Run(&result));
  return result;
}

}  // namespace dangjian::seeds
