#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Organization;

const Day kJune = Day::Of(2024, 6, 30);

std::string Under(const std::string& parent, const std::string& kind = "ADMINISTRATIVE") {
  return absl::StrCat("parents { parent: 'organizations/", parent, "' kind: EDGE_KIND_", kind, " }");
}

class OrganizationServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("district", "DISTRICT");
    AddOrganization("street", "SUB_DISTRICT", Under("district"));
    AddOrganization("other", "SUB_DISTRICT", Under("district"));
    AddOrganization("east", "COMMUNITY", Under("street"));
  }

  absl::StatusOr<Organization> Get(const std::string& id) {
    return Call<Organization, v1::GetOrganizationRequest>(absl::StrCat("name: 'organizations/", id, "'"));
  }
  absl::StatusOr<Organization> Move(const std::string& id, const std::string& parent, const std::string& day) {
    return Call<Organization, v1::MoveOrganizationRequest>(
        absl::StrCat("name: 'organizations/", id, "' parent: '", parent,
                     "' kind: EDGE_KIND_ADMINISTRATIVE occurred_on {", day, "}"));
  }
};

TEST_F(OrganizationServiceTest, CountsFromActivationOnAllAbove) {
  EXPECT_EQ(Figure("organizations", "district", kJune), 4);
  EXPECT_EQ(Figure("organizations", "street", kJune), 2);
  EXPECT_EQ(Figure("organizations", "street", kJune, {{0, {"COMMUNITY"}}}), 1);
  EXPECT_EQ(Figure("organizations", "street", Day::Of(1999, 12, 31)), 0);
}

TEST_F(OrganizationServiceTest, TheLifeByVerbsMovesTheCount) {
  ASSERT_THAT((Call<Organization, v1::CreateOrganizationRequest>(absl::StrCat(
                  "organization_id: 'new' organization { kind: ORGANIZATION_KIND_BRANCH display_name: '支部' ",
                  "setting: BRANCH_SETTING_ENTERPRISE ", Under("east"), "}"))),
              IsOk());
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 12, 1)), 2);
  const std::string on = "name: 'organizations/new' occurred_on { year: 2026 month: 11 day: 20 } reason: '决定'";
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Organization, v1::ActivateOrganizationRequest>(on)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_THAT((Call<Organization, v1::ApproveOrganizationRequest>(on + " approval_document: '〔2026〕1号'")), IsOk());
  EXPECT_THAT((Call<Organization, v1::ActivateOrganizationRequest>(on)), IsOk());
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 12, 1)), 3);
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 12, 1), {{1, {"ENTERPRISE"}}}), 1);
  EXPECT_THAT((Call<Organization, v1::SuspendOrganizationRequest>(on)), IsOk());
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 12, 1)), 3);
  EXPECT_THAT((Call<Organization, v1::ResumeOrganizationRequest>(on)), IsOk());
  const auto dissolved = Call<Organization, v1::DissolveOrganizationRequest>(on + " successors: 'organizations/east'");
  ASSERT_THAT(dissolved, IsOk());
  EXPECT_EQ(dissolved->successors(0), "organizations/east");
  EXPECT_EQ(dissolved->transitions_size(), 6);
  EXPECT_EQ(dissolved->transitions(5).actor(), "developer");
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 12, 1)), 2);
  EXPECT_EQ(Figure("organizations", "street", Day::Of(2026, 11, 19)), 2);
}

