#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/household/household_rules.h"
#include "services/registry/reasons.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Household;

const Day kNow = Day::Of(2026, 11, 20);

class HouseholdServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("community", "COMMUNITY");
    AddOrganization("north", "RESIDENTS_COMMITTEE",
                    "parents { parent: 'organizations/community' kind: EDGE_KIND_ADMINISTRATIVE }");
    AddOrganization("south", "RESIDENTS_COMMITTEE",
                    "parents { parent: 'organizations/community' kind: EDGE_KIND_ADMINISTRATIVE }");
  }
  absl::Status Add(const std::string& id, const std::string& organization, const std::string& more = "",
                   const std::string& kind = "REGISTERED") {
    return Call<Household, v1::CreateHouseholdRequest>(
               absl::StrCat("household_id: '", id, "' household { organization: 'organizations/", organization,
                            "' kind: HOUSEHOLD_KIND_", kind, " registered_on { year: 2020 month: 3 day: 1 } ", more,
                            " }"))
        .status();
  }
  int64_t Households(const std::string& organization, Day day, const std::string& kind = "REGISTERED") {
    return Figure("households", organization, day, {{0, {kind}}});
  }
};

TEST_F(HouseholdServiceTest, CountsByKindFromItsDayUntilItMovesOut) {
  ASSERT_THAT(Add("h", "north"), IsOk());
  ASSERT_THAT(Add("f", "north", "", "SHARED_LIVING"), IsOk());
  EXPECT_EQ(Households("community", Day::Of(2020, 2, 29)), 0);
  EXPECT_EQ(Households("community", Day::Of(2020, 3, 1)), 1);
  EXPECT_EQ(Households("north", kNow, "SHARED_LIVING"), 1);
  const auto moved = Call<Household, v1::MoveOutHouseholdRequest>(
      "name: 'households/h' occurred_on { year: 2024 month: 5 day: 1 } reason: '迁往外地'");
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->transitions(1).reason(), "迁往外地");
  EXPECT_EQ(Households("community", Day::Of(2024, 4, 30)), 1);
  EXPECT_EQ(Households("community", Day::Of(2024, 5, 1)), 0);
  EXPECT_EQ(Households("community", kNow, "SHARED_LIVING"), 1);
}

TEST_F(HouseholdServiceTest, ACorrectionMovesTheFigure) {
  ASSERT_THAT(Add("h", "north"), IsOk());
  ASSERT_THAT((Call<Household, v1::UpdateHouseholdRequest>(
                  "household { name: 'households/h' organization: 'organizations/south' registered_on { year: 2019 "
                  "month: 1 day: 1 } } update_mask { paths: 'organization' paths: 'registered_on' }")),
              IsOk());
  EXPECT_EQ(Households("north", kNow), 0);
  EXPECT_EQ(Households("south", Day::Of(2019, 1, 1)), 1);
  EXPECT_EQ(Households("community", Day::Of(2018, 12, 31)), 0);
}

TEST_F(HouseholdServiceTest, CountsMarksByTheirDays) {
  ASSERT_THAT(Add("h", "north",
                  "tags { kind: KIND_HARDSHIP source: '入户走访' start_date { year: 2019 month: 1 day: 1 } end_date { "
                  "year: 2021 month: 12 day: 31 } } tags { kind: KIND_ZERO_EMPLOYMENT source: '就业登记' start_date { "
                  "year: 2022 month: 1 day: 1 } }"),
              IsOk());
  const auto tagged = [&](Day day, const char* tag) {
    return Figure("households_tagged", "community", day, {{0, {tag}}});
  };
  EXPECT_EQ(tagged(Day::Of(2020, 2, 29), "HARDSHIP"), 0) << "the household did not count yet";
  EXPECT_EQ(tagged(Day::Of(2020, 3, 1), "HARDSHIP"), 1);
  EXPECT_EQ(tagged(Day::Of(2021, 12, 31), "HARDSHIP"), 1);
  EXPECT_EQ(tagged(Day::Of(2022, 1, 1), "HARDSHIP"), 0);
  EXPECT_EQ(tagged(kNow, "ZERO_EMPLOYMENT"), 1);
  ASSERT_THAT(
      (Call<Household, v1::MoveOutHouseholdRequest>("name: 'households/h' occurred_on { year: 2024 month: 5 day: 1 }")),
      IsOk());
  EXPECT_EQ(tagged(kNow, "ZERO_EMPLOYMENT"), 0);
}

