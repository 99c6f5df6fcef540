#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "common/auth/certificate.h"
#include "common/auth/tls_stager.h"
#include "common/auth/token_verifier.h"
#include "common/auth/verifier.h"
#include "common/base/mutex.h"

namespace dangjian::auth {

// Knows callers by the certificate of their connection and the token of their call (`authorization: Bearer …`).
//
// A connection is a service's or a client's, as its certificate says: `spiffe://dangjian/service/<name>` or
// `spiffe://dangjian/client/<name>`. A certificate that was revoked or ran out since the connection was made is good no
// longer. A call with a token is its bearer's, whoever made the connection; a token that is bound to a certificate must
// come over a connection of that certificate, or be handed on by a service, which has checked that before. Without a
// token only a service is somebody: itself. No name in any other metadata is believed. Thread-safe.
class CallerVerifier final : public Verifier {
 public:
  // All outlive the verifier.
  CallerVerifier(TokenVerifier& tokens, const TlsStager& tls, const Clock& clock)
      : tokens_(tokens), tls_(tls), clock_(clock) {}

  absl::StatusOr<Principal> Verify(const Credentials& credentials) const override;

 private:
  // The certificate of a connection; remembered, since all calls of a connection show the same text.
  absl::StatusOr<std::shared_ptr<const Certificate>> Peer(std::string_view pem) const;

  TokenVerifier& tokens_;
  const TlsStager& tls_;
  const Clock& clock_;
  mutable Mutex mutex_;
  mutable absl::flat_hash_map<std::string, std::shared_ptr<const Certificate>> peers_
      ABSL_GUARDED_BY(mutex_);  // by PEM
};

}  // namespace dangjian::auth
