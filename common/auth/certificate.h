#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct x509_st;

namespace dangjian::auth {

// What the suite reads of a certificate (RFC 5280).
struct Certificate {
  std::string common_name;
  std::string uri;         // the first URI among the subject's other names, e.g. `spiffe://dangjian/service/registry`
  std::string serial;      // upper-case hexadecimal digits
  std::string thumbprint;  // the 32 bytes of the SHA-256 of its DER form, as `x5t#S256` of RFC 8705
  int64_t not_before = 0;  // seconds since 1970-01-01T00:00:00Z
  int64_t not_after = 0;
};

// Reads the first certificate of a PEM text. INVALID_ARGUMENT when there is none.
absl::StatusOr<Certificate> ParseCertificate(std::string_view pem);

// The files of one side of TLS, in PEM.
struct TlsMaterial {
  std::string certificate;  // and the chain behind it
  std::string key;
  std::string authorities;  // whose certificates of the other side are believed
  std::string revocations;  // a list of each authority, may be empty
};

// Says what is wrong with material before a server uses it: every text parses, the key is the certificate's, the
// certificate is valid at `now` (seconds since 1970) and signed by one of the authorities, and the revocation lists are
// theirs. FAILED_PRECONDITION naming the fault.
absl::Status CheckTlsMaterial(const TlsMaterial& material, int64_t now);

// The serial numbers that revocation lists in PEM name.
absl::StatusOr<absl::flat_hash_set<std::string>> RevokedSerials(std::string_view lists);

}  // namespace dangjian::auth
