#include "common/auth/verifier.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/auth/subject.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::auth {
namespace {

// `welfare` of `dangjian-welfare`; empty for a caller that is no service of the suite.
std::string_view ServiceOf(std::string_view subject) {
  constexpr std::string_view kPrefix = "dangjian-";
  if (!subject.starts_with(kPrefix)) return {};
  const std::string_view service = subject.substr(kPrefix.size());
  for (const char c : service) {
    if (c < 'a' || c > 'z') return {};
  }
  return service;
}

class DevelopmentVerifier final : public Verifier {
 public:
  absl::StatusOr<Principal> Verify(const Credentials& credentials) const override {
    const std::string_view caller = credentials.Metadata("dangjian-caller");
    if (!IsSubject(caller)) {
      return Error(reasons::kUnauthenticated, "dangjian-caller must be at most 64 printable ASCII characters");
    }
    Principal principal;
    principal.subject = caller.empty() ? "developer" : std::string(caller);
    principal.service = ServiceOf(principal.subject);
    principal.permissions.insert("*");
    return principal;
  }
};

}  // namespace

std::unique_ptr<Verifier> NewDevelopmentVerifier() { return std::make_unique<DevelopmentVerifier>(); }

absl::Status Authorize(const Principal& principal, std::string_view permission) {
  if (principal.permissions.contains("*") || principal.permissions.contains(ToAbsl(permission)))
    return absl::OkStatus();
  return Error(reasons::kPermissionDenied, absl::StrCat("the caller lacks the permission ", ToAbsl(permission)),
               {{"permission", std::string(permission)}});
}

}  // namespace dangjian::auth
