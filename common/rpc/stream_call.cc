#include "common/rpc/stream_call.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"

namespace dangjian::rpc {

using google::protobuf::Message;

StreamCall::StreamCall(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport,
                       const Router::Entry& entry)
    : state_(dispatcher, transport, entry) {
  absl::Status refused = Enter(state_);
  // Nothing is touched once the stream has its thread: it may be over.
  if (refused.ok()) refused = dispatcher.StartStream(state_, [this] { Serve(); });
  if (!refused.ok()) End(refused);
}

void StreamCall::Serve() { End(RunHandler()); }

absl::Status StreamCall::RunHandler() {
  if (state_.entry().server_stream != nullptr) return ServeServerStream();
  if (state_.entry().client_stream != nullptr) return ServeClientStream();
  return state_.entry().bidi_stream(
      state_, [this](Message* message) { return Read(message); },
      [this](const Message& message) { return Write(message); });
}

absl::Status StreamCall::ServeServerStream() {
  std::unique_ptr<Message> request(state_.entry().request->New());
  ASSIGN_OR_RETURN(const bool sent, Read(request.get()));
  if (!sent) return Error(reasons::kMalformedMessage, "the call carried no request");
  state_.SetRequest(std::move(request), {});
  return state_.entry().server_stream(state_, state_.request(),
                                      [this](const Message& message) { return Write(message); });
}

absl::Status StreamCall::ServeClientStream() {
  ASSIGN_OR_RETURN(response_, state_.entry().client_stream(state_, [this](Message* message) { return Read(message); }));
  return absl::OkStatus();
}

void StreamCall::End(const absl::Status& status) {
  state_.AddTrailers();
  if (status.ok() && response_ != nullptr && state_.parts().observer != nullptr) {
    state_.parts().observer->MessageSent(state_.method());
  }
  state_.Finished(status);
  if (!status.ok() || response_ == nullptr) {
    return Finish(ToGrpcStatus(status, state_.Metadata("accept-language")));
  }
  outgoing_ = ToBuffer(*response_);
  StartWriteAndFinish(&outgoing_, grpc::WriteOptions(), grpc::Status::OK);
}

int64_t StreamCall::IdleMicros() const {
  const bool waits_for_its_caller = !state_.method().is_public && state_.entry().server_stream == nullptr;
  return waits_for_its_caller ? std::numeric_limits<int64_t>::max() : state_.parts().streams.idle_micros;
}

bool StreamCall::Await(Operation& operation, int64_t micros) {
  const int64_t start = SteadyMicros();
  MutexLock lock(mutex_);
  while (operation == Operation::kRunning) {
    const int64_t left = std::min(state_.remaining_micros(), micros - (SteadyMicros() - start));
    if (left <= 0) return false;
    changed_.WaitFor(mutex_, std::chrono::microseconds(left));
  }
  return true;
}

bool StreamCall::Begin(Operation& operation) {
  MutexLock lock(mutex_);
  if (operation == Operation::kRunning) return false;
  operation = Operation::kRunning;
  return true;
}

bool StreamCall::Settle(Operation& operation) {
  MutexLock lock(mutex_);
  while (operation == Operation::kRunning) changed_.Wait(mutex_);
  return std::exchange(operation, Operation::kIdle) == Operation::kSucceeded;
}

absl::StatusOr<bool> StreamCall::Read(Message* message) {
  // A read that timed out is still under way: the call is over.
  if (!Begin(read_)) return Gone();
  StartRead(&incoming_);
  if (!Await(read_, IdleMicros())) {
    RETURN_IF_ERROR(state_.CheckAlive());
    return Error(reasons::kDeadlineExceeded, "the stream was idle for too long");
  }
  if (!Settle(read_)) {
    // The end of the caller's messages and a broken call look the same here.
    if (state_.transport().IsCancelled()) return Gone();
    return false;
  }
  std::vector<Reference> references;
  RETURN_IF_ERROR(Accept(state_, incoming_, *message, references));
  RETURN_IF_ERROR(Resolve(references));
  return true;
}

absl::Status StreamCall::Resolve(const std::vector<Reference>& references) {
  ASSIGN_OR_RETURN(std::vector<std::string> missing, stages::MissingFromReplicas(state_, references));
  if (missing.empty()) return absl::OkStatus();
  absl::Status outcome;
  bool resolved = false;
  state_.parts().resolver->Resolve(state_, std::move(missing), [&](absl::Status status) {
    MutexLock lock(mutex_);
    outcome = std::move(status);
    resolved = true;
    changed_.NotifyAll();
  });
  MutexLock lock(mutex_);
  while (!resolved) changed_.Wait(mutex_);
  return outcome;
}

absl::Status StreamCall::Write(const Message& message) {
  RETURN_IF_ERROR(state_.CheckAlive());
  RETURN_IF_ERROR(stages::AdmitAnswer(message));
  outgoing_ = ToBuffer(message);
  Begin(write_);
  StartWrite(&outgoing_);
  // Nothing may follow a write that is under way, not even a status: a reader that takes nothing until the deadline
  // loses the call.
  if (!Await(write_)) state_.transport().TryCancel();
  if (!Settle(write_)) return Gone();
  if (state_.parts().observer != nullptr) state_.parts().observer->MessageSent(state_.method());
  return absl::OkStatus();
}

absl::Status StreamCall::Gone() const {
  RETURN_IF_ERROR(state_.CheckAlive());
  return Error(reasons::kCancelled, "the caller has left");
}

void StreamCall::OnReadDone(bool ok) {
  MutexLock lock(mutex_);
  read_ = ok ? Operation::kSucceeded : Operation::kFailed;
  changed_.NotifyAll();
}

void StreamCall::OnWriteDone(bool ok) {
  MutexLock lock(mutex_);
  write_ = ok ? Operation::kSucceeded : Operation::kFailed;
  changed_.NotifyAll();
}

void StreamCall::OnCancel() {
  MutexLock lock(mutex_);
  changed_.NotifyAll();
}

}  // namespace dangjian::rpc
