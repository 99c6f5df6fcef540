#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/duty_fulfilment.pb.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"
#include "services/pledge/duty_fulfilment/fulfilment_rules.h"
#include "services/pledge/recurring_duty/duty_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using google::protobuf::Empty;
using v1::DutyFulfilment;
using v1::RecurringDuty;
using Rates = v1::ComputeDutyFulfilmentRateResponse;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

// recurringDuties/d of organizations/east since 2026-01-01, with members/wang from the start.
class DutyServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<RecurringDuty> Create(const std::string& frequency, const std::string& more = "") {
    return Call<RecurringDuty, v1::CreateRecurringDutyRequest>(absl::StrCat(
        "recurring_duty_id: 'd' recurring_duty { organization: 'organizations/east' title: '治安巡逻' campaign: "
        "'campaigns/sanshuang' frequency: DUTY_FREQUENCY_",
        frequency, " starts_on ", DateText("2026-01-01"), " assignments { member: 'members/wang' assigned_from ",
        DateText("2026-01-01"), " } ", more, " }"));
  }
  absl::StatusOr<DutyFulfilment> Fulfil(const std::string& day, const std::string& member = "wang",
                                        const std::string& id = "") {
    return Call<DutyFulfilment, v1::CreateDutyFulfilmentRequest>(Request(day, member, id));
  }
  static std::string Request(const std::string& day, const std::string& member, const std::string& id = "") {
    return absl::StrCat("duty_fulfilment_id: '", id, "' duty_fulfilment { duty: 'recurringDuties/d' member: 'members/",
                        member, "' occurred_on ", DateText(day), " evidence: '签到表' }");
  }
  absl::StatusOr<RecurringDuty> Assign(const std::string& member, const std::string& from) {
    return Call<RecurringDuty, v1::AssignMemberRequest>(
        absl::StrCat("name: 'recurringDuties/d' member: 'members/", member, "' assigned_from ", DateText(from)));
  }
  absl::StatusOr<RecurringDuty> Release(const std::string& member, const std::string& day) {
    return Call<RecurringDuty, v1::ReleaseMemberRequest>(
        absl::StrCat("name: 'recurringDuties/d' member: 'members/", member, "' occurred_on ", DateText(day)));
  }
  absl::StatusOr<RecurringDuty> End(const std::string& day) {
    return Call<RecurringDuty, v1::EndDutyRequest>(
        absl::StrCat("name: 'recurringDuties/d' reason: '调整' occurred_on ", DateText(day)));
  }
  absl::StatusOr<Rates> Rate(const std::string& from, const std::string& to, const std::string& more = "") {
    return Call<Rates, v1::ComputeDutyFulfilmentRateRequest>(absl::StrCat(
        "duty: 'recurringDuties/d' period { start_date ", DateText(from), " end_date ", DateText(to), " } ", more));
  }
};

TEST_F(DutyServiceTest, DutiesAndMembersAreStocks) {
  ASSERT_THAT(Create("WEEKLY"), IsOk());
  ASSERT_THAT(Assign("li", "2026-03-01"), IsOk());
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2025, 12, 31)), 0);
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2026, 1, 1), {{0, {"WEEKLY"}}}), 1);
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 2, 28)), 1);
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 3, 1)), 2);
  ASSERT_THAT(Release("li", "2026-06-30"), IsOk());
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 6, 30)), 2) << "through the last day";
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 7, 1)), 1);
  ASSERT_THAT(End("2026-09-30"), IsOk());
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2026, 9, 30)), 1);
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2026, 10, 1)), 0);
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 10, 1)), 0);
  EXPECT_THAT(Assign("zhao", "2026-09-01"), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(DutyServiceTest, AMemberWithTwoDutiesIsOnePerson) {
  ASSERT_THAT(Create("WEEKLY"), IsOk());
  ASSERT_THAT((Call<RecurringDuty, v1::CreateRecurringDutyRequest>(absl::StrCat(
                  "recurring_duty_id: 'e' recurring_duty { organization: 'organizations/west' title: '义务劳动' "
                  "frequency: DUTY_FREQUENCY_DAILY starts_on ",
                  DateText("2026-02-01"), " assignments { member: 'members/wang' assigned_from ",
                  DateText("2026-02-01"), " } }"))),
              IsOk());
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 2, 1)), 1);
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2026, 2, 1)), 2);
}

