#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

struct _cjose_jwk_int;

namespace dangjian::auth {

// Public keys with which tokens are checked, by key id: a JSON Web Key Set (RFC 7517) of elliptic-curve keys on P-256
// and of nothing else, so that no key can be taken for one of another algorithm. Immutable and thread-safe.
class TokenKeys {
 public:
  // INVALID_ARGUMENT naming the key that is no public P-256 key for signatures, has no id of 1 to 64 printable
  // characters or the id of another, or carries its private part.
  static absl::StatusOr<TokenKeys> Parse(std::string_view jwks);

  // nullptr when there is no such key. Lives as long as this.
  _cjose_jwk_int* Find(std::string_view id) const;
  size_t size() const { return keys_.size(); }

 private:
  struct Release {
    void operator()(_cjose_jwk_int* key) const;
  };
  absl::flat_hash_map<std::string, std::unique_ptr<_cjose_jwk_int, Release>> keys_;
};

}  // namespace dangjian::auth
