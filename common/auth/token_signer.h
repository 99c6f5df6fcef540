#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

struct _cjose_jwk_int;

namespace dangjian::auth {

// What to put into a token.
struct TokenRequest {
  std::string issuer;
  std::string audience;
  std::string subject;
  std::string certificate;   // the 32 bytes of the SHA-256 of the certificate to bind it to; empty: to none
  int64_t issued_at = 0;     // seconds since 1970-01-01T00:00:00Z
  int64_t lifetime_seconds;  // more than 0
};

// Signs tokens with ES256, for small installations without an identity provider and for tests. Thread-compatible.
class TokenSigner {
 public:
  // A new P-256 key. `key_id`: 1 to 64 printable characters.
  static absl::StatusOr<TokenSigner> Generate(std::string_view key_id);
  // From what PrivateKey gave.
  static absl::StatusOr<TokenSigner> Import(std::string_view private_key);

  // The key as a JSON Web Key with its private part: a secret.
  std::string PrivateKey() const;
  // The key set that a TokenVerifier takes.
  std::string PublicKeys() const;

  absl::StatusOr<std::string> Sign(const TokenRequest& request) const;
  // Signs any payload under any header members beside `kid`, for tests of what a verifier must refuse.
  absl::StatusOr<std::string> SignRaw(std::string_view header_json, std::string_view payload) const;

 private:
  struct Release {
    void operator()(_cjose_jwk_int* key) const;
  };
  using Key = std::unique_ptr<_cjose_jwk_int, Release>;
  explicit TokenSigner(Key key) : key_(std::move(key)) {}

  Key key_;
};

}  // namespace dangjian::auth