TEST_F(OrganizationServiceTest, AnUnknownParentIsRefused) {
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Organization, v1::CreateOrganizationRequest>(absl::StrCat(
                  "organization { kind: ORGANIZATION_KIND_BRANCH display_name: '支部' ", Under("nowhere"), "}"))),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Move("east", "organizations/nowhere", "year: 2024 month: 1 day: 1"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(OrganizationServiceTest, ACycleIsRefusedAndNothingIsStored) {
  const int64_t before = LastRevision();
  EXPECT_THAT(Move("district", "organizations/east", "year: 2024 month: 1 day: 1"),
              HasReason(reasons::kOrganizationCycle));
  EXPECT_THAT(Move("street", "organizations/street", "year: 2024 month: 1 day: 1"),
              HasReason(reasons::kOrganizationCycle));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_EQ(Get("street")->parents_size(), 1);
}

TEST_F(OrganizationServiceTest, TwoParentsOfAKindAtOnceAreRefused) {
  EXPECT_THAT((Call<Organization, v1::CreateOrganizationRequest>(
                  absl::StrCat("organization { kind: ORGANIZATION_KIND_COMMUNITY display_name: '社区' ",
                               Under("street"), Under("other"), "}"))),
              HasReason(reasons::kOverlappingParents));
}

TEST_F(OrganizationServiceTest, AMoveCarriesStockFromItsDay) {
  AddMember("m", "east");
  ASSERT_THAT(Move("east", "organizations/other", "year: 2024 month: 4 day: 1"), IsOk());
  const Day before = Day::Of(2024, 3, 31);
  const Day after = Day::Of(2024, 4, 1);
  EXPECT_EQ(Figure("members", "street", before), 1);
  EXPECT_EQ(Figure("members", "street", after), 0);
  EXPECT_EQ(Figure("members", "other", before), 0);
  EXPECT_EQ(Figure("members", "other", after), 1);
  EXPECT_EQ(Figure("organizations", "other", after), 2);
  EXPECT_EQ(Figure("members", "district", before), 1);
  EXPECT_EQ(Figure("members", "district", after), 1);
}

TEST_F(OrganizationServiceTest, AMoveLeavesEarlierFlowsWhereTheyWere) {
  const std::string relocate =
      "name: 'organizations/east' address: '新址 1 号' occurred_on { year: 2024 month: 3 day: 5 }";
  ASSERT_THAT((Call<Organization, v1::RelocateOrganizationRequest>(relocate)), IsOk());
  ASSERT_THAT(Move("east", "organizations/other", "year: 2024 month: 4 day: 1"), IsOk());
  const DayRange half_year{Day::Of(2024, 1, 1), kJune};
  EXPECT_EQ(Figure("office_relocations", "street", half_year), 1);
  EXPECT_EQ(Figure("office_relocations", "other", half_year), 0);
  EXPECT_EQ(Figure("office_relocations", "district", half_year), 1);
}

TEST_F(OrganizationServiceTest, ABackDatedMoveRebasesFlowsToo) {
  ASSERT_THAT((Call<Organization, v1::RelocateOrganizationRequest>(
                  "name: 'organizations/east' address: '新址' occurred_on { year: 2024 month: 3 day: 5 }")),
              IsOk());
  ASSERT_THAT(Move("east", "organizations/other", "year: 2024 month: 2 day: 1"), IsOk());
  const DayRange half_year{Day::Of(2024, 1, 1), kJune};
  EXPECT_EQ(Figure("office_relocations", "street", half_year), 0);
  EXPECT_EQ(Figure("office_relocations", "other", half_year), 1);
}

TEST_F(OrganizationServiceTest, BothTreesCountOnceOnACommonAncestor) {
  AddOrganization("committee", "WORKING_COMMITTEE", Under("street"));
  AddOrganization("branch", "BRANCH", Under("east") + Under("committee", "PARTY"));
  AddMember("m", "branch");
  EXPECT_EQ(Figure("members", "east", kJune), 1);
  EXPECT_EQ(Figure("members", "committee", kJune), 1);
  EXPECT_EQ(Figure("members", "street", kJune), 1);
}

TEST_F(OrganizationServiceTest, TheAreaInForceCountsAtItselfAndAbove) {
  ASSERT_THAT((Call<Organization, v1::UpdateOrganizationRequest>(
                  "organization { name: 'organizations/east' areas { square_kilometres: '42' start_date { year: 2005 "
                  "month: 1 day: 1 } } areas { square_kilometres: '41.500001' start_date { year: 2010 month: 7 day: 1 "
                  "} } } update_mask { paths: 'areas' }")),
              IsOk());
  EXPECT_EQ(Figure("organization_area", "east", Day::Of(2004, 12, 31)), 0);
  EXPECT_EQ(Figure("organization_area", "east", Day::Of(2006, 12, 31)), 42'000'000);
  EXPECT_EQ(Figure("organization_area", "street", Day::Of(2010, 6, 30)), 42'000'000);
  EXPECT_EQ(Figure("organization_area", "street", kJune), 41'500'001);
  AddOrganization("west", "COMMUNITY",
                  Under("street") + " areas { square_kilometres: '8' start_date { year: 2011 month: 1 day: 1 } }");
  EXPECT_EQ(Figure("organization_area", "street", kJune), 49'500'001);
  ASSERT_THAT((Call<Organization, v1::DissolveOrganizationRequest>(
                  "name: 'organizations/east' occurred_on { year: 2020 month: 1 day: 1 } reason: '撤并'")),
              IsOk());
  EXPECT_EQ(Figure("organization_area", "street", Day::Of(2019, 12, 31)), 49'500'001);
  EXPECT_EQ(Figure("organization_area", "street", kJune), 8'000'000);
}

TEST_F(OrganizationServiceTest, AnAreaIsAPlainDecimalAndCorrectionsCarryIt) {
  const int64_t before = LastRevision();
  const auto enter = [&](const std::string& area, int year = 2005) {
    return Call<Organization, v1::UpdateOrganizationRequest>(
        absl::StrCat("organization { name: 'organizations/east' areas { square_kilometres: '", area,
                     "' start_date { year: ", year, " month: 1 day: 1 } } } update_mask { paths: 'areas' }"));
  };
  for (const char* area : {"-1", "4,2", "1.1234567", "1e3", "1234567890", "约42"}) {
    EXPECT_THAT(enter(area), HasReason("PATTERN_MISMATCH")) << area;
  }
  EXPECT_THAT(enter("42", 2027), HasReason("DATE_IN_FUTURE"));
  EXPECT_EQ(LastRevision(), before);
  ASSERT_THAT(enter("42"), IsOk());
  ASSERT_THAT(enter("43.25", 2006), IsOk());
  EXPECT_EQ(Figure("organization_area", "district", Day::Of(2005, 12, 31)), 0);
  EXPECT_EQ(Figure("organization_area", "district", kJune), 43'250'000);
  ASSERT_THAT((Call<Organization, v1::UpdateOrganizationRequest>(
                  "organization { name: 'organizations/east' } update_mask { paths: 'areas' }")),
              IsOk());
  EXPECT_EQ(Figure("organization_area", "district", kJune), 0);
}

TEST_F(OrganizationServiceTest, DissolvesOnlyWhenEmpty) {
  const std::string dissolve = "occurred_on { year: 2024 month: 6 day: 1 } reason: '撤销'";
  EXPECT_THAT((Call<Organization, v1::DissolveOrganizationRequest>("name: 'organizations/street' " + dissolve)),
              HasReason(reasons::kOrganizationHasChildren));
  AddMember("m", "east");
  EXPECT_THAT((Call<Organization, v1::DissolveOrganizationRequest>("name: 'organizations/east' " + dissolve)),
              HasReason(reasons::kOrganizationHasMembers));
  ASSERT_THAT(
      (Call<v1::Member, v1::RecordDeathRequest>("name: 'members/m' occurred_on { year: 2024 month: 5 day: 1 }")),
      IsOk());
  ASSERT_THAT((Call<Organization, v1::DissolveOrganizationRequest>("name: 'organizations/east' " + dissolve)), IsOk());
  EXPECT_THAT((Call<Organization, v1::DissolveOrganizationRequest>("name: 'organizations/street' " + dissolve)),
              IsOk());
}

TEST_F(OrganizationServiceTest, ABackDatedDissolutionFindsItEmptyThen) {
  AddMember("m", "east");
  ASSERT_THAT(
      (Call<v1::Member, v1::RecordDeathRequest>("name: 'members/m' occurred_on { year: 2024 month: 5 day: 1 }")),
      IsOk());
  const auto dissolve = [&](const std::string& id, int month) {
    return Call<Organization, v1::DissolveOrganizationRequest>(absl::StrCat(
        "name: 'organizations/", id, "' occurred_on { year: 2024 month: ", month, " day: 1 } reason: '撤销'"));
  };
  EXPECT_THAT(dissolve("east", 4), HasReason(reasons::kOrganizationHasMembers));
  ASSERT_THAT(dissolve("east", 5), IsOk());
  EXPECT_THAT(dissolve("street", 4), HasReason(reasons::kOrganizationHasChildren));
  EXPECT_THAT(dissolve("street", 5), IsOk());
}

TEST_F(OrganizationServiceTest, NobodyJoinsADissolvedOrganisation) {
  ASSERT_THAT((Call<Organization, v1::DissolveOrganizationRequest>(
                  "name: 'organizations/east' occurred_on { year: 2024 month: 6 day: 1 } reason: '撤销'")),
              IsOk());
  EXPECT_THAT((Call<Organization, v1::CreateOrganizationRequest>(absl::StrCat(
                  "organization { kind: ORGANIZATION_KIND_BRANCH display_name: '支部' ", Under("east"), "}"))),
              HasReason(reasons::kOrganizationDissolved));
  EXPECT_THAT((Call<v1::Member, v1::CreateMemberRequest>(
                  "member { display_name: '党员' admitted_on { year: 2024 month: 1 day: 1 } "
                  "relations { organization: 'organizations/east' } }")),
              HasReason(reasons::kOrganizationDissolved));
  EXPECT_THAT(Move("east", "organizations/other", "year: 2024 month: 7 day: 1"),
              HasReason(reasons::kOrganizationDissolved));
  EXPECT_THAT((Call<Organization, v1::RenameOrganizationRequest>(
                  "name: 'organizations/east' display_name: '新名' occurred_on { year: 2024 month: 7 day: 1 }")),
              HasReason(reasons::kOrganizationDissolved));
}

TEST_F(OrganizationServiceTest, AnUnusualParentIsAWarningAndNoRefusal) {
  EXPECT_EQ(Get("east")->warnings_size(), 0);
  AddOrganization("odd", "DISTRICT", Under("east"));
  const auto odd = Get("odd");
  ASSERT_THAT(odd, IsOk());
  ASSERT_EQ(odd->warnings_size(), 1);
  EXPECT_EQ(odd->warnings(0), kUnusualParent);
}

TEST_F(OrganizationServiceTest, AStaleEtagIsRefused) {
  const std::string etag = Get("east")->etag();
  const std::string rename = absl::StrCat("name: 'organizations/east' display_name: '东社区' etag: '", etag,
                                          "' occurred_on { year: 2024 month: 1 day: 1 }");
  const auto renamed = Call<Organization, v1::RenameOrganizationRequest>(rename);
  ASSERT_THAT(renamed, IsOk());
  EXPECT_EQ(renamed->aliases(0).text(), "east");
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Organization, v1::RenameOrganizationRequest>(rename)), HasReason("STALE_ETAG"));
  EXPECT_THAT((Call<Organization, v1::UpdateOrganizationRequest>(
                  absl::StrCat("organization { name: 'organizations/east' short_name: '东' etag: '", etag,
                               "' } update_mask { paths: 'short_name' }"))),
              HasReason("STALE_ETAG"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(OrganizationServiceTest, UpdatesDescriptionsAndNothingElse) {
  const auto updated = Call<Organization, v1::UpdateOrganizationRequest>(
      "organization { name: 'organizations/east' short_name: '东' } update_mask { paths: 'short_name' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->short_name(), "东");
  EXPECT_EQ(updated->display_name(), "east");
  for (const char* path : {"display_name", "parents", "kind", "state", "activated_on"}) {
    EXPECT_THAT((Call<Organization, v1::UpdateOrganizationRequest>(absl::StrCat(
                    "organization { name: 'organizations/east' display_name: '东' kind: ORGANIZATION_KIND_BRANCH } ",
                    "update_mask { paths: '", path, "' }"))),
                HasReason("IMMUTABLE_FIELD"))
        << path;
  }
}

TEST_F(OrganizationServiceTest, ListsByKindAndParent) {
  const auto by_kind =
      Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>("kind: ORGANIZATION_KIND_SUB_DISTRICT");
  ASSERT_THAT(by_kind, IsOk());
  EXPECT_EQ(by_kind->organizations_size(), 2);
  const auto by_parent = Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>(
      "administrative_parent: 'organizations/district' page_size: 1");
  ASSERT_THAT(by_parent, IsOk());
  ASSERT_EQ(by_parent->organizations_size(), 1);
  EXPECT_EQ(by_parent->organizations(0).name(), "organizations/other");
  const auto next = Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>(absl::StrCat(
      "administrative_parent: 'organizations/district' page_size: 1 page_token: '", by_parent->next_page_token(), "'"));
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->organizations(0).name(), "organizations/street");
}

TEST_F(OrganizationServiceTest, BadPagesAreRefused) {
  EXPECT_THAT((Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>("page_size: -1")),
              HasReason("NEGATIVE_PAGE_SIZE"));
  EXPECT_THAT((Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>("page_token: 'invented'")),
              HasReason("PAGE_TOKEN_FOREIGN"));
  const auto first = Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>("page_size: 1");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT((Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>(
                  absl::StrCat("kind: ORGANIZATION_KIND_DISTRICT page_token: '", first->next_page_token(), "'"))),
              HasReason("PAGE_TOKEN_FOREIGN"));
  database_.clock().AdvanceMicros(int64_t{3600} * 1'000'000);
  EXPECT_THAT((Call<v1::ListOrganizationsResponse, v1::ListOrganizationsRequest>(
                  absl::StrCat("page_size: 1 page_token: '", first->next_page_token(), "'"))),
              HasReason("PAGE_TOKEN_EXPIRED"));
}

TEST_F(OrganizationServiceTest, ABatchIsAllOrNothing) {
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<v1::BatchCreateOrganizationsResponse, v1::BatchCreateOrganizationsRequest>(
                  "requests { organization_id: 'a' organization { kind: ORGANIZATION_KIND_BRANCH display_name: '甲' } }"
                  "requests { organization_id: 'east' organization { kind: ORGANIZATION_KIND_BRANCH "
                  "display_name: '乙' } }")),
              HasReason("RECORD_EXISTS"));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_THAT(Get("a"), HasReason("RECORD_NOT_FOUND"));
}

