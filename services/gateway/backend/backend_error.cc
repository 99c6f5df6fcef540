#include "services/gateway/backend/backend_error.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::gateway {

absl::Status NameBackendError(const absl::Status& status, std::string_view service) {
  if (!ReasonOf(status).empty()) return status;
  const ErrorMetadata metadata = {{"service", std::string(service)}};
  if (absl::IsUnavailable(status)) {
    return Error(reasons::kBackendUnavailable,
                 absl::StrCat("service ", ToAbsl(service), " does not answer; try again later"), metadata);
  }
  if (absl::IsDeadlineExceeded(status)) {
    return Error(reasons::kDeadlineExceeded, absl::StrCat("service ", ToAbsl(service), " did not answer in time"),
                 metadata);
  }
  return status;
}

}  // namespace dangjian::gateway
