#include "common/status/grpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "common/status/errors.h"
#include "common/status/language.h"

namespace dangjian {
namespace {

// What a caller may read of an error that nobody gave a reason.
absl::Status Unexplained(absl::StatusCode code) {
  return Error(Reason{reasons::kInternal.name, code, reasons::kInternal.zh},
               "internal error; the trace id of this call identifies it in the server's log");
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view accept_language) {
  if (status.ok()) return grpc::Status::OK;
  const bool explained = status.GetPayload(ToAbsl(kDetailsUrl)).has_value();
  const absl::Status told =
      InLanguage(explained ? status : Unexplained(status.code()), PreferredLanguage(accept_language));
  return grpc::Status(static_cast<grpc::StatusCode>(told.code()), std::string(told.message()),
                      std::string(*told.GetPayload(ToAbsl(kDetailsUrl))));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) result.SetPayload(ToAbsl(kDetailsUrl), absl::Cord(status.error_details()));
  return result;
}

}  // namespace dangjian
