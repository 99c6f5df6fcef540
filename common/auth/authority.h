#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dangjian::auth {

// What a certificate is for.
struct CertificateRequest {
  std::string name;                // `registry`, `li-001`: letters, digits and hyphens
  bool service = false;            // true: one of the suite's services; false: a caller from outside
  std::vector<std::string> hosts;  // DNS names and IP addresses at which it is served; none for a mere caller
  int64_t now = 0;                 // seconds since 1970-01-01T00:00:00Z
  int64_t lifetime_seconds = 0;    // more than 0
};

// A key pair in PEM.
struct KeyPair {
  std::string certificate;
  std::string key;
};

// A certificate that an authority issued.
struct Issued {
  std::string serial;
  std::string uri;
  int64_t not_after = 0;  // seconds since 1970-01-01T00:00:00Z
  bool revoked = false;
};

// The identity in a certificate of ours: `spiffe://dangjian/service/<name>` or `spiffe://dangjian/client/<name>`.
std::string IdentityUri(bool service, std::string_view name);

// A certificate authority in a folder, for installations without one: `ca.pem`, `ca.key` (a secret), `issued.tsv`
// (serial, identity, last day), `revoked.tsv` and `crl.pem`. Keys are ECDSA on P-256. Not for two processes at once.
class Authority {
 public:
  // Makes the folder, which must not hold an authority yet. ALREADY_EXISTS.
  static absl::Status Create(const std::string& folder, int64_t now, int64_t lifetime_seconds);
  // NOT_FOUND, or FAILED_PRECONDITION when the files are damaged.
  static absl::StatusOr<Authority> Open(const std::string& folder);

  // INVALID_ARGUMENT for a name or host that is none.
  absl::StatusOr<KeyPair> Issue(const CertificateRequest& request) const;
  // Puts a certificate of this authority on its revocation list. NOT_FOUND when it issued no such serial.
  absl::Status Revoke(const std::string& serial, int64_t now) const;
  // What it issued, in that order. FAILED_PRECONDITION when its notes are damaged.
  absl::StatusOr<std::vector<Issued>> List() const;
  // Signs the list anew: a list is good for `lifetime_seconds`.
  absl::Status WriteList(int64_t now, int64_t lifetime_seconds) const;

  // The authority's own certificate, in PEM.
  const std::string& certificate() const { return pair_.certificate; }

 private:
  Authority(std::string folder, KeyPair pair) : folder_(std::move(folder)), pair_(std::move(pair)) {}

  std::string folder_;
  KeyPair pair_;
};

}  // namespace dangjian::auth