TEST_F(HouseholdServiceTest, AMergeTakesTheFiguresAwayAndBackExactly) {
  ASSERT_THAT(
      Add("h", "north", "tags { kind: KIND_HARDSHIP source: '走访' start_date { year: 2021 month: 1 day: 1 } }"),
      IsOk());
  ASSERT_THAT(Add("twin", "south"), IsOk());
  const auto merged = Call<Household, v1::MergeDuplicateHouseholdRequest>(
      "name: 'households/h' into: 'households/twin' occurred_on { year: 2026 month: 1 day: 1 } reason: '重复录入'");
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->merged_into(), "households/twin");
  EXPECT_EQ(Households("community", Day::Of(2021, 1, 1)), 1) << "it never counted, also before the merge";
  EXPECT_EQ(Households("north", kNow), 0);
  EXPECT_EQ(Figure("households_tagged", "community", kNow), 0);
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Household, v1::UpdateHouseholdRequest>(
                  "household { name: 'households/h' grid: '3' } update_mask { paths: 'grid' }")),
              HasReason(reasons::kRecordMerged));
  EXPECT_EQ(LastRevision(), before);
  const auto back = Call<Household, v1::UnmergeHouseholdRequest>(
      "name: 'households/h' occurred_on { year: 2026 month: 2 day: 1 } reason: '核实为两户'");
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->state(), v1::HOUSEHOLD_STATE_REGISTERED);
  EXPECT_EQ(back->merged_into(), "");
  ASSERT_EQ(back->transitions_size(), 3);
  EXPECT_EQ(back->transitions(1).reason(), "重复录入");
  EXPECT_EQ(back->transitions(2).reason(), "核实为两户");
  EXPECT_FALSE(back->transitions(1).actor().empty());
  EXPECT_EQ(Households("community", Day::Of(2021, 1, 1)), 2);
  EXPECT_EQ(Households("north", kNow), 1);
  EXPECT_EQ(Figure("households_tagged", "north", Day::Of(2021, 1, 1), {{0, {"HARDSHIP"}}}), 1);
  EXPECT_EQ(Figure("households_tagged", "north", Day::Of(2020, 12, 31)), 0);
}

