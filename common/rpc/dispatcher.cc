#include "common/rpc/dispatcher.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
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
    Finish(ToGrpcStatus(status));
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

}  // namespace

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
