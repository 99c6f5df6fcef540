#include "services/registry/organization/organization_rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::Organization;

const Day kToday = Day::Of(2024, 6, 30);

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk"}; }

Organization Proposed() {
  auto organization = Proto<Organization>("name: 'organizations/a' kind: ORGANIZATION_KIND_BRANCH display_name: '甲'");
  EXPECT_THAT(Propose(organization, On(kToday)), IsOk());
  return organization;
}

Organization In(v1::OrganizationState state) {
  auto organization = Proto<Organization>("name: 'organizations/a' kind: ORGANIZATION_KIND_BRANCH display_name: '甲'");
  if (state != v1::ORGANIZATION_STATE_PROPOSED) *organization.mutable_approved_on() = DayToProto(Day::Of(2024, 1, 1));
  if (state > v1::ORGANIZATION_STATE_APPROVED) *organization.mutable_activated_on() = DayToProto(Day::Of(2024, 1, 2));
  EXPECT_THAT(Propose(organization, On(kToday)), IsOk());
  if (state == v1::ORGANIZATION_STATE_SUSPENDED) {
    EXPECT_THAT(Suspend(organization, On(Day::Of(2024, 1, 3))), IsOk());
  }
  if (state == v1::ORGANIZATION_STATE_DISSOLVED) {
    EXPECT_THAT(Dissolve(organization, On(Day::Of(2024, 1, 3))), IsOk());
  }
  EXPECT_EQ(organization.state(), state);
  return organization;
}

TEST(OrganizationRulesTest, EveryTransitionOfTheLifeAndNoOther) {
  struct Verb {
    absl::Status (*run)(Organization&, const Step&);
    std::vector<v1::OrganizationState> from;
    v1::OrganizationState to;
  };
  const Verb verbs[] = {
      {&Approve, {v1::ORGANIZATION_STATE_PROPOSED}, v1::ORGANIZATION_STATE_APPROVED},
      {&Activate, {v1::ORGANIZATION_STATE_APPROVED}, v1::ORGANIZATION_STATE_ACTIVE},
      {&Suspend, {v1::ORGANIZATION_STATE_ACTIVE}, v1::ORGANIZATION_STATE_SUSPENDED},
      {&Resume, {v1::ORGANIZATION_STATE_SUSPENDED}, v1::ORGANIZATION_STATE_ACTIVE},
      {&Dissolve, {v1::ORGANIZATION_STATE_ACTIVE, v1::ORGANIZATION_STATE_SUSPENDED}, v1::ORGANIZATION_STATE_DISSOLVED},
  };
  for (const Verb& verb : verbs) {
    for (int from = v1::ORGANIZATION_STATE_PROPOSED; from <= v1::ORGANIZATION_STATE_DISSOLVED; ++from) {
      Organization organization = In(static_cast<v1::OrganizationState>(from));
      const bool legal = std::find(verb.from.begin(), verb.from.end(), organization.state()) != verb.from.end();
      SCOPED_TRACE(ShortName(organization.state()) + " to " + ShortName(verb.to));
      const Organization before = organization;
      const absl::Status status = verb.run(organization, On(kToday));
      if (legal) {
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(organization.state(), verb.to);
        EXPECT_EQ(organization.transitions().rbegin()->state(), ShortName(verb.to));
      } else {
        EXPECT_THAT(status, HasReason("ILLEGAL_TRANSITION"));
        EXPECT_EQ(organization.SerializeAsString(), before.SerializeAsString());
      }
    }
  }
}

TEST(OrganizationRulesTest, BackEntryWithActivationIsActiveByTheSameSteps) {
  auto organization = Proto<Organization>(R"(kind: ORGANIZATION_KIND_COMMUNITY display_name: '社区'
                                             activated_on { year: 2010 month: 5 day: 1 })");
  ASSERT_THAT(Propose(organization, On(kToday)), IsOk());
  EXPECT_EQ(organization.state(), v1::ORGANIZATION_STATE_ACTIVE);
  EXPECT_EQ(DayFromProto(organization.approved_on()), Day::Of(2010, 5, 1));
  ASSERT_EQ(organization.transitions_size(), 3);
  for (const auto& transition : organization.transitions()) {
    EXPECT_EQ(DayFromProto(transition.occurred_on()), Day::Of(2010, 5, 1)) << transition.state();
  }
}

TEST(OrganizationRulesTest, BackEntryWithApprovalOnlyIsApproved) {
  const Organization organization = In(v1::ORGANIZATION_STATE_APPROVED);
  EXPECT_FALSE(organization.has_activated_on());
}

TEST(OrganizationRulesTest, WithoutDatesItIsProposedToday) {
  const Organization organization = Proposed();
  EXPECT_EQ(organization.state(), v1::ORGANIZATION_STATE_PROPOSED);
  EXPECT_EQ(DayFromProto(organization.transitions(0).occurred_on()), kToday);
}

