#pragma once

#include <string>

#include "absl/container/flat_hash_set.h"

namespace dangjian::auth {

// Who calls, as established by a Verifier.
struct Principal {
  std::string subject;                           // opaque, e.g. `clerk-12`; goes to commit records and logs
  std::string organization;                      // resource name of the caller's organisation; empty when it has none
  std::string service;                           // `welfare` for a service of the suite; empty for everyone else
  absl::flat_hash_set<std::string> permissions;  // `*` grants all
};

}  // namespace dangjian::auth
