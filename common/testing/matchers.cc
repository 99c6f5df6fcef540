#include "common/testing/matchers.h"

#include "common/base/strings.h"
#include "common/status/details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian::testing {

std::vector<std::string> ViolationsOf(const absl::Status& status) {
  std::vector<std::string> violations;
  const auto payload = status.GetPayload(ToAbsl(kDetailsUrl));
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return violations;
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::BadRequest request;
    if (!detail.UnpackTo(&request)) continue;
    for (const auto& violation : request.field_violations()) {
      // A description is `<REASON>: <message>`.
      violations.push_back(violation.field() + " " +
                           violation.description().substr(0, violation.description().find(':')));
    }
  }
  return violations;
}

}  // namespace dangjian::testing