TEST(OrganizationRulesTest, BackEntryKeepsOrderAndStaysInThePast) {
  auto reversed = Proto<Organization>(R"(kind: ORGANIZATION_KIND_BRANCH approved_on { year: 2024 month: 2 day: 1 }
                                         activated_on { year: 2024 month: 1 day: 1 })");
  EXPECT_THAT(Propose(reversed, On(kToday)), HasReason("STEPS_OUT_OF_ORDER"));
  auto future = Proto<Organization>(R"(kind: ORGANIZATION_KIND_BRANCH activated_on { year: 2024 month: 7 day: 1 })");
  EXPECT_THAT(Propose(future, On(kToday)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(OrganizationRulesTest, StepsAreDatedInOrderAndNotInTheFuture) {
  Organization organization = In(v1::ORGANIZATION_STATE_ACTIVE);
  EXPECT_THAT(Suspend(organization, On(Day::Of(2024, 1, 1))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Suspend(organization, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Suspend(organization, On(kToday)), IsOk());
}

TEST(OrganizationRulesTest, AreasBeginOneAfterTheOtherAndNotInTheFuture) {
  auto community = Proto<Organization>(R"(kind: ORGANIZATION_KIND_COMMUNITY
      areas { square_kilometres: '42' start_date { year: 2005 month: 1 day: 1 } }
      areas { square_kilometres: '41.5' start_date { year: 2005 month: 1 day: 1 } })");
  EXPECT_THAT(CheckCorrection(community, kToday), HasReason(reasons::kAreasOutOfOrder));
  EXPECT_THAT(Propose(community, On(kToday)), HasReason(reasons::kAreasOutOfOrder));
  *community.mutable_areas(1)->mutable_start_date() = DayToProto(kToday);
  EXPECT_THAT(CheckCorrection(community, kToday), IsOk());
  EXPECT_THAT(CheckCorrection(community, kToday - 1), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_EQ(AreaOf(community.areas(0)), 42'000'000);
  EXPECT_EQ(AreaOf(community.areas(1)), 41'500'000);
}

TEST(OrganizationRulesTest, OnlyBranchesHaveASetting) {
  auto community = Proto<Organization>("kind: ORGANIZATION_KIND_COMMUNITY setting: BRANCH_SETTING_OFFICE");
  EXPECT_THAT(Propose(community, On(kToday)), HasReason(reasons::kSettingNotApplicable));
  EXPECT_THAT(CheckCorrection(community, kToday), HasReason(reasons::kSettingNotApplicable));
  auto branch = Proto<Organization>("kind: ORGANIZATION_KIND_BRANCH setting: BRANCH_SETTING_OFFICE");
  EXPECT_THAT(Propose(branch, On(kToday)), IsOk());
}

TEST(OrganizationRulesTest, OneParentOfAKindOnAnyDay) {
  auto organization = Proto<Organization>(R"(
      kind: ORGANIZATION_KIND_BRANCH
      parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY end_date { year: 2024 month: 3 day: 1 } }
      parents { parent: 'organizations/y' kind: EDGE_KIND_PARTY start_date { year: 2024 month: 3 day: 1 } })");
  EXPECT_THAT(Propose(organization, On(kToday)), HasReason(reasons::kOverlappingParents));
  organization.mutable_parents(1)->mutable_start_date()->set_day(2);
  EXPECT_THAT(Propose(organization, On(kToday)), IsOk());
}

TEST(OrganizationRulesTest, BothTreesMayHoldAtOnce) {
  auto organization = Proto<Organization>(R"(kind: ORGANIZATION_KIND_BRANCH
      parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY }
      parents { parent: 'organizations/y' kind: EDGE_KIND_ADMINISTRATIVE })");
  EXPECT_THAT(Propose(organization, On(kToday)), IsOk());
}

TEST(OrganizationRulesTest, AllViolationsAtOnce) {
  auto organization = Proto<Organization>(R"(
      kind: ORGANIZATION_KIND_COMMUNITY setting: BRANCH_SETTING_OFFICE
      parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY }
      parents { parent: 'organizations/y' kind: EDGE_KIND_PARTY }
      activated_on { year: 2025 month: 1 day: 1 })");
  const absl::Status status = Propose(organization, On(kToday));
  const std::string text = status.ToString();
  EXPECT_THAT(status, HasReason(reasons::kSettingNotApplicable));
  for (const char* field : {"organization.setting", "organization.parents[1]", "organization.activated_on"}) {
    EXPECT_NE(text.find(field), std::string::npos) << field << " is not in: " << text;
  }
}

TEST(OrganizationRulesTest, MoveEndsTheEdgeTheDayBeforeAndKeepsTheOtherTree) {
  auto organization = Proto<Organization>(R"(
      parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY }
      parents { parent: 'organizations/y' kind: EDGE_KIND_ADMINISTRATIVE })");
  Move(organization, "organizations/z", v1::EDGE_KIND_PARTY, Day::Of(2024, 4, 1));
  ASSERT_EQ(organization.parents_size(), 3);
  EXPECT_EQ(EdgeDays(organization.parents(0)), (DayRange{Day::Min(), Day::Of(2024, 3, 31)}));
  EXPECT_EQ(EdgeDays(organization.parents(1)), (DayRange{Day::Min(), Day::Max()}));
  EXPECT_EQ(organization.parents(2).parent(), "organizations/z");
  EXPECT_EQ(EdgeDays(organization.parents(2)), (DayRange{Day::Of(2024, 4, 1), Day::Max()}));
}

TEST(OrganizationRulesTest, BackDatedMoveReplacesLaterEdges) {
  auto organization = Proto<Organization>("parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY }");
  Move(organization, "organizations/z", v1::EDGE_KIND_PARTY, Day::Of(2024, 4, 1));
  Move(organization, "organizations/w", v1::EDGE_KIND_PARTY, Day::Of(2024, 2, 1));
  ASSERT_EQ(organization.parents_size(), 2);
  EXPECT_EQ(EdgeDays(organization.parents(0)).last, Day::Of(2024, 1, 31));
  EXPECT_EQ(organization.parents(1).parent(), "organizations/w");
}

TEST(OrganizationRulesTest, MoveToNoParentEndsTheEdge) {
  auto organization = Proto<Organization>("parents { parent: 'organizations/x' kind: EDGE_KIND_PARTY }");
  Move(organization, "", v1::EDGE_KIND_PARTY, Day::Of(2024, 4, 1));
  ASSERT_EQ(organization.parents_size(), 1);
  EXPECT_EQ(EdgeDays(organization.parents(0)).last, Day::Of(2024, 3, 31));
}

TEST(OrganizationRulesTest, TheFirstAddressIsNoRelocationTheNextOnesAre) {
  auto organization = Proto<Organization>(R"(kind: ORGANIZATION_KIND_COMMUNITY
      addresses { address: '旧址' }
      addresses { address: '新址' start_date { year: 2023 month: 5 day: 1 } })");
  ASSERT_THAT(Propose(organization, On(kToday)), IsOk());
  EXPECT_FALSE(organization.addresses(0).relocation());
  EXPECT_TRUE(organization.addresses(1).relocation());
  ASSERT_THAT(Relocate(organization, "又一新址", On(Day::Of(2024, 5, 20))), IsOk());
  EXPECT_TRUE(organization.addresses(2).relocation());
  EXPECT_THAT(Relocate(organization, "更早", On(Day::Of(2024, 5, 20))), HasReason(reasons::kAddressesOutOfOrder));
  EXPECT_THAT(Relocate(organization, "明天", On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(OrganizationRulesTest, RenameKeepsTheFormerName) {
  Organization organization = In(v1::ORGANIZATION_STATE_ACTIVE);
  ASSERT_THAT(Rename(organization, "乙", On(Day::Of(2024, 5, 1))), IsOk());
  EXPECT_EQ(organization.display_name(), "乙");
  ASSERT_EQ(organization.aliases_size(), 1);
  EXPECT_EQ(organization.aliases(0).text(), "甲");
  EXPECT_EQ(DayFromProto(organization.aliases(0).until()), Day::Of(2024, 4, 30));
}

TEST(OrganizationRulesTest, UsualParents) {
  EXPECT_TRUE(
      IsUsualParent(v1::ORGANIZATION_KIND_COMMUNITY, v1::ORGANIZATION_KIND_SUB_DISTRICT, v1::EDGE_KIND_ADMINISTRATIVE));
  EXPECT_TRUE(IsUsualParent(v1::ORGANIZATION_KIND_BRANCH, v1::ORGANIZATION_KIND_GENERAL_BRANCH, v1::EDGE_KIND_PARTY));
  EXPECT_TRUE(
      IsUsualParent(v1::ORGANIZATION_KIND_COMMUNITY, v1::ORGANIZATION_KIND_WORKING_COMMITTEE, v1::EDGE_KIND_PARTY));
  EXPECT_FALSE(
      IsUsualParent(v1::ORGANIZATION_KIND_DISTRICT, v1::ORGANIZATION_KIND_COMMUNITY, v1::EDGE_KIND_ADMINISTRATIVE));
  EXPECT_FALSE(IsUsualParent(v1::ORGANIZATION_KIND_PARTY_COMMITTEE, v1::ORGANIZATION_KIND_BRANCH, v1::EDGE_KIND_PARTY));
}

}  // namespace
}  // namespace dangjian::registry
