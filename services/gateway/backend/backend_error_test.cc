#include "services/gateway/backend/backend_error.h"

#include "common/status/errors.h"
#include "gtest/gtest.h"

namespace dangjian::gateway {
namespace {

TEST(NameBackendErrorTest, NamesFailuresOfTheConnection) {
  const absl::Status down = NameBackendError(absl::UnavailableError("connect to 10.0.0.1:80 failed"), "pledge");
  EXPECT_EQ(ReasonOf(down), "BACKEND_UNAVAILABLE");
  EXPECT_EQ(down.message(), "service pledge does not answer; try again later");
  const absl::Status late = NameBackendError(absl::DeadlineExceededError("Deadline Exceeded"), "pledge");
  EXPECT_EQ(ReasonOf(late), "DEADLINE_EXCEEDED");
  EXPECT_TRUE(absl::IsDeadlineExceeded(late));
}

TEST(NameBackendErrorTest, LeavesWhatTheServiceSaid) {
  const absl::Status said = Error(reasons::kStaleEtag, "stale");
  EXPECT_EQ(NameBackendError(said, "pledge"), said);
  EXPECT_TRUE(NameBackendError(absl::OkStatus(), "pledge").ok());
  EXPECT_EQ(NameBackendError(absl::CancelledError("left"), "pledge"), absl::CancelledError("left"));
}

}  // namespace
}  // namespace dangjian::gateway
