#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/home_visit.pb.h"
#include "services/welfare/home_visit/visit_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::ViolationsOf;
using v1::HomeVisit;

const DayRange kMay{Day::Of(2026, 5, 1), Day::Of(2026, 5, 31)};
const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class HomeVisitServiceTest : public WelfareTest {
 protected:
  static std::string Body(const std::string& household, const std::string& day, const std::string& rest = "") {
    return absl::StrCat("home_visit { organization: 'organizations/east' household: 'households/", household,
                        "' visitors: 'members/wang' found: HOME_VISIT_FINDING_HOME reasons: HOME_VISIT_REASON_ROUTINE "
                        "occurred_on ",
                        DateText(day), " ", rest, " }");
  }
  absl::StatusOr<HomeVisit> Create(const std::string& id, const std::string& household, const std::string& day,
                                   const std::string& rest = "") {
    return Call<HomeVisit, v1::CreateHomeVisitRequest>(
        absl::StrCat("home_visit_id: '", id, "' ", Body(household, day, rest)));
  }
  absl::StatusOr<HomeVisit> Plan(const std::string& household, const std::string& due) {
    return Call<HomeVisit, v1::PlanVisitRequest>(absl::StrCat(
        "home_visit_id: 'p' organization: 'organizations/east' household: 'households/", household,
        "' reasons: HOME_VISIT_REASON_NEW_RESIDENT occurred_on ", DateText("2026-05-01"), " due_on ", DateText(due)));
  }
  int64_t Stored() {
    return Call<v1::ListHomeVisitsResponse, v1::ListHomeVisitsRequest>("organization: 'organizations/east'")
        ->home_visits_size();
  }
  int64_t Reason(const std::string& reason) { return Figure("home_visits_by_reason", "street", kMay, {{0, {reason}}}); }
};

TEST_F(HomeVisitServiceTest, CountsHouseholdsOnceVisitsEachTimeAndReasonsEach) {
  ASSERT_THAT(Create("v-1", "h-1", "2026-05-02", "reasons: HOME_VISIT_REASON_ILLNESS"), IsOk());
  ASSERT_THAT(Create("v-2", "h-1", "2026-05-20"), IsOk());
  ASSERT_THAT(Create("v-3", "h-2", "2026-04-30"), IsOk());
  EXPECT_EQ(Figure("households_visited", "street", kMay), 1);
  EXPECT_EQ(Figure("households_visited", "east", kYear), 2);
  EXPECT_EQ(Figure("home_visits", "street", kMay), 2);
  EXPECT_EQ(Reason("ROUTINE"), 2);
  EXPECT_EQ(Reason("ILLNESS"), 1);
}

TEST_F(HomeVisitServiceTest, AMonthAloneCannotMoveAVisitToADayThatDoesNotExist) {
  ASSERT_THAT(Create("v-1", "h-1", "2026-03-31"), IsOk());
  const auto move_to = [&](const std::string& month) {
    return Call<HomeVisit, v1::UpdateHomeVisitRequest>(
        absl::StrCat("home_visit { name: 'homeVisits/v-1' occurred_on { month: ", month,
                     " } } update_mask { paths: 'occurred_on.month' }"));
  };
  EXPECT_THAT(ViolationsOf(move_to("4")), ::testing::ElementsAre("home_visit.occurred_on INVALID_DATE"));
  ASSERT_THAT(move_to("5"), IsOk());
  EXPECT_EQ(Figure("home_visits", "street", kMay), 1);
}

TEST_F(HomeVisitServiceTest, AListThatAVerbAppendsToKeepsItsLimit) {
  ASSERT_THAT(Plan("h-1", "2026-05-31"), IsOk());
  std::string needs;
  for (int i = 0; i < 15; ++i) absl::StrAppend(&needs, " needs: '第", i, "件'");
  ASSERT_THAT((Call<HomeVisit, v1::UpdateHomeVisitRequest>(
                  absl::StrCat("home_visit { name: 'homeVisits/p' ", needs, " } update_mask { paths: 'needs' }"))),
              IsOk());
  EXPECT_THAT(ViolationsOf(Call<HomeVisit, v1::CompleteVisitRequest>(absl::StrCat(
                  "name: 'homeVisits/p' visitors: 'members/wang' occurred_on ", DateText("2026-05-20"), needs))),
              ::testing::ElementsAre("needs TOO_MANY_ITEMS"));
}

