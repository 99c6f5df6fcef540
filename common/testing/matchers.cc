#include "common/testing/matchers.h"

#include "common/base/strings.h"
#include "common/status/details.h"
#include "dangjian/common/v1/problems.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian::testing {

std::vector<std::string> ViolationsOf(const absl::Status& status) {
  std::vector<std::string> violations;
  const auto payload = status.GetPayload(ToAbsl(kDetailsUrl));
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return violations;
  for (const google::protobuf::Any& detail : details.details()) {
    common::v1::FieldProblems problems;
    if (!detail.UnpackTo(&problems)) continue;
    for (const auto& problem : problems.problems()) violations.push_back(problem.field() + " " + problem.reason());
  }
  return violations;
}

}  // namespace dangjian::testing
