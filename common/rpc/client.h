#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call_context.h"
#include "common/rpc/client_channel.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

// How a call goes out.
struct CallOptions {
  int64_t timeout_micros = 5'000'000;                         // from now; at most this long with all repetitions
  std::vector<std::pair<std::string, std::string>> metadata;  // keys in lower case
  bool wait_for_ready = false;  // wait for a server that is not up yet, within the timeout
  int32_t max_attempts = 3;     // see Client; 1: never repeat
  // Unary calls: set to whether the answer was that of an earlier call with the same request_id. Lives until the call
  // is done.
  bool* replayed = nullptr;
};

// Options that pass on a call's identity (`authorization`, `dangjian-caller`), its trace and the time it has left.
CallOptions FromContext(const CallContext& context);

// Calls the methods of another process, each found by its request message, which is unique to it; the message's
// descriptor must be linked. Errors come back as absl::Status with their google.rpc details (ReasonOf works).
//
// A unary call that met UNAVAILABLE or OVERLOADED is repeated after a growing, jittered pause, and not before the
// server said, when that is safe: reads, and writes with a `request_id`. Thread-safe.
class Client {
 public:
  explicit Client(std::shared_ptr<ClientChannel> channel) : channel_(std::move(channel)) {}

  // Calls and waits. Not on a gRPC thread.
  template <class Resp>
  absl::StatusOr<Resp> Call(const google::protobuf::Message& request, const CallOptions& options = {}) {
    Resp response;
    RETURN_IF_ERROR(CallRaw(request, &response, options));
    return response;
  }

  // Calls and returns; `done` runs once, on a gRPC thread: it must be short and must not block.
  template <class Resp>
  void CallAsync(const google::protobuf::Message& request, const CallOptions& options,
                 std::function<void(absl::StatusOr<Resp>)> done) {
    auto response = std::make_shared<Resp>();
    CallRawAsync(request, response.get(), options, [response, done = std::move(done)](absl::Status status) {
      if (status.ok()) {
        done(std::move(*response));
      } else {
        done(std::move(status));
      }
    });
  }

  // Reads a server stream message by message. Not thread-safe. Destroying it cancels the call.
  class RawStream;
  template <class Resp>
  class ServerStream {
   public:
    explicit ServerStream(std::unique_ptr<RawStream> stream) : stream_(std::move(stream)) {}
    // Waits for the next message; nullopt at the end of a stream that ended well.
    absl::StatusOr<std::optional<Resp>> Next() {
      Resp message;
      ASSIGN_OR_RETURN(const bool more, stream_->Read(&message));
      if (!more) return std::optional<Resp>();
      return std::optional<Resp>(std::move(message));
    }
    // Ends the call; a waiting Next returns CANCELLED. Thread-safe.
    void Cancel() { stream_->Cancel(); }

   private:
    std::unique_ptr<RawStream> stream_;
  };
  template <class Resp>
  ServerStream<Resp> OpenServerStream(const google::protobuf::Message& request, const CallOptions& options) {
    return ServerStream<Resp>(OpenStream(request.GetDescriptor(), options, &request));
  }

  // Writes a client stream message by message. Not thread-safe. Destroying it before Finish cancels the call.
  template <class Req, class Resp>
  class ClientStream {
   public:
    explicit ClientStream(std::unique_ptr<RawStream> stream) : stream_(std::move(stream)) {}
    // Waits until the transport took the message; an error is the call's outcome.
    absl::Status Write(const Req& message) { return stream_->Write(message); }
    // Closes the stream and waits for the answer.
    absl::StatusOr<Resp> Finish() {
      Resp response;
      RETURN_IF_ERROR(stream_->CloseAndRead(&response));
      return response;
    }

   private:
    std::unique_ptr<RawStream> stream_;
  };
  template <class Req, class Resp>
  ClientStream<Req, Resp> OpenClientStream(const CallOptions& options) {
    return ClientStream<Req, Resp>(OpenStream(Req::descriptor(), options, nullptr));
  }

  // The same with types known at run time only. `response` lives until `done`.
  absl::Status CallRaw(const google::protobuf::Message& request, google::protobuf::Message* response,
                       const CallOptions& options);
  // Reads a server stream to its end; `receive` runs each time that `message` holds another one.
  absl::Status ReadAll(const google::protobuf::Message& request, google::protobuf::Message* message,
                       const CallOptions& options, const std::function<void()>& receive);
  void CallRawAsync(const google::protobuf::Message& request, google::protobuf::Message* response,
                    const CallOptions& options, std::function<void(absl::Status)> done);

  // A stream of either kind. Used by one thread at a time, but for Cancel.
  class RawStream {
   public:
    virtual ~RawStream() = default;
    // False at the end of a stream that ended well.
    virtual absl::StatusOr<bool> Read(google::protobuf::Message* message) = 0;
    virtual absl::Status Write(const google::protobuf::Message& message) = 0;
    // Half-closes, reads the one answer and the status.
    virtual absl::Status CloseAndRead(google::protobuf::Message* response) = 0;
    virtual void Cancel() = 0;
  };

 private:
  // With `request` it is sent and the stream half-closed.
  std::unique_ptr<RawStream> OpenStream(const google::protobuf::Descriptor* request_type, const CallOptions& options,
                                        const google::protobuf::Message* request);

  std::shared_ptr<ClientChannel> channel_;
};

// The method that takes this message, among all contracts that are linked; nullptr when there is none.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor& request);

}  // namespace dangjian::rpc
