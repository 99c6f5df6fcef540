#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/mutex.h"
#include "common/rpc/method_table.h"
#include "common/rpc/peer_watch.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "services/gateway/forward/caller.h"
#include "services/gateway/forward/forwarder.h"

namespace dangjian::gateway {

// One call on its way through the gateway: a server call and a client call joined, each message handed over when the
// other side took the one before. Deletes itself when the server call is done, which comes after the client call is.
class ForwardedCall final : public grpc::ServerGenericBidiReactor {
 public:
  // `method` is nullptr for a method that this program does not know. `leave` runs when the call is done: it gives the
  // call's places back.
  ForwardedCall(const Forwarder::Parts& parts, const Backend& backend, const rpc::MethodInfo* method,
                grpc::GenericCallbackServerContext* server_context, std::function<void()> leave);

  // The caller's side.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // The service's side.
  class ClientSide final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    explicit ClientSide(ForwardedCall& call) : call_(call) {}
    void OnReadInitialMetadataDone(bool ok) override { call_.OnInitialMetadata(ok); }
    void OnReadDone(bool ok) override { call_.OnResponse(ok); }
    void OnWriteDone(bool ok) override { call_.OnRequestWritten(ok); }
    void OnDone(const grpc::Status& status) override { call_.OnServiceDone(status); }

   private:
    ForwardedCall& call_;
  };

  void CopyRequestMetadata();
  void SetDeadline();
  void OnInitialMetadata(bool ok);
  void OnResponse(bool ok);
  void OnRequestWritten(bool ok);
  void OnServiceDone(const grpc::Status& status);
  // What the caller is told.
  grpc::Status Outcome(const grpc::Status& status) const;

  // Runs `start`, which begins an operation of the client call, unless that call is over.
  template <class Start>
  void OnClientSide(const Start& start);
  // No more operations will be begun on the client call: lets it finish.
  void ReleaseClientSide();

  const Forwarder::Parts& parts_;
  const Backend& backend_;
  const rpc::MethodInfo* const method_;
  grpc::GenericCallbackServerContext* const server_context_;
  const Caller caller_;
  const std::function<void()> leave_;
  const int64_t started_micros_;

  grpc::GenericStub stub_;
  const std::shared_ptr<grpc::ClientContext> client_context_ = std::make_shared<grpc::ClientContext>();
  rpc::PeerWatch::Ticket ticket_;
  ClientSide client_{*this};
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status status_;   // set before Finish
  std::string trace_id_;  // as the service says

  Mutex mutex_;
  // Whether the client call is kept open for operations begun from the caller's side.
  bool held_ ABSL_GUARDED_BY(mutex_) = true;
};

// The status as the caller gets it: a failure of the connection to a service gets a reason and the service's name;
// everything that a service said itself stays as it is.
grpc::Status StatusForCaller(const grpc::Status& status, std::string_view service,
                             std::string_view accept_language = {});

}  // namespace dangjian::gateway
