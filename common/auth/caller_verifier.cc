#include "common/auth/caller_verifier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::auth {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr size_t kMaxPeers = 4096;
constexpr std::string_view kServicePrefix = "spiffe://dangjian/service/";
constexpr std::string_view kClientPrefix = "spiffe://dangjian/client/";
constexpr std::string_view kBearer = "Bearer ";

absl::Status Refuse(std::string_view cause, std::string_view message) {
  return Error(reasons::kUnauthenticated, message, {{"cause", std::string(cause)}});
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Certificate>> CallerVerifier::Peer(std::string_view pem) const {
  MutexLock lock(mutex_);
  if (const auto known = peers_.find(ToAbsl(pem)); known != peers_.end()) return known->second;
  absl::StatusOr<Certificate> parsed = ParseCertificate(pem);
  if (!parsed.ok()) return Refuse("CERTIFICATE", "the connection shows no certificate");
  if (peers_.size() >= kMaxPeers) peers_.clear();
  auto peer = std::make_shared<const Certificate>(*std::move(parsed));
  peers_.emplace(pem, peer);
  return peer;
}

absl::StatusOr<Principal> CallerVerifier::Verify(const Credentials& credentials) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Certificate> peer, Peer(credentials.certificate()));
  if (tls_.IsRevoked(peer->serial)) return Refuse("REVOKED", "the certificate of the connection is revoked");
  if (clock_.NowMicros() / kMicrosPerSecond > peer->not_after) {
    return Refuse("EXPIRED_CERTIFICATE", "the certificate of the connection has expired: connect with a new one");
  }
  const std::string_view uri = peer->uri;
  const std::string_view service = uri.starts_with(kServicePrefix) ? uri.substr(kServicePrefix.size()) : "";
  if (service.empty() && !uri.starts_with(kClientPrefix)) {
    return Refuse("CERTIFICATE", "the certificate of the connection names neither a service nor a client");
  }
  const std::string_view authorization = credentials.Metadata("authorization");
  if (authorization.empty() && !service.empty()) {
    return Principal{.subject = absl::StrCat("service/", ToAbsl(service)), .service = std::string(service)};
  }
  if (!authorization.starts_with(kBearer)) {
    return Refuse("TOKEN", "send the metadata authorization: Bearer <token>");
  }
  ASSIGN_OR_RETURN(TokenClaims claims, tokens_.Verify(authorization.substr(kBearer.size())));
  // A subject of this form is a service's, and only a certificate says so.
  if (claims.subject.starts_with("service/")) return Refuse("SUBJECT", "a token cannot name a service");
  if (!claims.certificate.empty() && claims.certificate != peer->thumbprint && service.empty()) {
    return Refuse("UNBOUND", "the token is bound to another certificate than that of the connection");
  }
  return Principal{.subject = std::move(claims.subject)};
}

}  // namespace dangjian::auth