TEST_F(DutyServiceTest, APeriodIsFulfilledOnce) {
  ASSERT_THAT(Create("WEEKLY"), IsOk());
  const auto first = Fulfil("2026-11-18", "wang", "f");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->period_start().day(), 16);
  EXPECT_EQ(first->organization(), "organizations/east");
  const int64_t before = LastRevision();
  EXPECT_THAT(Fulfil("2026-11-16"), HasReason(reasons::kDutyPeriodFulfilled));
  EXPECT_EQ(LastRevision(), before);
  ASSERT_THAT(Fulfil("2026-11-15"), IsOk()) << "the Sunday of the week before";
  EXPECT_EQ(Figure("duty_fulfilments", "street", kYear, {{0, {"WEEKLY"}}}), 2);
  EXPECT_EQ(Figure("duty_fulfilments", "street", {Day::Of(2026, 11, 16), Day::Of(2026, 11, 22)}), 1);
  ASSERT_THAT((Call<Empty, v1::DeleteDutyFulfilmentRequest>("name: 'dutyFulfilments/f'")), IsOk());
  EXPECT_EQ(Figure("duty_fulfilments", "street", kYear), 1);
  EXPECT_THAT(Fulfil("2026-11-16"), IsOk()) << "the period is open again";
}

TEST_F(DutyServiceTest, ABatchIsAllOrNothing) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  const auto batch = [&](const std::vector<std::string>& days) {
    std::string text;
    for (const std::string& day : days) absl::StrAppend(&text, "requests { ", Request(day, "wang"), " } ");
    return Call<v1::BatchCreateDutyFulfilmentsResponse, v1::BatchCreateDutyFulfilmentsRequest>(text);
  };
  EXPECT_THAT(batch({"2026-05-01", "2026-05-02", "2026-05-01"}), HasReason(reasons::kDutyPeriodFulfilled));
  EXPECT_EQ(Figure("duty_fulfilments", "street", kYear), 0);
  ASSERT_THAT(batch({"2026-05-01", "2026-05-02"}), IsOk());
  EXPECT_EQ(Figure("duty_fulfilments", "street", kYear), 2);
}

TEST_F(DutyServiceTest, BadInputIsNamedAndNothingIsStored) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Fulfil("2026-05-01", "li"), HasReason(reasons::kDutyMemberNotAssigned));
  EXPECT_THAT(Fulfil("2025-12-31"), HasReason(reasons::kDutyMemberNotAssigned));
  EXPECT_THAT(Fulfil("2026-11-21"), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Fulfil("2026-05-01", "nobody"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Assign("wang", "2026-05-01"), HasReason(reasons::kDutyAssignedTwice));
  EXPECT_THAT(Assign("li", "2025-12-31"), HasReason(reasons::kDutyDateOutside));
  EXPECT_THAT(Release("li", "2026-05-01"), HasReason(reasons::kDutyMemberNotAssigned));
  EXPECT_THAT(End("2025-12-31"), HasReason(reasons::kDutyDateOutside));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(DutyServiceTest, NothingEndsBeforeItWasFulfilled) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  ASSERT_THAT(Fulfil("2026-05-10"), IsOk());
  EXPECT_THAT(Release("wang", "2026-05-09"), HasReason(reasons::kDutyFulfilledLater));
  EXPECT_THAT(End("2026-05-09"), HasReason(reasons::kDutyFulfilledLater));
  EXPECT_THAT((Call<Empty, v1::DeleteRecurringDutyRequest>("name: 'recurringDuties/d'")),
              HasReason(reasons::kDutyHasFulfilments));
  ASSERT_THAT(Release("wang", "2026-05-10"), IsOk());
  ASSERT_THAT(Assign("wang", "2026-06-01"), IsOk());
  ASSERT_THAT(Fulfil("2026-06-05"), IsOk());
  EXPECT_THAT(Release("wang", "2026-06-04"), HasReason(reasons::kDutyFulfilledLater));
  // The first assignment may end earlier than it does: what was done under the second does not stand in the way.
  EXPECT_THAT(Release("wang", "2026-05-10"), IsOk());
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 5, 20)), 0);
}

