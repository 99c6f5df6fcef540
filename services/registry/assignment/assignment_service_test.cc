#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/assignment/assignment_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Assignment;

const Day kJune = Day::Of(2024, 6, 30);

class AssignmentServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("street", "SUB_DISTRICT");
    for (const char* id : {"a", "b", "c", "d"}) {
      AddOrganization(id, "COMMUNITY", "parents { parent: 'organizations/street' kind: EDGE_KIND_ADMINISTRATIVE }");
    }
    AddMember("m", "a");
    AddMember("n", "a");
  }

  absl::StatusOr<Assignment> Assign(const std::string& id, const std::string& kind, const std::string& member,
                                    const std::string& organization, const std::string& more = "") {
    return Call<Assignment, v1::CreateAssignmentRequest>(absl::StrCat(
        "assignment_id: '", id, "' assignment { kind: ASSIGNMENT_KIND_", kind, " member: 'members/", member,
        "' organization: 'organizations/", organization, "' start_date { year: 2024 month: 2 day: 1 } ", more, " }"));
  }
};

TEST_F(AssignmentServiceTest, LeadingGroupsByKindAndWhetherTheSecretaryChairs) {
  ASSERT_THAT(Assign("s", "SECRETARY", "m", "a"), IsOk());
  const auto chair = Assign("c1", "LEADING_GROUP_CHAIR", "m", "a");
  ASSERT_THAT(chair, IsOk());
  EXPECT_TRUE(chair->holds_secretary_post());
  EXPECT_EQ(chair->organization_kind(), v1::ORGANIZATION_KIND_COMMUNITY);
  ASSERT_THAT(Assign("c2", "LEADING_GROUP_CHAIR", "m", "street"), IsOk());
  EXPECT_EQ(Figure("leading_groups", "street", kJune), 2);
  EXPECT_EQ(Figure("leading_groups", "street", kJune, {{0, {"COMMUNITY"}}, {1, {"true"}}}), 1);
  EXPECT_EQ(Figure("leading_groups", "street", kJune, {{0, {"SUB_DISTRICT"}}, {1, {"false"}}}), 1);
  EXPECT_EQ(Figure("leading_groups", "street", Day::Of(2024, 1, 31)), 0);
}

TEST_F(AssignmentServiceTest, ALeadingGroupEndsWithItsChair) {
  ASSERT_THAT(Assign("c1", "LEADING_GROUP_CHAIR", "m", "a"), IsOk());
  ASSERT_THAT((Call<Assignment, v1::EndAssignmentRequest>(
                  "name: 'assignments/c1' end_date { year: 2024 month: 6 day: 30 } reason: '换届'")),
              IsOk());
  EXPECT_EQ(Figure("leading_groups", "street", kJune), 1);
  EXPECT_EQ(Figure("leading_groups", "street", kJune + 1), 0);
  EXPECT_THAT(
      (Call<Assignment, v1::EndAssignmentRequest>("name: 'assignments/c1' end_date { year: 2024 month: 6 day: 30 }")),
      HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(AssignmentServiceTest, OneLiaisonACommunityAndThreeCommunitiesALiaison) {
  ASSERT_THAT(Assign("l1", "COMMITTEE_LIAISON", "m", "a"), IsOk());
  EXPECT_THAT(Assign("l2", "COMMITTEE_LIAISON", "n", "a"), HasReason(reasons::kLiaisonAlreadyAssigned));
  ASSERT_THAT(Assign("l3", "COMMITTEE_LIAISON", "m", "b"), IsOk());
  ASSERT_THAT(Assign("l4", "COMMITTEE_LIAISON", "m", "c"), IsOk());
  EXPECT_THAT(Assign("l5", "COMMITTEE_LIAISON", "m", "d"), HasReason(reasons::kLiaisonOverloaded));
  EXPECT_EQ(Figure("committee_liaisons", "street", kJune), 3);
}

TEST_F(AssignmentServiceTest, InstructorsAreCounted) {
  ASSERT_THAT(Assign("i1", "PARTY_BUILDING_INSTRUCTOR", "m", "a"), IsOk());
  ASSERT_THAT(Assign("i2", "PARTY_BUILDING_INSTRUCTOR", "n", "b"), IsOk());
  EXPECT_THAT(Assign("i3", "PARTY_BUILDING_INSTRUCTOR", "n", "a"), HasReason(reasons::kInstructorAlreadyAssigned));
  EXPECT_EQ(Figure("party_building_instructors", "street", kJune), 2);
}

TEST_F(AssignmentServiceTest, BackEntryOfAPastPost) {
  ASSERT_THAT(Assign("old", "SECRETARY", "m", "a", "end_date { year: 2024 month: 3 day: 31 }"), IsOk());
  EXPECT_THAT(Assign("new", "SECRETARY", "n", "a"), HasReason(reasons::kSecretaryAlreadyAssigned));
  EXPECT_THAT((Call<Assignment, v1::CreateAssignmentRequest>(
                  "assignment { kind: ASSIGNMENT_KIND_SECRETARY member: 'members/n' organization: 'organizations/a' "
                  "start_date { year: 2024 month: 4 day: 1 } }")),
              IsOk());
}

TEST_F(AssignmentServiceTest, AMemberThatDoesNotExistIsRefused) {
  EXPECT_THAT(Assign("s", "SECRETARY", "nobody", "a"), HasReason("REFERENCE_NOT_FOUND"));
}

TEST_F(AssignmentServiceTest, ABatchSeesItsOwnSecretary) {
  const auto post = [](const std::string& kind) {
    return "requests { assignment { kind: ASSIGNMENT_KIND_" + kind +
           " member: 'members/m' organization: 'organizations/a' start_date { year: 2024 month: 2 day: 1 } } }";
  };
  const auto made = Call<v1::BatchCreateAssignmentsResponse, v1::BatchCreateAssignmentsRequest>(
      post("SECRETARY") + post("LEADING_GROUP_CHAIR"));
  ASSERT_THAT(made, IsOk());
  EXPECT_TRUE(made->assignments(1).holds_secretary_post());
}

}  // namespace
}  // namespace dangjian::registry