TEST_F(HouseholdServiceTest, RefusalsStoreNothing) {
  ASSERT_THAT(Add("h", "north"), IsOk());
  AddOrganization("gone", "RESIDENTS_COMMITTEE");
  ASSERT_THAT((Call<v1::Organization, v1::DissolveOrganizationRequest>(
                  "name: 'organizations/gone' occurred_on { year: 2010 month: 1 day: 1 } reason: '撤并'")),
              IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Add("h", "north"), HasReason("RECORD_EXISTS"));
  EXPECT_THAT(Add("x", "nowhere"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Add("x", "gone"), HasReason("ORGANIZATION_DISSOLVED"));
  EXPECT_THAT((Call<Household, v1::CreateHouseholdRequest>(
                  "household { organization: 'organizations/north' kind: HOUSEHOLD_KIND_REGISTERED registered_on { "
                  "year: 2026 month: 11 day: 21 } }")),
              HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT((Call<Household, v1::MergeDuplicateHouseholdRequest>(
                  "name: 'households/h' into: 'households/h' occurred_on { year: 2026 month: 1 day: 1 } reason: '重'")),
              HasReason(reasons::kMergeIntoSelf));
  EXPECT_THAT((Call<Household, v1::MergeDuplicateHouseholdRequest>(
                  "name: 'households/h' into: 'households/no' occurred_on { year: 2026 month: 1 day: 1 } reason: "
                  "'重'")),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(
      (Call<Household, v1::UpdateHouseholdRequest>(
          "household { name: 'households/h' kind: HOUSEHOLD_KIND_SHARED_LIVING } update_mask { paths: 'kind' }")),
      HasReason("IMMUTABLE_FIELD"));
  EXPECT_THAT((Call<Household, v1::MoveOutHouseholdRequest>(
                  "name: 'households/h' etag: '1' occurred_on { year: 2024 month: 5 day: 1 }")),
              HasReason("STALE_ETAG"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(HouseholdServiceTest, ClosesWhenNobodyIsLeft) {
  ASSERT_THAT(Add("h", "north"), IsOk());
  ASSERT_THAT((Call<v1::Resident, v1::CreateResidentRequest>(
                  "resident_id: 'r' resident { display_name: '王' residences { organization: 'organizations/north' "
                  "kind: RESIDENCE_KIND_PERMANENT start_date { year: 2020 month: 3 day: 1 } } memberships { household: "
                  "'households/h' relation_code: '01' start_date { year: 2020 month: 3 day: 1 } } }")),
              IsOk());
  const std::string close = "name: 'households/h' occurred_on { year: 2025 month: 5 day: 1 }";
  EXPECT_THAT((Call<Household, v1::CloseDeceasedHouseholdRequest>(close)), HasReason(reasons::kHouseholdHasResidents));
  EXPECT_EQ(Households("north", kNow), 1);
  ASSERT_THAT((Call<v1::Resident, v1::RecordResidentDeathRequest>(
                  "name: 'residents/r' occurred_on { year: 2025 month: 5 day: 1 }")),
              IsOk());
  const auto closed = Call<Household, v1::CloseDeceasedHouseholdRequest>(close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->state(), v1::HOUSEHOLD_STATE_DECEASED);
  EXPECT_EQ(Households("north", Day::Of(2025, 4, 30)), 1);
  EXPECT_EQ(Households("north", Day::Of(2025, 5, 1)), 0);
}

TEST_F(HouseholdServiceTest, MovesOutWhenItsResidentsHaveLeftAndTakesNobodyIn) {
  ASSERT_THAT(Add("h", "north"), IsOk());
  const auto live_in_h = [this](const std::string& id, const std::string& more = "") {
    return Call<v1::Resident, v1::CreateResidentRequest>(
        absl::StrCat("resident_id: '", id,
                     "' resident { display_name: '王' residences { organization: 'organizations/north' kind: "
                     "RESIDENCE_KIND_PERMANENT start_date { year: 2020 month: 3 day: 1 } } memberships { household: "
                     "'households/h' relation_code: '01' start_date { year: 2020 month: 3 day: 1 } ",
                     more, " } }"));
  };
  ASSERT_THAT(live_in_h("r"), IsOk());
  const std::string leave = "name: 'households/h' occurred_on { year: 2025 month: 5 day: 1 }";
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Household, v1::MoveOutHouseholdRequest>(leave)), HasReason(reasons::kHouseholdHasResidents));
  EXPECT_EQ(LastRevision(), before);
  ASSERT_THAT((Call<v1::Resident, v1::MoveOutResidentRequest>(
                  "name: 'residents/r' occurred_on { year: 2025 month: 5 day: 1 }")),
              IsOk());
  ASSERT_THAT((Call<Household, v1::MoveOutHouseholdRequest>(leave)), IsOk());
  EXPECT_THAT(live_in_h("late"), HasReason("HOUSEHOLD_NOT_OPEN"));
  ASSERT_THAT(live_in_h("past", "end_date { year: 2025 month: 4 day: 30 }"), IsOk());
  ASSERT_THAT(Add("twin", "north"), IsOk());
  ASSERT_THAT((Call<Household, v1::MergeDuplicateHouseholdRequest>(
                  "name: 'households/h' into: 'households/twin' occurred_on { year: 2026 month: 1 day: 1 } reason: "
                  "'重复录入'")),
              IsOk());
  EXPECT_THAT(live_in_h("merged", "end_date { year: 2025 month: 4 day: 30 }"), HasReason("HOUSEHOLD_NOT_OPEN"));
}

TEST_F(HouseholdServiceTest, AFullBatchIsOneTransactionAndListsByOrganisation) {
  v1::BatchCreateHouseholdsRequest batch;
  for (int i = 0; i < 500; ++i) {
    v1::CreateHouseholdRequest& one = *batch.add_requests();
    one.set_household_id(absl::StrCat("h-", i));
    one.mutable_household()->set_organization(i < 400 ? "organizations/north" : "organizations/south");
    one.mutable_household()->set_kind(v1::HOUSEHOLD_KIND_REGISTERED);
    *one.mutable_household()->mutable_registered_on() = DayToProto(Day::Of(2005, 1, 1));
  }
  const int64_t before = LastRevision();
  ASSERT_THAT(Call<v1::BatchCreateHouseholdsResponse>(batch), IsOk());
  EXPECT_EQ(LastRevision(), before + 1);
  EXPECT_EQ(Households("community", kNow), 500);
  EXPECT_EQ(Households("south", kNow), 100);
  const auto south = Call<v1::ListHouseholdsResponse, v1::ListHouseholdsRequest>(
      "organization: 'organizations/south' page_size: 1000");
  ASSERT_THAT(south, IsOk());
  EXPECT_EQ(south->households_size(), 100);
  *batch.add_requests() = batch.requests(0);
  EXPECT_THAT(Call<v1::BatchCreateHouseholdsResponse>(batch), HasReason("TOO_MANY_ITEMS"));
}

}  // namespace
}  // namespace dangjian::registry
