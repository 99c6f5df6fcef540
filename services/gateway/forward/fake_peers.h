#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"

// Both ends of a forwarded call for tests: a server whose methods are given as reactors, and a caller that blocks.

namespace dangjian::gateway {

inline grpc::ByteBuffer BytesOf(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

inline std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

// A gRPC server on a free port that makes its reactors by a function.
class RawServer {
 public:
  using Maker = std::function<grpc::ServerGenericBidiReactor*(grpc::GenericCallbackServerContext*)>;

  explicit RawServer(Maker maker) : service_(std::move(maker)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~RawServer() { Stop(); }

  void Stop() {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_ = nullptr;
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  class Service final : public grpc::CallbackGenericService {
   public:
    explicit Service(Maker maker) : maker_(std::move(maker)) {}
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
      return maker_(context);
    }

   private:
    const Maker maker_;
  };

  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A flag that threads wait for.
class Signal {
 public:
  void Set() {
    MutexLock lock(mutex_);
    set_ = true;
    changed_.NotifyAll();
  }
  // False when it was not set within ten seconds.
  bool Wait() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    MutexLock lock(mutex_);
    while (!set_) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      changed_.WaitFor(mutex_, std::chrono::seconds(10));
    }
    return true;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool set_ ABSL_GUARDED_BY(mutex_) = false;
};

// One call of any kind, with operations that block. Used by one thread.
class RawCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  RawCall(const std::shared_ptr<grpc::Channel>& channel, std::string path) : path_(std::move(path)), stub_(channel) {}
  ~RawCall() override {
    if (started_ && !status_.has_value()) {
      context.TryCancel();
      Finish();
    }
  }

  // Set metadata and deadline here before Start.
  grpc::ClientContext context;

  void Start() {
    started_ = true;
    stub_.PrepareBidiStreamingCall(&context, path_, {}, this);
    AddHold();
    StartCall();
  }
  // False when the call is over.
  bool Write(const std::string& text) {
    BeginWrite(text);
    return AwaitWrite();
  }
  void BeginWrite(const std::string& text) {
    out_ = BytesOf(text);
    Begin(write_);
    StartWrite(&out_);
  }
  bool AwaitWrite() { return *Await(write_); }
  // Whether the write ends within the time.
  bool WriteEndsWithin(std::chrono::milliseconds time) {
    MutexLock lock(mutex_);
    if (!write_.has_value()) changed_.WaitFor(mutex_, time);
    return write_.has_value();
  }
  bool WritesDone() {
    Begin(writes_done_);
    StartWritesDone();
    return *Await(writes_done_);
  }
  // nullopt at the end.
  std::optional<std::string> Read() {
    Begin(read_);
    StartRead(&in_);
    return *Await(read_) ? std::optional<std::string>(TextOf(in_)) : std::nullopt;
  }
  // Waits for the initial metadata.
  bool AwaitInitialMetadata() { return *Await(initial_); }
  grpc::Status Finish() {
    MutexLock lock(mutex_);
    if (!status_.has_value()) RemoveHold();
    while (!status_.has_value()) changed_.Wait(mutex_);
    return *status_;
  }
  // Writes one message, half-closes, reads one message and the status.
  std::pair<grpc::Status, std::optional<std::string>> Unary(const std::string& request) {
    Start();
    Write(request);
    WritesDone();
    std::optional<std::string> response = Read();
    return {Finish(), std::move(response)};
  }

 private:
  void OnReadInitialMetadataDone(bool ok) override { End(initial_, ok); }
  void OnReadDone(bool ok) override { End(read_, ok); }
  void OnWriteDone(bool ok) override { End(write_, ok); }
  void OnWritesDoneDone(bool ok) override { End(writes_done_, ok); }
  void OnDone(const grpc::Status& status) override {
    MutexLock lock(mutex_);
    status_ = status;
    changed_.NotifyAll();
  }
  void Begin(std::optional<bool>& operation) {
    MutexLock lock(mutex_);
    operation.reset();
  }
  void End(std::optional<bool>& operation, bool ok) {
    MutexLock lock(mutex_);
    operation = ok;
    changed_.NotifyAll();
  }
  std::optional<bool> Await(std::optional<bool>& operation) {
    MutexLock lock(mutex_);
    while (!operation.has_value()) changed_.Wait(mutex_);
    return operation;
  }

  const std::string path_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  bool started_ = false;
  Mutex mutex_;
  CondVar changed_;
  std::optional<bool> initial_;
  std::optional<bool> read_;
  std::optional<bool> write_;
  std::optional<bool> writes_done_;
  std::optional<grpc::Status> status_;
};

}  // namespace dangjian::gateway
