#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/reasons.h"
#include "services/registry/resident/resident_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::ViolationsOf;
using v1::Resident;

const Day kNow = Day::Of(2026, 11, 20);

class ResidentServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("community", "COMMUNITY");
    for (const char* id : {"north", "south"}) {
      AddOrganization(id, "RESIDENTS_COMMITTEE",
                      "parents { parent: 'organizations/community' kind: EDGE_KIND_ADMINISTRATIVE }");
    }
    AddHousehold("book", "REGISTERED");
    AddHousehold("book-2", "REGISTERED");
    AddHousehold("family", "SHARED_LIVING");
  }
  void AddHousehold(const std::string& id, const std::string& kind) {
    ASSERT_THAT((Call<v1::Household, v1::CreateHouseholdRequest>(absl::StrCat(
                    "household_id: '", id, "' household { organization: 'organizations/north' kind: HOUSEHOLD_KIND_",
                    kind, " registered_on { year: 2005 month: 1 day: 1 } }"))),
                IsOk());
  }
  // Lives in `organization` since 2020-03-01.
  absl::Status Add(const std::string& id, const std::string& organization, const std::string& more = "",
                   const std::string& kind = "PERMANENT") {
    return Call<Resident, v1::CreateResidentRequest>(
               absl::StrCat("resident_id: '", id,
                            "' resident { display_name: '王某' residences { organization: 'organizations/",
                            organization, "' kind: RESIDENCE_KIND_", kind,
                            " start_date { year: 2020 month: 3 day: 1 } } ", more, " }"))
        .status();
  }
  static std::string In(const std::string& household) {
    return absl::StrCat("memberships { household: 'households/", household,
                        "' relation_code: '01' start_date { year: 2020 month: 3 day: 1 } }");
  }
  int64_t Residents(const std::string& organization, Day day) { return Figure("residents", organization, day); }
  int ListedIn(const std::string& filter) {
    const auto listed = Call<v1::ListResidentsResponse, v1::ListResidentsRequest>(filter);
    EXPECT_THAT(listed, IsOk());
    return listed.ok() ? listed->residents_size() : -1;
  }
};

TEST_F(ResidentServiceTest, CountsThoseWhoLiveThere) {
  ASSERT_THAT(Add("permanent", "north"), IsOk());
  ASSERT_THAT(Add("temporary", "north", "", "TEMPORARY"), IsOk());
  ASSERT_THAT(Add("registered", "north", "", "REGISTERED_ONLY"), IsOk());
  EXPECT_EQ(Residents("north", Day::Of(2020, 2, 29)), 0);
  EXPECT_EQ(Residents("north", Day::Of(2020, 3, 1)), 2);
  EXPECT_EQ(Residents("community", kNow), 2);
}

TEST_F(ResidentServiceTest, AMoveCountsHereUpToTheDayBeforeAndThereFromTheDay) {
  ASSERT_THAT(Add("r", "north", In("book")), IsOk());
  const auto moved = Call<Resident, v1::MoveResidentRequest>(
      "name: 'residents/r' organization: 'organizations/south' kind: RESIDENCE_KIND_PERMANENT occurred_on { year: "
      "2024 month: 5 day: 1 } household: 'households/book-2' relation_code: '10' reason: '购房'");
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->registered_household(), "households/book-2");
  EXPECT_EQ(Residents("north", Day::Of(2024, 4, 30)), 1);
  EXPECT_EQ(Residents("north", Day::Of(2024, 5, 1)), 0);
  EXPECT_EQ(Residents("south", Day::Of(2024, 4, 30)), 0);
  EXPECT_EQ(Residents("south", Day::Of(2024, 5, 1)), 1);
  EXPECT_EQ(Residents("community", Day::Of(2024, 5, 1)), 1);
  EXPECT_EQ(ListedIn("organization: 'organizations/north'"), 0);
  EXPECT_EQ(ListedIn("organization: 'organizations/south'"), 1);
  EXPECT_EQ(ListedIn("household: 'households/book'"), 0);
  EXPECT_EQ(ListedIn("household: 'households/book-2'"), 1);
}

TEST_F(ResidentServiceTest, LeavesByMovingOutOrByDeath) {
  ASSERT_THAT(Add("a", "north"), IsOk());
  ASSERT_THAT(Add("b", "north"), IsOk());
  ASSERT_THAT(
      (Call<Resident, v1::MoveOutResidentRequest>("name: 'residents/a' occurred_on { year: 2024 month: 5 day: 1 }")),
      IsOk());
  ASSERT_THAT((Call<Resident, v1::RecordResidentDeathRequest>(
                  "name: 'residents/b' occurred_on { year: 2024 month: 6 day: 1 }")),
              IsOk());
  EXPECT_EQ(Residents("north", Day::Of(2024, 4, 30)), 2);
  EXPECT_EQ(Residents("north", Day::Of(2024, 5, 31)), 1);
  EXPECT_EQ(Residents("community", Day::Of(2024, 6, 1)), 0);
}

