#include "common/status/grpc_status.h"

#include "common/status/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian {
namespace {

TEST(GrpcStatusTest, KeepsCodeMessageAndDetailsBothWays) {
  const absl::Status original = Error(reasons::kUniqueViolation, "taken", {{"name", "members/m-1"}});
  const grpc::Status wire = ToGrpcStatus(original);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(wire.error_message(), "taken");
  EXPECT_FALSE(wire.error_details().empty());
  EXPECT_EQ(FromGrpcStatus(wire), original);
  EXPECT_EQ(ReasonOf(FromGrpcStatus(wire)), "UNIQUE_VIOLATION");
}

TEST(GrpcStatusTest, KeepsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(GrpcStatusTest, HidesTextThatNobodyMeantForCallers) {
  const grpc::Status wire = ToGrpcStatus(absl::DataLossError("block checksum mismatch in 000123.sst"));
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_THAT(wire.error_message(), ::testing::Not(::testing::HasSubstr("sst")));
  EXPECT_EQ(ReasonOf(FromGrpcStatus(wire)), "INTERNAL");
}

TEST(GrpcStatusTest, UnderstandsAnErrorWithoutDetails) {
  const absl::Status status = FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection refused"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "");
}

}  // namespace
}  // namespace dangjian
