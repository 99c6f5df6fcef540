#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/tls_stager.h"
#include "common/base/clock.h"
#include "common/rpc/client_channel.h"

namespace dangjian::rpc {

// How a program that is no service of the suite reaches it.
struct CallerOptions {
  std::string address = "127.0.0.1:50050";  // as gRPC takes it
  std::string service = "gateway";          // of the suite; what is reached must prove to be it
  auth::TlsFiles tls;                       // empty: an open connection, to a service in development
};

// Connections that show the caller's certificate. Thread-safe.
class CallerConnection {
 public:
  // UNAVAILABLE or FAILED_PRECONDITION naming the file that cannot be read or is no good. Does not connect yet.
  static absl::StatusOr<CallerConnection> Make(const CallerOptions& options);

  const std::shared_ptr<ClientChannel>& channel() const { return channel_; }

 private:
  CallerConnection() = default;

  std::unique_ptr<SystemClock> clock_ = std::make_unique<SystemClock>();
  std::unique_ptr<auth::TlsStager> tls_;  // nullptr without TLS
  std::shared_ptr<ClientChannel> channel_;
};

// The value of the metadata key `authorization` for the token in a file. UNAVAILABLE when it cannot be read.
absl::StatusOr<std::string> BearerOf(const std::string& token_file);

}  // namespace dangjian::rpc
