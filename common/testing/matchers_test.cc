#include "common/testing/matchers.h"

#include "common/testing/record.pb.h"

namespace dangjian::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(MatchersTest, StatusesMatchByCodeAndReason) {
  const absl::Status missing = Error(reasons::kRecordNotFound, "no such record");
  EXPECT_THAT(absl::OkStatus(), IsOk());
  EXPECT_THAT(missing, Not(IsOk()));
  EXPECT_THAT(missing, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(missing, HasReason(reasons::kRecordNotFound));
  EXPECT_THAT(missing, HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT(absl::StatusOr<int>(missing), HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT(missing, Not(HasReason("RECORD_EXISTS")));
  EXPECT_THAT(absl::NotFoundError("without a reason"), Not(HasReason(reasons::kRecordNotFound)));
  EXPECT_THAT(absl::StatusOr<int>(7), IsOkAndHolds(7));
  EXPECT_THAT(absl::StatusOr<int>(7), Not(IsOkAndHolds(8)));
  EXPECT_THAT(absl::StatusOr<int>(missing), Not(IsOkAndHolds(7)));
}

TEST(MatchersTest, MessagesMatchFieldByField) {
  const auto record = Proto<ToyRecord>(R"pb(name: "records/r-1"
                                            contributions { amount: 3 })pb");
  EXPECT_THAT(record, EqualsProto(record));
  EXPECT_THAT(record, EqualsText(R"pb(name: "records/r-1"
                                      contributions { amount: 3 })pb"));
  EXPECT_THAT(record, Not(EqualsText(R"pb(name: "records/r-1"
                                          contributions { amount: 4 })pb")));
  EXPECT_THAT(record, Not(EqualsText("name: 'records/r-1'")));
  EXPECT_THAT(record, Not(EqualsText("no such field: 1")));
}

TEST(MatchersTest, ViolationsAreReadInOrder) {
  Violations violations;
  violations.Add("a.b[0]", reasons::kRequired, "must be set");
  violations.Add("c", reasons::kTooLong, "too long: by far");
  EXPECT_THAT(ViolationsOf(violations.ToStatus()), ElementsAre("a.b[0] FIELD_REQUIRED", "c TEXT_TOO_LONG"));
  EXPECT_THAT(ViolationsOf(absl::OkStatus()), IsEmpty());
}

}  // namespace
}  // namespace dangjian::testing