TEST_F(OrganizationServiceTest, ARepeatedRequestIdGivesTheStoredAnswer) {
  const std::string create = "organization { kind: ORGANIZATION_KIND_BRANCH display_name: '甲' } request_id: 'once'";
  const auto first = Call<Organization, v1::CreateOrganizationRequest>(create);
  const auto again = Call<Organization, v1::CreateOrganizationRequest>(create);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(first->name(), again->name());
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Organization, v1::CreateOrganizationRequest>(
                  "organization { kind: ORGANIZATION_KIND_BRANCH display_name: '乙' } request_id: 'once'")),
              HasReason("REQUEST_ID_REUSED"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(OrganizationServiceTest, BadTextIsRefusedByName) {
  const auto create = [&](const std::string& name) {
    v1::CreateOrganizationRequest request;
    request.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_BRANCH);
    request.mutable_organization()->set_display_name(name);
    return Call<Organization>(request);
  };
  const int64_t before = LastRevision();
  std::string too_long;
  for (int i = 0; i < 101; ++i) too_long += "长";
  EXPECT_THAT(create(too_long), HasReason("TEXT_TOO_LONG"));
  EXPECT_THAT(create(std::string("a\0b", 3)), HasReason("MALFORMED_TEXT"));
  EXPECT_THAT(create("a\x07"), HasReason("MALFORMED_TEXT"));
  EXPECT_THAT(create("\xff\xfe"), HasReason("MALFORMED_MESSAGE"));
  EXPECT_THAT(create(""), HasReason("FIELD_REQUIRED"));
  EXPECT_EQ(LastRevision(), before);
}

}  // namespace
}  // namespace dangjian::registry
