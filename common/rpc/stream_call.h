#pragma once

#include <cstdint>
#include <limits>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc {

// A call that streams in either direction or both. Its handler runs on a thread of the dispatcher's stream set and
// reads and writes blockingly, so that back-pressure reaches it. Deletes itself.
class StreamCall final : public grpc::ServerGenericBidiReactor {
 public:
  StreamCall(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport, const Router::Entry& entry);

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

  // On the stream's thread, to the end of the call.
  void Serve();
  absl::Status RunHandler();
  absl::Status ServeServerStream();
  absl::Status ServeClientStream();
  void End(const absl::Status& status);

  // False at the end of the caller's messages. Waits for the caller, at most until the deadline or as long as a stream
  // may be idle.
  absl::StatusOr<bool> Read(google::protobuf::Message* message);
  // Brings what a message refers to into the replicas, before the handler's transactions look for it.
  absl::Status Resolve(const std::vector<Reference>& references);
  // Waits until the transport took the message.
  absl::Status Write(const google::protobuf::Message& message);
  // Why an operation did not succeed.
  absl::Status Gone() const;

  enum class Operation { kIdle, kRunning, kSucceeded, kFailed };
  // Marks an operation as started; false when it is under way already.
  bool Begin(Operation& operation);
  // Waits for the end of an operation; false when the deadline or `micros` came first.
  bool Await(Operation& operation, int64_t micros = std::numeric_limits<int64_t>::max());
  // How long the caller may leave the server waiting for its next message.
  int64_t IdleMicros() const;
  // Waits for the end of an operation; true when it succeeded.
  bool Settle(Operation& operation);

  CallState state_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  std::unique_ptr<google::protobuf::Message> response_;  // of a client stream

  Mutex mutex_;
  CondVar changed_;
  Operation read_ ABSL_GUARDED_BY(mutex_) = Operation::kIdle;
  Operation write_ ABSL_GUARDED_BY(mutex_) = Operation::kIdle;
};

}  // namespace dangjian::rpc
