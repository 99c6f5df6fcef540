#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/tls_stager.h"
#include "common/auth/token_verifier.h"
#include "common/auth/verifier.h"
#include "common/base/clock.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/server/server_options.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace dangjian::server {

// How a process proves who it is, and knows who calls it. With --auth=tokens every connection has a certificate of the
// authorities on both sides, and a caller is known by its certificate and its token (auth::CallerVerifier);
// certificates and keys are taken over without a restart. With --auth=development nobody proves anything. Thread-safe
// but for Look.
class Identity {
 public:
  // UNAVAILABLE or FAILED_PRECONDITION naming the file that cannot be read or is no good. `clock` and `logger` outlive
  // the identity.
  static absl::StatusOr<std::unique_ptr<Identity>> Make(const ServerOptions& options, const Clock& clock,
                                                        obs::Logger& logger);

  const auth::Verifier& verifier() const { return *verifier_; }
  std::shared_ptr<grpc::ServerCredentials> ForListeners() const;
  // To call a service of the suite, `registry`, which must prove to be it.
  std::shared_ptr<grpc::ChannelCredentials> ToCall(std::string_view service) const;
  // To call oneself.
  std::shared_ptr<grpc::ChannelCredentials> ToCallOneself() const;

  // Takes over token keys that have changed and are good; to be called about once a second, by one thread.
  void Look();
  // When the certificate expires, and what was refused. `metrics` is read while the identity lives.
  void AddMetrics(obs::Metrics& metrics) const;

 private:
  Identity(const ServerOptions& options, obs::Logger& logger) : token_keys_file_(options.token_keys), logger_(logger) {}
  absl::Status ReadTokenKeys();

  const std::string token_keys_file_;
  obs::Logger& logger_;
  std::unique_ptr<auth::TlsStager> tls_;  // nullptr in development, as the next
  std::unique_ptr<auth::TokenVerifier> tokens_;
  std::unique_ptr<auth::Verifier> verifier_;
  std::string keys_read_;  // the file as it was read last, good or bad
  std::atomic<int64_t> keys_refused_{0};
};

}  // namespace dangjian::server