TEST_F(ResidentServiceTest, CountsMarksWhereTheResidentLives) {
  ASSERT_THAT(Add("r", "north",
                  "tags { kind: KIND_LAID_OFF source: '劳动保障所' evidence: '失业证' start_date { year: 2021 month: 1 "
                  "day: 1 } }"),
              IsOk());
  ASSERT_THAT((Call<Resident, v1::MoveResidentRequest>(
                  "name: 'residents/r' organization: 'organizations/south' kind: RESIDENCE_KIND_TEMPORARY occurred_on "
                  "{ year: 2024 month: 5 day: 1 }")),
              IsOk());
  const auto laid_off = [&](const char* organization, Day day) {
    return Figure("residents_tagged", organization, day, {{0, {"LAID_OFF"}}});
  };
  EXPECT_EQ(laid_off("north", Day::Of(2020, 12, 31)), 0);
  EXPECT_EQ(laid_off("north", Day::Of(2021, 1, 1)), 1);
  EXPECT_EQ(laid_off("north", Day::Of(2024, 5, 1)), 0);
  EXPECT_EQ(laid_off("south", Day::Of(2024, 5, 1)), 1);
  EXPECT_EQ(laid_off("community", kNow), 1);
}

TEST_F(ResidentServiceTest, AMergeTakesTheFiguresAwayAndBackExactly) {
  ASSERT_THAT(Add("r", "north", "tags { kind: KIND_VETERAN source: '名册' start_date { year: 2021 month: 1 day: 1 } }"),
              IsOk());
  ASSERT_THAT(Add("twin", "south"), IsOk());
  ASSERT_THAT((Call<Resident, v1::MergeDuplicateResidentRequest>(
                  "name: 'residents/r' into: 'residents/twin' occurred_on { year: 2026 month: 1 day: 1 } reason: "
                  "'同一人'")),
              IsOk());
  EXPECT_EQ(Residents("community", Day::Of(2021, 1, 1)), 1);
  EXPECT_EQ(Residents("north", kNow), 0);
  EXPECT_EQ(Figure("residents_tagged", "community", kNow), 0);
  const auto back = Call<Resident, v1::UnmergeResidentRequest>(
      "name: 'residents/r' occurred_on { year: 2026 month: 2 day: 1 } reason: '同名不同人'");
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->transitions(1).reason(), "同一人");
  EXPECT_EQ(back->transitions(2).reason(), "同名不同人");
  EXPECT_EQ(Residents("community", Day::Of(2021, 1, 1)), 2);
  EXPECT_EQ(Residents("north", Day::Of(2020, 2, 29)), 0);
  EXPECT_EQ(Figure("residents_tagged", "north", kNow, {{0, {"VETERAN"}}}), 1);
}