TEST_F(HomeVisitServiceTest, AMergeAfterTheVisitsLeavesOneHouseholdVisitedAndTakingItBackTwo) {
  ASSERT_THAT(Create("v-1", "h-1", "2026-05-02"), IsOk());
  ASSERT_THAT(Create("v-2", "h-2", "2026-05-03"), IsOk());
  ASSERT_THAT(MergeHousehold("h-2", "h-1"), IsOk());
  EXPECT_EQ(Figure("households_visited", "street", kMay), 1) << "of one household: not more than there are";
  EXPECT_EQ(Figure("home_visits", "street", kMay), 2);
  EXPECT_THAT(Create("v-3", "h-2", "2026-05-04"), HasReason(reasons::kHouseholdNotInArea));
  ASSERT_THAT((Call<HomeVisit, v1::UpdateHomeVisitRequest>(
                  "home_visit { name: 'homeVisits/v-2' needs: '修灯' } update_mask { paths: 'needs' }")),
              IsOk())
      << "the visit that was made stays open to correction";
  ASSERT_THAT(MergeHousehold("h-2", ""), IsOk());
  EXPECT_EQ(Figure("households_visited", "street", kMay), 2);
}

TEST_F(HomeVisitServiceTest, CorrectionAndDeletionMoveTheFigures) {
  ASSERT_THAT(Create("v-1", "h-1", "2026-05-02"), IsOk());
  ASSERT_THAT((Call<HomeVisit, v1::UpdateHomeVisitRequest>(
                  absl::StrCat("home_visit { name: 'homeVisits/v-1' occurred_on ", DateText("2026-06-02"),
                               " reasons: HOME_VISIT_REASON_HARDSHIP } update_mask { paths: 'occurred_on' paths: "
                               "'reasons' }"))),
              IsOk());
  EXPECT_EQ(Figure("home_visits", "street", kMay), 0);
  EXPECT_EQ(Figure("home_visits_by_reason", "street", kYear, {{0, {"HARDSHIP"}}}), 1);
  EXPECT_EQ(Figure("home_visits_by_reason", "street", kYear, {{0, {"ROUTINE"}}}), 0);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteHomeVisitRequest>("name: 'homeVisits/v-1'")), IsOk());
  EXPECT_EQ(Figure("households_visited", "street", kYear), 0);
}

