#include "common/status/grpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "common/status/errors.h"

namespace dangjian {
namespace {

// What a caller may read of an error that nobody gave a reason.
absl::Status Unexplained(absl::StatusCode code) {
  return Error(Reason{reasons::kInternal.name, code, reasons::kInternal.zh},
               "internal error; the trace id of this call identifies it in the server's log");
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto details = status.GetPayload(ToAbsl(kDetailsUrl));
  if (!details.has_value()) return ToGrpcStatus(Unexplained(status.code()));
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      std::string(*details));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) result.SetPayload(ToAbsl(kDetailsUrl), absl::Cord(status.error_details()));
  return result;
}

}  // namespace dangjian