TEST_F(ResidentServiceTest, RefusalsStoreNothing) {
  ASSERT_THAT(Add("r", "north", In("book")), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Add("x", "north", absl::StrCat(In("book"), In("book-2"))), HasReason(reasons::kSecondHousehold));
  EXPECT_THAT(Add("x", "north", In("nowhere")), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Add("x", "north", "member: 'members/nobody'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Add("x", "north", "citizen_number: '11010519491231002X'"), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  EXPECT_THAT(Add("x", "north", "health_note: '高血压'"), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  for (const char* kind : {"DISABLED", "COMMUNITY_CORRECTION"}) {
    EXPECT_THAT(
        Add("x", "north",
            absl::StrCat("tags { kind: KIND_", kind, " source: '名册' start_date { year: 2021 month: 1 day: 1 } }")),
        HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  }
  EXPECT_THAT(Add("x", "north",
                  "residences { organization: 'organizations/north' kind: RESIDENCE_KIND_TEMPORARY start_date { year: "
                  "2024 month: 1 day: 1 } }"),
              HasReason(reasons::kOverlappingResidences));
  EXPECT_THAT((Call<Resident, v1::MoveResidentRequest>(
                  "name: 'residents/r' organization: 'organizations/south' kind: RESIDENCE_KIND_REGISTERED_ONLY "
                  "occurred_on { year: 2024 month: 5 day: 1 }")),
              HasReason(reasons::kNotAPlaceToLive));
  EXPECT_THAT((Call<Resident, v1::MergeDuplicateResidentRequest>(
                  "name: 'residents/r' into: 'residents/r' occurred_on { year: 2026 month: 1 day: 1 } reason: '重'")),
              HasReason(reasons::kMergeIntoSelf));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(ResidentServiceTest, ListsByOrganisationAndByHouseholdOfEitherKind) {
  ASSERT_THAT(Add("a", "north", absl::StrCat(In("book"), In("family"))), IsOk());
  ASSERT_THAT(Add("b", "north", In("family")), IsOk());
  ASSERT_THAT(Add("c", "south"), IsOk());
  EXPECT_EQ(ListedIn(""), 3);
  EXPECT_EQ(ListedIn("organization: 'organizations/north'"), 2);
  EXPECT_EQ(ListedIn("household: 'households/book'"), 1);
  EXPECT_EQ(ListedIn("household: 'households/family'"), 2);
  for (const char* filter : {"household: 'households/nowhere'", "organization: 'organizations/absent'"}) {
    EXPECT_THAT((Call<v1::ListResidentsResponse, v1::ListResidentsRequest>(filter)), HasReason("RECORD_NOT_FOUND"));
  }
  for (const char* filter : {"household: 'organizations/north'", "organization: 'organizations/NORTH'"}) {
    EXPECT_THAT((Call<v1::ListResidentsResponse, v1::ListResidentsRequest>(filter)), HasReason("INVALID_NAME"));
  }
  EXPECT_THAT((Call<v1::ListResidentsResponse, v1::ListResidentsRequest>(
                  "household: 'households/book' organization: 'organizations/north'")),
              HasReason("CONFLICTING_FILTERS"));
  const auto first =
      Call<v1::ListResidentsResponse, v1::ListResidentsRequest>("household: 'households/family' page_size: 1");
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->residents_size(), 1);
  const auto second = Call<v1::ListResidentsResponse, v1::ListResidentsRequest>(
      absl::StrCat("household: 'households/family' page_size: 1 page_token: '", first->next_page_token(), "'"));
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->residents_size(), 1);
  EXPECT_NE(second->residents(0).name(), first->residents(0).name());
}

TEST_F(ResidentServiceTest, ABatchSaysWhichRowsAreWrongAllAtOnce) {
  std::string batch;
  for (int i = 0; i < 5; ++i) {
    // Two of five are wrong, and only the registry's own rules know: born tomorrow, and two families at once.
    const std::string more = i == 1   ? "birth_date { year: 2026 month: 11 day: 21 }"
                             : i == 3 ? absl::StrCat(In("book"), In("book-2"))
                                      : "";
    absl::StrAppend(&batch, "requests { resident_id: 'r-", i,
                    "' resident { display_name: '王某' residences { organization: 'organizations/north' kind: "
                    "RESIDENCE_KIND_PERMANENT start_date { year: 2020 month: 3 day: 1 } } ",
                    more, " } }");
  }
  const int64_t before = LastRevision();
  const auto refused = Call<v1::BatchCreateResidentsResponse, v1::BatchCreateResidentsRequest>(batch);
  EXPECT_THAT(ViolationsOf(refused), ::testing::ElementsAre("requests[1].resident.birth_date DATE_IN_FUTURE",
                                                            "requests[3].resident.memberships[1] SECOND_HOUSEHOLD"));
  EXPECT_EQ(MetadataOf(refused.status(), "rows"), "1,3");
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(ResidentServiceTest, ANameIsOneHoweverItWasTyped) {
  const auto stored = [this](const std::string& id, const std::string& typed) {
    v1::CreateResidentRequest request = testing::Proto<v1::CreateResidentRequest>(
        "resident { residences { organization: 'organizations/north' kind: RESIDENCE_KIND_PERMANENT start_date { year: "
        "2020 month: 3 day: 1 } } }");
    request.set_resident_id(id);
    request.mutable_resident()->set_display_name(typed);
    const auto resident = Call<Resident>(request);
    return resident.ok() ? resident->display_name() : ReasonOf(resident.status());
  };
  EXPECT_EQ(stored("a", "阿卜杜拉·热合曼"), "阿卜杜拉·热合曼");
  EXPECT_EQ(stored("b", "\u3000阿卜杜拉•热合曼 "), "阿卜杜拉·热合曼");
  EXPECT_EQ(stored("c", "张\U000E0100\U00020BB7"), "张\U000E0100\U00020BB7");
  EXPECT_EQ(stored("d", "\u3000\u00A0"), "FIELD_REQUIRED");
  EXPECT_EQ(stored("e", "张\u200B三"), "MALFORMED_TEXT");
  EXPECT_EQ(stored("f", "张\uFFFD"), "MALFORMED_TEXT");
}

TEST_F(ResidentServiceTest, AFullBatchIsOneTransaction) {
  v1::BatchCreateResidentsRequest batch;
  for (int i = 0; i < 500; ++i) {
    v1::CreateResidentRequest& one = *batch.add_requests();
    one.set_resident_id(absl::StrCat("r-", i));
    Resident& resident = *one.mutable_resident();
    resident.set_display_name("王某");
    v1::Residence& residence = *resident.add_residences();
    residence.set_organization("organizations/north");
    residence.set_kind(v1::RESIDENCE_KIND_PERMANENT);
    *residence.mutable_start_date() = DayToProto(Day::Of(2005, 1, 1));
    v1::HouseholdMembership& membership = *resident.add_memberships();
    membership.set_household("households/book");
    membership.set_relation_code("20");
    *membership.mutable_start_date() = DayToProto(Day::Of(2005, 1, 1));
  }
  const int64_t before = LastRevision();
  ASSERT_THAT(Call<v1::BatchCreateResidentsResponse>(batch), IsOk());
  EXPECT_EQ(LastRevision(), before + 1);
  EXPECT_EQ(Residents("community", kNow), 500);
}

}  // namespace
}  // namespace dangjian::registry
