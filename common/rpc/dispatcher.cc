#include "common/rpc/dispatcher.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/rpc/call_state.h"
#include "common/rpc/stream_call.h"
#include "common/rpc/unary_call.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"

namespace dangjian::rpc {
namespace {

// Answers a call to a path that nobody serves.
class UnknownCall final : public grpc::ServerGenericBidiReactor, private auth::Credentials {
 public:
  UnknownCall(CallObserver* observer, const grpc::GenericCallbackServerContext& transport) : peer_(transport.peer()) {
    const int64_t started = SteadyMicros();
    const absl::Status status =
        Error(reasons::kUnknownMethod, absl::StrCat("no service here has the method ", Printable(transport.method())));
    if (observer != nullptr) {
      observer->Started(nullptr);
      observer->Finished(
          {.path = transport.method(), .status = status, .duration_micros = SteadyMicros() - started, .caller = *this});
    }
    const auto language = transport.client_metadata().find("accept-language");
    const bool given = language != transport.client_metadata().end();
    Finish(ToGrpcStatus(status, given ? std::string_view(language->second.data(), language->second.size()) : ""));
  }

 private:
  void OnDone() override { delete this; }
  std::string_view Metadata(std::string_view) const override { return {}; }
  std::string_view peer() const override { return peer_; }

  // The path comes from the caller: it is shown, but only as short plain text.
  static std::string Printable(const std::string& path) {
    std::string text = path.substr(0, 128);
    for (char& c : text) {
      if (c < 0x20 || c > 0x7E) c = '?';
    }
    return text;
  }

  const std::string peer_;
};

// The address of `ipv4:127.0.0.1:5000` without the port, which differs from connection to connection.
std::string_view AddressOf(std::string_view peer) {
  return peer.starts_with("ip") ? peer.substr(0, peer.rfind(':')) : peer;
}

}  // namespace

Dispatcher::Dispatcher(const DispatcherParts& parts)
    : parts_(parts),
      service_streams_(parts.streams.services, parts.streams.of_service),
      caller_streams_(parts.streams.callers, parts.streams.of_caller),
      public_streams_(parts.streams.anonymous, parts.streams.of_address) {}

absl::Status Dispatcher::StartStream(const CallState& call, std::function<void()> serve) {
  if (call.method().is_public) return public_streams_.Start(AddressOf(call.peer()), std::move(serve));
  const auth::Principal& caller = call.principal();
  SharedThreads& threads = caller.service.empty() ? caller_streams_ : service_streams_;
  return threads.Start(caller.subject, std::move(serve));
}

absl::StatusOr<std::unique_ptr<Dispatcher>> Dispatcher::Create(const DispatcherParts& parts) {
  RETURN_IF_ERROR(parts.router.Check());
  std::unique_ptr<Dispatcher> dispatcher(new Dispatcher(parts));
  for (const MethodInfo* method : parts.router.methods().All()) {
    RETURN_IF_ERROR(dispatcher->validator_.Add(*method->descriptor->input_type()));
  }
  return dispatcher;
}

// The last thing that a call does with the dispatcher is to count itself out, on whatever thread: reading the count
// makes all of that happen before the end.
Dispatcher::~Dispatcher() { in_flight_.load(std::memory_order_acquire); }

grpc::ServerGenericBidiReactor* Dispatcher::CreateReactor(grpc::GenericCallbackServerContext* context) {
  const Router::Entry* entry = parts_.router.Find(context->method());
  if (entry == nullptr) {
    grpc::ServerGenericBidiReactor* passed =
        parts_.passthrough == nullptr ? nullptr : parts_.passthrough->Take(context);
    return passed != nullptr ? passed : new UnknownCall(parts_.observer, *context);
  }
  if (entry->unary != nullptr) return new UnaryCall(*this, *context, *entry);
  return new StreamCall(*this, *context, *entry);
}

}  // namespace dangjian::rpc
