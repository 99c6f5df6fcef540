#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/auth/token_keys.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"

namespace dangjian::auth {

// What a token says of its bearer.
struct TokenClaims {
  std::string subject;     // `sub`: 1 to 64 printable ASCII characters
  int64_t expires_at = 0;  // `exp`, seconds since 1970-01-01T00:00:00Z
  std::string
      certificate;  // `cnf`.`x5t#S256`: 32 bytes of the certificate it is bound to; empty when it is bound to none
};

// Which tokens are good.
struct TokenPolicy {
  std::string issuer;                    // `iss` must be this
  std::string audience;                  // `aud` must be or hold this
  int64_t leeway_seconds = 30;           // by which clocks may differ
  int64_t max_lifetime_seconds = 43200;  // between `iat` and `exp`: a token that was lost is good no longer
};

// Checks JSON Web Tokens (RFC 7519) by the rules of RFC 8725: the algorithm is ES256 and nothing else, whatever the
// token says of itself; the key is one of the set, named by `kid`; no header may bring a key or an address of one; no
// member stands twice; issuer, audience, times and size are pinned. A good token is remembered by its digest until it
// expires or the keys change, because a signature costs more than a call. Thread-safe; does not block.
class TokenVerifier {
 public:
  static constexpr size_t kMaxTokenBytes = 4096;

  // `clock` must outlive the verifier. Without keys nothing is good.
  TokenVerifier(TokenPolicy policy, const Clock& clock);

  // Replaces the keys, and forgets every token.
  void SetKeys(std::shared_ptr<const TokenKeys> keys);

  // UNAUTHENTICATED (reason UNAUTHENTICATED, metadata `cause`, for the caller's log) when the token is not good.
  absl::StatusOr<TokenClaims> Verify(std::string_view token);

 private:
  absl::StatusOr<TokenClaims> Check(std::string_view token, const TokenKeys* keys, int64_t now) const;
  absl::StatusOr<TokenClaims> ReadClaims(std::string_view payload, int64_t now) const;

  const TokenPolicy policy_;
  const Clock& clock_;
  Mutex mutex_;
  std::shared_ptr<const TokenKeys> keys_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, TokenClaims> good_ ABSL_GUARDED_BY(mutex_);  // by SHA-256
};

}  // namespace dangjian::auth