TEST_F(DutyServiceTest, AnUnusedDutyMayBeDeleted) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  ASSERT_THAT((Call<Empty, v1::DeleteRecurringDutyRequest>("name: 'recurringDuties/d'")), IsOk());
  EXPECT_EQ(Figure("recurring_duties", "street", Day::Of(2026, 5, 1)), 0);
  EXPECT_EQ(Figure("duty_members", "street", Day::Of(2026, 5, 1)), 0);
}

TEST_F(DutyServiceTest, TheRateCountsWholePeriods) {
  ASSERT_THAT(Create("MONTHLY"), IsOk());
  ASSERT_THAT(Assign("li", "2026-03-15"), IsOk());
  for (const char* day : {"2026-01-31", "2026-02-01", "2026-06-30"}) ASSERT_THAT(Fulfil(day), IsOk());
  ASSERT_THAT(Fulfil("2026-03-20", "li"), IsOk());
  ASSERT_THAT(Fulfil("2026-04-20", "li"), IsOk());
  const auto rates = Rate("2026-01-01", "2026-06-30");
  ASSERT_THAT(rates, IsOk());
  ASSERT_EQ(rates->members_size(), 2);
  EXPECT_EQ(rates->members(0).member(), "members/li");
  EXPECT_EQ(rates->members(0).due_periods(), 3) << "April to June: March was not whole";
  EXPECT_EQ(rates->members(0).fulfilled_periods(), 1);
  EXPECT_EQ(rates->members(1).due_periods(), 6);
  EXPECT_EQ(rates->members(1).fulfilled_periods(), 3);
}

TEST_F(DutyServiceTest, TheRateIsPagedAndItsSpanBounded) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  ASSERT_THAT(Assign("li", "2026-03-01"), IsOk());
  const auto first = Rate("2026-01-01", "2026-06-30", "page_size: 1");
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->members_size(), 1);
  EXPECT_EQ(first->members(0).member(), "members/li");
  const auto second =
      Rate("2026-01-01", "2026-06-30", absl::StrCat("page_size: 1 page_token: '", first->next_page_token(), "'"));
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->members_size(), 1);
  EXPECT_EQ(second->members(0).member(), "members/wang");
  EXPECT_EQ(second->members(0).due_periods(), 181);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(Rate("2026-01-01", "2027-01-01"), IsOk());
  EXPECT_THAT(Rate("2026-01-01", "2027-01-02"), HasReason(reasons::kDutySpanTooLong));
  EXPECT_THAT(Rate("2026-01-02", "2026-01-01"), HasReason(dangjian::reasons::kDatesOutOfOrder));
  EXPECT_THAT(Rate("2026-01-01", "2026-06-30", "page_size: -1"), HasReason("NEGATIVE_PAGE_SIZE"));
}

TEST_F(DutyServiceTest, OnlyWordsMayBeEdited) {
  ASSERT_THAT(Create("DAILY"), IsOk());
  ASSERT_THAT(Fulfil("2026-05-10", "wang", "f"), IsOk());
  const auto update = [&](const std::string& body, const std::string& path) {
    return Call<DutyFulfilment, v1::UpdateDutyFulfilmentRequest>(
        absl::StrCat("duty_fulfilment { name: 'dutyFulfilments/f' ", body, " } update_mask { paths: '", path, "' }"));
  };
  EXPECT_THAT(update("member: 'members/li'", "member"), HasReason("IMMUTABLE_FIELD"));
  const auto updated = update("activity: 'activities/patrol-1'", "activity");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->activity(), "activities/patrol-1");
  EXPECT_EQ(Figure("duty_fulfilments", "street", kYear), 1);
  EXPECT_THAT((Call<RecurringDuty, v1::UpdateRecurringDutyRequest>(
                  "recurring_duty { name: 'recurringDuties/d' title: '夜间巡逻' } update_mask { paths: 'title' }")),
              IsOk());
  const auto list = Call<v1::ListDutyFulfilmentsResponse, v1::ListDutyFulfilmentsRequest>("member: 'members/wang'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->duty_fulfilments_size(), 1);
}

}  // namespace
}  // namespace dangjian::pledge
