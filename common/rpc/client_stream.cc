#include "common/rpc/client_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "grpcpp/generic/generic_stub.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::Message;

// Turns gRPC's reactions into blocking operations. The hold keeps the reactor alive between operations that come from
// outside; the end of the call is awaited before it goes.
class BlockingStream final : public Client::RawStream,
                             private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  BlockingStream(const std::shared_ptr<ClientChannel>& channel, const std::string& path, const CallOptions& options,
                 const Message* request)
      : channel_(channel),
        context_(NewClientContext(
            options, std::chrono::system_clock::now() + std::chrono::microseconds(options.timeout_micros))) {
    if (channel_->peer() != nullptr) {
      // Away: the call is made all the same and cancelled before it goes out, which ends it like any other.
      if (!channel_->peer()->Admit(context_, ticket_).ok()) context_->TryCancel();
    }
    grpc::GenericStub(channel_->Next()).PrepareBidiStreamingCall(context_.get(), path, grpc::StubOptions(), this);
    AddHold();
    if (request != nullptr) {
      outgoing_ = ToBuffer(*request);
      StartWriteLast(&outgoing_, grpc::WriteOptions());
    }
    StartCall();
  }

  ~BlockingStream() override {
    context_->TryCancel();
    End().IgnoreError();
  }

  absl::StatusOr<bool> Read(Message* message) override {
    if (ended_) return EndedRead();
    Begin(read_);
    StartRead(&incoming_);
    if (!Await(read_)) {
      RETURN_IF_ERROR(End());
      return false;
    }
    if (!FromBuffer(incoming_, *message)) {
      return Error(reasons::kInternal, absl::StrCat("a message of the stream is not a valid ", message->GetTypeName()));
    }
    return true;
  }

  absl::Status Write(const Message& message) override {
    if (ended_) return Broken();
    outgoing_ = ToBuffer(message);
    Begin(write_);
    StartWrite(&outgoing_);
    return Await(write_) ? absl::OkStatus() : Broken();
  }

  absl::Status CloseAndRead(Message* response) override {
    if (ended_) return Broken();
    StartWritesDone();
    ASSIGN_OR_RETURN(const bool answered, Read(response));
    if (!answered) return Error(reasons::kInternal, "the call ended well but gave no answer");
    return End();
  }

  void Cancel() override { context_->TryCancel(); }

 private:
  enum class Operation { kIdle, kRunning, kSucceeded, kFailed };

  void OnReadDone(bool ok) override { Complete(read_, ok); }
  void OnWriteDone(bool ok) override { Complete(write_, ok); }
  void OnDone(const grpc::Status& status) override {
    ticket_.Release();
    absl::Status outcome = FromGrpcStatus(status);
    if (channel_->peer() != nullptr) outcome = channel_->peer()->Judge(std::move(outcome));
    MutexLock lock(mutex_);
    status_ = std::move(outcome);
    done_ = true;
    changed_.NotifyAll();
  }

  void Begin(Operation& operation) {
    MutexLock lock(mutex_);
    operation = Operation::kRunning;
  }
  void Complete(Operation& operation, bool ok) {
    MutexLock lock(mutex_);
    operation = ok ? Operation::kSucceeded : Operation::kFailed;
    changed_.NotifyAll();
  }
  bool Await(Operation& operation) {
    MutexLock lock(mutex_);
    while (operation == Operation::kRunning) changed_.Wait(mutex_);
    return operation == Operation::kSucceeded;
  }

  // Waits for the outcome of the call.
  absl::Status End() {
    if (!ended_) RemoveHold();
    ended_ = true;
    MutexLock lock(mutex_);
    while (!done_) changed_.Wait(mutex_);
    return status_;
  }
  absl::StatusOr<bool> EndedRead() {
    RETURN_IF_ERROR(End());
    return false;
  }
  // A write failed: the call is over, with an error of its own or before it had read everything.
  absl::Status Broken() {
    RETURN_IF_ERROR(End());
    return Error(reasons::kCancelled, "the call ended before the message was taken");
  }

  const std::shared_ptr<ClientChannel> channel_;
  const std::shared_ptr<grpc::ClientContext> context_;
  PeerWatch::Ticket ticket_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  bool ended_ = false;
  Mutex mutex_;
  CondVar changed_;
  Operation read_ ABSL_GUARDED_BY(mutex_) = Operation::kIdle;
  Operation write_ ABSL_GUARDED_BY(mutex_) = Operation::kIdle;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

class FailedStream final : public Client::RawStream {
 public:
  explicit FailedStream(absl::Status why) : why_(std::move(why)) {}
  absl::StatusOr<bool> Read(Message*) override { return why_; }
  absl::Status Write(const Message&) override { return why_; }
  absl::Status CloseAndRead(Message*) override { return why_; }
  void Cancel() override {}

 private:
  const absl::Status why_;
};

}  // namespace

std::unique_ptr<Client::RawStream> NewClientStream(const std::shared_ptr<ClientChannel>& channel,
                                                   const google::protobuf::MethodDescriptor& method,
                                                   const CallOptions& options, const Message* request) {
  return std::make_unique<BlockingStream>(channel, PathOf(method), options, request);
}

std::unique_ptr<Client::RawStream> NewFailedStream(absl::Status why) {
  return std::make_unique<FailedStream>(std::move(why));
}

}  // namespace dangjian::rpc
