#include "services/ctl/error_text.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "dangjian/common/v1/problems.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian::ctl {

std::string ErrorText(const absl::Status& status) {
  std::string reason = absl::StatusCodeToString(status.code());
  std::string localized;
  std::string fields;
  google::rpc::Status details;
  if (const auto payload = status.GetPayload(ToAbsl(kDetailsUrl))) {
    details.ParseFromString(std::string(*payload));
  }
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::LocalizedMessage message;
    common::v1::FieldProblems problems;
    if (any.UnpackTo(&info)) {
      reason = info.reason();
    } else if (any.UnpackTo(&message)) {
      localized = absl::StrCat(message.message(), " ");
    } else if (any.UnpackTo(&problems)) {
      for (const auto& problem : problems.problems()) {
        absl::StrAppend(&fields, "  ", problem.field(), ": ", problem.message_zh(), " (", problem.reason(), ")\n");
      }
    }
  }
  return absl::StrCat(localized, "(", reason, ": ", status.message(), ")\n", fields);
}

}  // namespace dangjian::ctl