TEST_F(HomeVisitServiceTest, APlannedVisitCountsWhenItIsDone) {
  const auto planned = Plan("h-1", "2026-05-10");
  ASSERT_THAT(planned, IsOk());
  EXPECT_EQ(planned->state(), v1::HOME_VISIT_STATE_PLANNED);
  EXPECT_EQ(Figure("home_visits", "street", kYear), 0);
  const std::string day = DateText("2026-05-08");
  EXPECT_THAT((Call<HomeVisit, v1::CompleteVisitRequest>(absl::StrCat("name: 'homeVisits/p' occurred_on ", day))),
              HasReason("FIELD_REQUIRED"))
      << "nobody was planned and nobody is named";
  const auto done = Call<HomeVisit, v1::CompleteVisitRequest>(
      absl::StrCat("name: 'homeVisits/p' visitors: 'members/li' needs: '办理入学' photo_consent: true occurred_on ",
                   day, " etag: '", planned->etag(), "'"));
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->found(), v1::HOME_VISIT_FINDING_HOME);
  EXPECT_EQ(done->transitions_size(), 2);
  EXPECT_EQ(Reason("NEW_RESIDENT"), 1);
  EXPECT_THAT((Call<HomeVisit, v1::RecordNotAtHomeRequest>("name: 'homeVisits/p' visitors: 'members/li'")),
              HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT((Call<HomeVisit, v1::CloseVisitRequest>("name: 'homeVisits/p' outcome: '已入学'")), IsOk());
  EXPECT_EQ(Figure("home_visits", "street", kMay), 1) << "closed, and still a visit that was made";
  EXPECT_THAT((Call<HomeVisit, v1::UpdateHomeVisitRequest>(
                  "home_visit { name: 'homeVisits/p' needs: 'x' } update_mask { paths: 'needs' }")),
              HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(HomeVisitServiceTest, NobodyAtHomeDoesNotCount) {
  ASSERT_THAT(Plan("h-1", "2026-05-10"), IsOk());
  ASSERT_THAT((Call<HomeVisit, v1::RecordNotAtHomeRequest>(
                  absl::StrCat("name: 'homeVisits/p' visitors: 'members/li' occurred_on ", DateText("2026-05-08")))),
              IsOk());
  EXPECT_EQ(Figure("households_visited", "street", kYear), 0);
}

TEST_F(HomeVisitServiceTest, RefusesHouseholdsThatAreUnknownElsewhereOrGone) {
  EXPECT_THAT(Create("v-1", "h-404", "2026-05-02"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("v-1", "h-3", "2026-05-02"), HasReason(reasons::kHouseholdNotInArea));
  EXPECT_THAT(Create("v-1", "h-1", "1999-12-31"), HasReason(reasons::kHouseholdNotInArea));
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    auto gone = *directory().Household(txn.reader(), "households/h-2");
    gone.set_state(registry::v1::HOUSEHOLD_STATE_MOVED_OUT);
    gone.mutable_ended_on()->set_year(2026);
    gone.mutable_ended_on()->set_month(5);
    gone.mutable_ended_on()->set_day(1);
    return directory().households().Update(txn, gone);
  }),
              IsOk());
  EXPECT_THAT(Create("v-1", "h-2", "2026-05-02"), HasReason(reasons::kHouseholdNotInArea));
  EXPECT_THAT(Plan("h-2", "2026-05-10"), HasReason(reasons::kHouseholdNotInArea));
  EXPECT_EQ(Stored(), 0);
  EXPECT_THAT(Create("v-1", "h-2", "2026-04-30"), IsOk()) << "it still lived there";
}

TEST_F(HomeVisitServiceTest, AnOfflineVisitIsStoredOnce) {
  const std::string offline = "client_id: 'pad7-000123' device_time { seconds: 1777687200 }";
  ASSERT_THAT(Create("v-1", "h-1", "2026-05-02", offline), IsOk());
  EXPECT_THAT(Create("v-2", "h-1", "2026-05-02", offline), HasReason("UNIQUE_VIOLATION"));
  EXPECT_EQ(Figure("home_visits", "street", kMay), 1);
}

TEST_F(HomeVisitServiceTest, ABatchIsStoredWholeOrNotAtAll) {
  const std::string good = absl::StrCat("requests { home_visit_id: 'b-1' ", Body("h-1", "2026-05-02"), " }");
  const auto refused = Call<v1::BatchCreateHomeVisitsResponse, v1::BatchCreateHomeVisitsRequest>(
      absl::StrCat(good, " requests { ", Body("h-3", "2026-05-02"), " }"));
  EXPECT_THAT(refused, HasReason(reasons::kHouseholdNotInArea));
  EXPECT_EQ(Stored(), 0);
  const auto stored = Call<v1::BatchCreateHomeVisitsResponse, v1::BatchCreateHomeVisitsRequest>(
      absl::StrCat(good, " requests { home_visit_id: 'b-2' ", Body("h-2", "2026-05-02"), " }"));
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->home_visits_size(), 2);
  EXPECT_EQ(Figure("households_visited", "street", kMay), 2);
}

TEST_F(HomeVisitServiceTest, WhatWasFoundIsNotChangedByAnUpdate) {
  ASSERT_THAT(Create("v-1", "h-1", "2026-05-02"), IsOk());
  EXPECT_THAT((Call<HomeVisit, v1::UpdateHomeVisitRequest>(
                  "home_visit { name: 'homeVisits/v-1' found: HOME_VISIT_FINDING_NOT_AT_HOME } update_mask { paths: "
                  "'found' }")),
              HasReason("IMMUTABLE_FIELD"));
}

}  // namespace
}  // namespace dangjian::welfare
