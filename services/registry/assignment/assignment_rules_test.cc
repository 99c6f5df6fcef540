#include "services/registry/assignment/assignment_rules.h"

#include <string>
#include <utility>
#include <vector>

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Assignment;

Assignment Make(v1::AssignmentKind kind, const std::string& member, const std::string& organization, Day first,
                Day last = Day::Max()) {
  Assignment assignment;
  assignment.set_name("assignments/x");
  assignment.set_kind(kind);
  assignment.set_member(member);
  assignment.set_organization(organization);
  *assignment.mutable_start_date() = DayToProto(first);
  if (last != Day::Max()) *assignment.mutable_end_date() = DayToProto(last);
  return assignment;
}

const Day kJanuary = Day::Of(2024, 1, 1);
const Day kJune = Day::Of(2024, 6, 1);

TEST(AssignmentRulesTest, OneHolderOfAPostAtATime) {
  const std::pair<v1::AssignmentKind, Reason> posts[] = {
      {v1::ASSIGNMENT_KIND_SECRETARY, reasons::kSecretaryAlreadyAssigned},
      {v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR, reasons::kChairAlreadyAssigned},
      {v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON, reasons::kLiaisonAlreadyAssigned},
      {v1::ASSIGNMENT_KIND_PARTY_BUILDING_INSTRUCTOR, reasons::kInstructorAlreadyAssigned},
  };
  for (const auto& [kind, reason] : posts) {
    const std::vector<Assignment> others = {Make(kind, "members/a", "organizations/c", kJanuary)};
    EXPECT_THAT(CheckPostIsFree(Make(kind, "members/b", "organizations/c", kJune), others), HasReason(reason));
  }
}

TEST(AssignmentRulesTest, APostIsFreeAfterItsHolderLeft) {
  const std::vector<Assignment> others = {
      Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/a", "organizations/c", kJanuary, kJune - 1)};
  EXPECT_THAT(CheckPostIsFree(Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/b", "organizations/c", kJune), others),
              IsOk());
  EXPECT_THAT(CheckPostIsFree(Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/b", "organizations/c", kJune - 1), others),
              HasReason(reasons::kSecretaryAlreadyAssigned));
}

TEST(AssignmentRulesTest, ALeadingGroupHasManyMembersButNobodyTwice) {
  const std::vector<Assignment> others = {
      Make(v1::ASSIGNMENT_KIND_LEADING_GROUP_MEMBER, "members/a", "organizations/c", kJanuary)};
  EXPECT_THAT(
      CheckPostIsFree(Make(v1::ASSIGNMENT_KIND_LEADING_GROUP_MEMBER, "members/b", "organizations/c", kJanuary), others),
      IsOk());
  EXPECT_THAT(
      CheckPostIsFree(Make(v1::ASSIGNMENT_KIND_LEADING_GROUP_MEMBER, "members/a", "organizations/c", kJune), others),
      HasReason(reasons::kAssignedTwice));
}

TEST(AssignmentRulesTest, ALiaisonLooksAfterThreeCommunitiesAtMost) {
  std::vector<Assignment> held;
  for (const char* community : {"organizations/a", "organizations/b"}) {
    held.push_back(Make(v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON, "members/l", community, kJanuary));
  }
  const Assignment third = Make(v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON, "members/l", "organizations/c", kJune);
  EXPECT_THAT(CheckLiaisonLoad(third, held), IsOk());
  held.push_back(third);
  EXPECT_THAT(
      CheckLiaisonLoad(Make(v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON, "members/l", "organizations/d", kJanuary), held),
      HasReason(reasons::kLiaisonOverloaded));
  // A fourth is fine as long as it ends before the third begins, and other posts do not count.
  EXPECT_THAT(
      CheckLiaisonLoad(Make(v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON, "members/l", "organizations/d", kJanuary, kJune - 1),
                       held),
      IsOk());
  EXPECT_THAT(CheckLiaisonLoad(Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/l", "organizations/d", kJune), held),
              IsOk());
}

TEST(AssignmentRulesTest, AChairMayBeTheSecretaryOfTheSameOrganisation) {
  const std::vector<Assignment> others = {
      Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/a", "organizations/c", kJanuary, kJune)};
  const auto chair = [](const std::string& member, Day first) {
    return Make(v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR, member, "organizations/c", first);
  };
  EXPECT_TRUE(HoldsSecretaryPost(chair("members/a", kJune), others));
  EXPECT_FALSE(HoldsSecretaryPost(chair("members/a", kJune + 1), others));
  EXPECT_FALSE(HoldsSecretaryPost(chair("members/b", kJune), others));
}

TEST(AssignmentRulesTest, EndsOnceAndNotBeforeItsStart) {
  Assignment assignment = Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/a", "organizations/c", kJune);
  EXPECT_THAT(EndAssignment(assignment, kJune - 1, ""), HasReason(reasons::kEndBeforeStart));
  EXPECT_THAT(EndAssignment(assignment, kJune, "换届"), IsOk());
  EXPECT_THAT(EndAssignment(assignment, kJune + 1, ""), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckDays(Make(v1::ASSIGNMENT_KIND_SECRETARY, "members/a", "organizations/c", kJune, kJanuary)),
              HasReason(reasons::kEndBeforeStart));
}

}  // namespace
}  // namespace dangjian::registry
