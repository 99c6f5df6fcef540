#include "services/gateway/forward/forwarded_call.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "common/base/steady.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "services/gateway/backend/backend_error.h"

namespace dangjian::gateway {
namespace {

constexpr std::string_view kTraceKey = "dangjian-trace-id";

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }
std::string Text(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// Keys that belong to one connection, or that the library writes itself.
bool IsOfTheConnection(std::string_view key) {
  constexpr std::string_view kKeys[] = {
      "te",      "content-type",      "user-agent",      "host",     "connection", "keep-alive",
      "upgrade", "transfer-encoding", "accept-encoding", kServiceKey};
  if (key.starts_with("grpc-") || key.starts_with(':')) return true;
  for (const std::string_view of_connection : kKeys) {
    if (key == of_connection) return true;
  }
  return false;
}

}  // namespace

grpc::Status StatusForCaller(const grpc::Status& status, std::string_view service, std::string_view accept_language) {
  // Our services attach details to every error: without them the connection failed.
  const bool of_connection =
      status.error_details().empty() && (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                                         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  if (!of_connection) return status;
  return ToGrpcStatus(NameBackendError(FromGrpcStatus(status), service), accept_language);
}

ForwardedCall::ForwardedCall(const Forwarder::Parts& parts, const Backend& backend, const rpc::MethodInfo* method,
                             grpc::GenericCallbackServerContext* server_context, std::function<void()> leave)
    : parts_(parts),
      backend_(backend),
      method_(method),
      server_context_(server_context),
      caller_(*server_context),
      leave_(std::move(leave)),
      started_micros_(SteadyMicros()),
      stub_(backend.channel->Next()) {
  parts_.observer.Started(method_);
  CopyRequestMetadata();
  SetDeadline();
  // A service that was found to be away just now: the call is cancelled before it goes out, and ends like any other.
  rpc::PeerWatch* peer = backend_.channel->peer();
  if (peer != nullptr && !peer->Admit(client_context_, ticket_).ok()) client_context_->TryCancel();
  stub_.PrepareBidiStreamingCall(client_context_.get(), server_context_->method(), {}, &client_);
  // Operations of the client call are begun from the caller's side too: it must not end between them.
  client_.AddHold();
  client_.StartCall();
  StartRead(&request_);
}

void ForwardedCall::CopyRequestMetadata() {
  for (const auto& [key, value] : server_context_->client_metadata()) {
    if (!IsOfTheConnection(View(key))) client_context_->AddMetadata(Text(key), Text(value));
  }
}

void ForwardedCall::SetDeadline() {
  auto deadline = server_context_->deadline();
  if (method_ != nullptr) {
    const auto longest = std::chrono::system_clock::now() + std::chrono::microseconds(method_->deadline_micros);
    deadline = std::min(deadline, longest);
  }
  client_context_->set_deadline(deadline);
}

template <class Start>
void ForwardedCall::OnClientSide(const Start& start) {
  {
    MutexLock lock(mutex_);
    if (!held_) return;
    client_.AddHold();  // for the length of `start`, should the other side let go meanwhile
  }
  start();
  client_.RemoveHold();
}

void ForwardedCall::ReleaseClientSide() {
  {
    MutexLock lock(mutex_);
    if (!held_) return;
    held_ = false;
  }
  client_.RemoveHold();
}

// From the caller to the service.

void ForwardedCall::OnReadDone(bool ok) {
  if (ok && method_ != nullptr) parts_.observer.MessageReceived(*method_);
  OnClientSide([this, ok] {
    if (ok) {
      client_.StartWrite(&request_);
    } else {
      client_.StartWritesDone();
    }
  });
}

void ForwardedCall::OnRequestWritten(bool ok) {
  // When the service takes no more, its status is on the way.
  if (ok) StartRead(&request_);
}

void ForwardedCall::OnCancel() { client_context_->TryCancel(); }

// From the service to the caller.

void ForwardedCall::OnInitialMetadata(bool ok) {
  if (ok) {
    for (const auto& [key, value] : client_context_->GetServerInitialMetadata()) {
      if (!IsOfTheConnection(View(key))) server_context_->AddInitialMetadata(Text(key), Text(value));
    }
    StartSendInitialMetadata();
  }
  client_.StartRead(&response_);
}

void ForwardedCall::OnResponse(bool ok) {
  if (ok) {
    StartWrite(&response_);
  } else {
    ReleaseClientSide();
  }
}

void ForwardedCall::OnWriteDone(bool ok) {
  if (ok) {
    if (method_ != nullptr) parts_.observer.MessageSent(*method_);
    OnClientSide([this] { client_.StartRead(&response_); });
  } else {
    client_context_->TryCancel();
    ReleaseClientSide();
  }
}

void ForwardedCall::OnServiceDone(const grpc::Status& status) {
  for (const auto& [key, value] : client_context_->GetServerTrailingMetadata()) {
    if (!IsOfTheConnection(View(key))) server_context_->AddTrailingMetadata(Text(key), Text(value));
    if (View(key) == kTraceKey) trace_id_ = Text(value);
  }
  ticket_.Release();
  status_ = Outcome(status);
  Finish(status_);  // may delete this on another thread at once
}

grpc::Status ForwardedCall::Outcome(const grpc::Status& status) const {
  rpc::PeerWatch* peer = backend_.channel->peer();
  if (peer != nullptr && status.error_details().empty()) {
    const absl::Status judged = peer->Judge(FromGrpcStatus(status));
    if (!ReasonOf(judged).empty()) return ToGrpcStatus(judged, caller_.Metadata("accept-language"));
  }
  return StatusForCaller(status, backend_.name, caller_.Metadata("accept-language"));
}

void ForwardedCall::OnDone() {
  leave_();
  const absl::Status status = FromGrpcStatus(status_);
  parts_.observer.Finished({.method = method_,
                            .path = server_context_->method(),
                            .status = status,
                            .duration_micros = SteadyMicros() - started_micros_,
                            .trace_id = trace_id_,
                            .caller = caller_});
  delete this;
}

}  // namespace dangjian::gateway
