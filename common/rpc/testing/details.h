#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc::testing {

// The google.rpc detail of this type; fails the test when the status has none.
template <class Detail>
Detail DetailOf(const absl::Status& status) {
  google::rpc::Status details;
  const auto payload = status.GetPayload(ToAbsl(kDetailsUrl));
  EXPECT_TRUE(payload.has_value() && details.ParseFromString(std::string(*payload))) << status;
  Detail detail;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << Detail::descriptor()->full_name() << " in " << status;
  return detail;
}

}  // namespace dangjian::rpc::testing
