#pragma once

#include <string>
#include <vector>

#include "common/server/testing/random_operations.h"

// What random work on the welfare service does, as text forms of server::RandomOperation.

namespace dangjian::welfare {

// A step of a case of minimum living security. In its text stand `@case` for the id, `@family` for the family,
// `@person` for one of it, `@next` for a day shortly after the last step, `@soon` for one after that, `@later` for one
// some weeks after it,
// `@hearing` and
// `@decision` for the number of the last hearing and decision.
struct CaseOperation {
  std::string states;  // in which it is legal, by short names
  server::RandomOperation operation;
};

// Everything but the cases and the payments.
const std::vector<server::RandomOperation>& RecountOperations();
// Steps after the creation of a case, but for the activation: the first day of benefit activates a case by itself.
const std::vector<CaseOperation>& RecountCaseOperations();

}  // namespace dangjian::welfare
