#include "common/server/identity.h"

#include <fstream>
#include <functional>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/auth/caller_verifier.h"
#include "common/auth/token_keys.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/tls_credentials.h"

namespace dangjian::server {
namespace {

// Until roles say who may do what, everyone who is known may do everything; but the gateway asks for others and never
// for itself, so that a call that it hands on without a token is nobody's.
class GrantingVerifier final : public auth::Verifier {
 public:
  GrantingVerifier(auth::TokenVerifier& tokens, const auth::TlsStager& tls, const Clock& clock)
      : callers_(tokens, tls, clock) {}

  absl::StatusOr<auth::Principal> Verify(const auth::Credentials& credentials) const override {
    ASSIGN_OR_RETURN(auth::Principal principal, callers_.Verify(credentials));
    if (principal.service != "gateway") principal.permissions.insert("*");
    return principal;
  }

 private:
  const auth::CallerVerifier callers_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Identity>> Identity::Make(const ServerOptions& options, const Clock& clock,
                                                         obs::Logger& logger) {
  std::unique_ptr<Identity> identity(new Identity(options, logger));
  if (options.auth != kTokens) {
    identity->verifier_ = auth::NewDevelopmentVerifier();
    return identity;
  }
  const auto say = [&logger](std::string_view line) { logger.Warning(line); };
  ASSIGN_OR_RETURN(identity->tls_, auth::TlsStager::Start(options.tls, clock, {.log = say}));
  identity->tokens_ = std::make_unique<auth::TokenVerifier>(
      auth::TokenPolicy{.issuer = options.token_issuer, .audience = options.token_audience}, clock);
  RETURN_IF_ERROR(identity->ReadTokenKeys());
  identity->verifier_ = std::make_unique<GrantingVerifier>(*identity->tokens_, *identity->tls_, clock);
  return identity;
}

std::shared_ptr<grpc::ServerCredentials> Identity::ForListeners() const {
  return tls_ == nullptr ? grpc::InsecureServerCredentials() : rpc::MakeServerCredentials(*tls_);
}

std::shared_ptr<grpc::ChannelCredentials> Identity::ToCall(std::string_view service) const {
  if (tls_ == nullptr) return grpc::InsecureChannelCredentials();
  return rpc::MakeChannelCredentials(*tls_, auth::IdentityUri(/*service=*/true, service));
}

std::shared_ptr<grpc::ChannelCredentials> Identity::ToCallOneself() const {
  if (tls_ == nullptr) return grpc::InsecureChannelCredentials();
  return rpc::MakeChannelCredentials(*tls_, tls_->certificate().uri);
}

absl::Status Identity::ReadTokenKeys() {
  std::ifstream file(token_keys_file_, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot read --token-keys ", token_keys_file_));
  if (text.str() == keys_read_) return absl::OkStatus();
  keys_read_ = text.str();
  absl::StatusOr<auth::TokenKeys> keys = auth::TokenKeys::Parse(keys_read_);
  if (!keys.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("--token-keys ", token_keys_file_, ": ", ToAbsl(ToStd(keys.status().message()))));
  }
  tokens_->SetKeys(std::make_shared<const auth::TokenKeys>(*std::move(keys)));
  return absl::OkStatus();
}

void Identity::Look() {
  if (tokens_ == nullptr) return;
  // A file that is missing for a moment is being replaced; the keys stay.
  const absl::Status status = ReadTokenKeys();
  if (status.ok() || absl::IsUnavailable(status)) return;
  ++keys_refused_;
  logger_.Warning("new token keys are refused, the old ones stay", {{"error", ToStd(status.message())}});
}

void Identity::AddMetrics(obs::Metrics& metrics) const {
  if (tls_ == nullptr) return;
  using Kind = obs::Metrics::Kind;
  const auto add = [&metrics](Kind kind, std::string_view name, std::string_view help, std::function<double()> read) {
    metrics.AddCallback(kind, name, help,
                        [read = std::move(read)] { return std::vector<obs::Sample>{{.value = read()}}; });
  };
  add(Kind::kGauge, "dangjian_tls_certificate_expiry_timestamp_seconds", "When the own certificate expires.",
      [this] { return static_cast<double>(tls_->certificate().not_after); });
  add(Kind::kCounter, "dangjian_tls_files_refused_total", "Sets of TLS files that were no good; the old ones stayed.",
      [this] { return static_cast<double>(tls_->refused()); });
  add(Kind::kCounter, "dangjian_token_keys_refused_total", "Sets of token keys that were no good; the old ones stayed.",
      [this] { return static_cast<double>(keys_refused_.load()); });
}

}  // namespace dangjian::server
