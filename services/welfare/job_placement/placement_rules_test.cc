#include "services/welfare/job_placement/placement_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::placement_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::JobPlacement Placement() {
  auto placement = Proto<v1::JobPlacement>(
      "name: 'jobPlacements/p' kind: PLACEMENT_KIND_EMPLOYED employer: '东风超市' started_on { year: 2026 month: 3 "
      "day: 31 } evidence: PLACEMENT_EVIDENCE_CONTRACT evidence_number: 'HT-1'");
  EXPECT_THAT(Start(placement, On(3, 31)), IsOk());
  return placement;
}

std::vector<std::string> Faults(const v1::JobPlacement& placement) {
  Violations violations;
  CheckContent(placement, violations);
  return violations.empty() ? std::vector<std::string>() : ViolationsOf(violations.ToStatus());
}

TEST(PlacementRulesTest, NeedsEvidenceAndAnEmployer) {
  v1::JobPlacement placement = Placement();
  EXPECT_THAT(Faults(placement), IsEmpty());
  placement.clear_evidence();
  placement.clear_evidence_number();
  placement.clear_employer();
  EXPECT_THAT(Faults(placement), ElementsAre("job_placement.evidence PLACEMENT_EVIDENCE_REQUIRED",
                                             "job_placement.evidence_number PLACEMENT_EVIDENCE_REQUIRED",
                                             "job_placement.employer FIELD_REQUIRED"));
  placement.set_kind(v1::PLACEMENT_KIND_SELF_EMPLOYED);
  placement.set_evidence(v1::PLACEMENT_EVIDENCE_LICENCE);
  placement.set_evidence_number("ZZ-1");
  EXPECT_THAT(Faults(placement), IsEmpty());
}

TEST(PlacementRulesTest, FlexibleWorkIsEmployment) {
  EXPECT_EQ(StateOf(v1::PLACEMENT_KIND_EMPLOYED), v1::UNEMPLOYMENT_STATE_EMPLOYED);
  EXPECT_EQ(StateOf(v1::PLACEMENT_KIND_FLEXIBLE), v1::UNEMPLOYMENT_STATE_EMPLOYED);
  EXPECT_EQ(StateOf(v1::PLACEMENT_KIND_SELF_EMPLOYED), v1::UNEMPLOYMENT_STATE_SELF_EMPLOYED);
}

TEST(PlacementRulesTest, IsFollowedUpWhenItIsDue) {
  v1::JobPlacement placement = Placement();
  EXPECT_EQ(DueOn(placement, 1), Day::Of(2026, 4, 30));
  EXPECT_THAT(FollowUp(placement, 1, v1::FOLLOW_UP_RESULT_IN_WORK, On(4, 29)), HasReason(reasons::kFollowUpNotDue));
  EXPECT_THAT(FollowUp(placement, 2, v1::FOLLOW_UP_RESULT_IN_WORK, On(6, 1)), HasReason(reasons::kUnknownFollowUp));
  EXPECT_THAT(FollowUp(placement, 1, v1::FOLLOW_UP_RESULT_IN_WORK, On(11, 21)),
              HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_EQ(placement.follow_ups_size(), 0);
  ASSERT_THAT(FollowUp(placement, 1, v1::FOLLOW_UP_RESULT_UNREACHABLE, On(4, 30)), IsOk());
  ASSERT_THAT(FollowUp(placement, 1, v1::FOLLOW_UP_RESULT_IN_WORK, On(5, 2)), IsOk());
  EXPECT_THAT(FollowUp(placement, 1, v1::FOLLOW_UP_RESULT_IN_WORK, On(5, 3)),
              HasReason(reasons::kFollowUpAlreadyRecorded));
  ASSERT_THAT(FollowUp(placement, 3, v1::FOLLOW_UP_RESULT_IN_WORK, On(6, 30)), IsOk());
  EXPECT_EQ(placement.state(), v1::JOB_PLACEMENT_STATE_STANDING);
  EXPECT_EQ(placement.follow_ups_size(), 3);
}

TEST(PlacementRulesTest, FailsWhenThePersonIsNotInWork) {
  v1::JobPlacement placement = Placement();
  ASSERT_THAT(FollowUp(placement, 3, v1::FOLLOW_UP_RESULT_NOT_IN_WORK, On(6, 30)), IsOk());
  EXPECT_EQ(placement.state(), v1::JOB_PLACEMENT_STATE_FAILED);
  EXPECT_THAT(FollowUp(placement, 6, v1::FOLLOW_UP_RESULT_IN_WORK, On(10, 1)),
              HasReason(dangjian::reasons::kIllegalTransition));
}

}  // namespace
}  // namespace dangjian::welfare::placement_rules
