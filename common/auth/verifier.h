#pragma once

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/principal.h"

namespace dangjian::auth {

// Call metadata as the pipeline sees it.
class Credentials {
 public:
  virtual ~Credentials() = default;
  // The first value of a metadata key; empty when absent.
  virtual std::string_view Metadata(std::string_view key) const = 0;
  // Address of the peer, e.g. `ipv4:127.0.0.1:5000`.
  virtual std::string_view peer() const = 0;
  // The certificate that the peer proved to hold, in PEM; empty without TLS.
  virtual std::string_view certificate() const { return {}; }
};

// Establishes the caller. Thread-safe, does not block.
class Verifier {
 public:
  virtual ~Verifier() = default;
  // UNAUTHENTICATED (reason UNAUTHENTICATED) when the credentials do not prove an identity.
  virtual absl::StatusOr<Principal> Verify(const Credentials& credentials) const = 0;
};

// Trusts the metadata key `dangjian-caller` (default `developer`) and grants everything: `dangjian-welfare` is the
// service welfare. For one machine only.
std::unique_ptr<Verifier> NewDevelopmentVerifier();

// Decides whether a caller may use a method.
// PERMISSION_DENIED (reason PERMISSION_DENIED) unless the principal holds `permission` or `*`.
absl::Status Authorize(const Principal& principal, std::string_view permission);

}  // namespace dangjian::auth
