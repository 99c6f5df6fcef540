#include "common/rpc/batch_findings.h"

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;

TEST(RowOfTest, ReadsTheRowOfAPath) {
  EXPECT_EQ(RowOf("requests[3].note.title"), 3);
  EXPECT_EQ(RowOf("requests[0]"), 0);
  EXPECT_EQ(RowOf("requests"), std::nullopt);
  EXPECT_EQ(RowOf("requests[x]"), std::nullopt);
  EXPECT_EQ(RowOf("note.requests[1]"), std::nullopt);
}

TEST(BatchFindingsTest, GathersWhatIsWrongWithEachRow) {
  BatchFindings findings;
  EXPECT_TRUE(findings.ToStatus().ok());
  Violations fields;
  fields.Add("requests[7].note.title", reasons::kRequired, "the field is required");
  EXPECT_TRUE(findings.Take(fields));
  EXPECT_TRUE(findings.Refuse(2, Error(reasons::kIllegalTransition, "not now")));
  findings.Add("requests[1].note_id", reasons::kDuplicateInBatch, "twice");
  EXPECT_TRUE(findings.IsBad(7));
  EXPECT_FALSE(findings.IsBad(0));
  EXPECT_THAT(ViolationsOf(findings.ToStatus()),
              ElementsAre("requests[7].note.title FIELD_REQUIRED", "requests[2] ILLEGAL_TRANSITION",
                          "requests[1].note_id DUPLICATE_ID_IN_BATCH"));
  EXPECT_EQ(MetadataOf(findings.ToStatus(), "rows"), "1,2,7");
}

TEST(BatchFindingsTest, NamesEveryBadRowShortly) {
  BatchFindings findings;
  for (int row = 5; row < 400; ++row) findings.Refuse(row, Error(reasons::kIllegalTransition, "not now"));
  findings.Refuse(401, Error(reasons::kIllegalTransition, "not now"));
  EXPECT_EQ(MetadataOf(findings.ToStatus(), "rows"), "5-399,401");
}

TEST(BatchFindingsTest, TakesNothingThatIsOfTheBatch) {
  BatchFindings findings;
  Violations fields;
  fields.Add("requests[7].note.title", reasons::kRequired, "the field is required");
  fields.Add("request_id", reasons::kTooLong, "too long");
  EXPECT_FALSE(findings.Take(fields));
  EXPECT_TRUE(findings.ToStatus().ok());
}

TEST(BatchFindingsTest, LeavesAFailureOfTheStoreToTheBatch) {
  BatchFindings findings;
  EXPECT_FALSE(findings.Refuse(1, absl::DataLossError("a row is malformed")));
  EXPECT_FALSE(findings.Refuse(1, Error(reasons::kBackendUnavailable, "down")));
  EXPECT_FALSE(findings.Refuse(1, Error(reasons::kDeadlineExceeded, "late")));
  EXPECT_FALSE(findings.IsBad(1));
}

}  // namespace
}  // namespace dangjian::rpc
