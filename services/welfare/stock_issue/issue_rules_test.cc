#include "services/welfare/stock_issue/issue_rules.h"

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::issue_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::IsOkAndHolds;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Day At(int month, int day) { return Day::Of(2026, month, day); }
Step On(int month, int day) { return {.day = At(month, day), .today = At(11, 20)}; }

v1::StockLot Food(int amount, Day expires) {
  auto lot = Proto<v1::StockLot>(
      absl::StrCat("category: GOODS_CATEGORY_FOOD in_stock_on { year: 2026 month: 1 day: 1 } received: '", amount,
                   "' on_hand: '", amount, "'"));
  *lot.mutable_expires_on() = DayToProto(expires);
  return lot;
}

TEST(IssueRulesTest, LotsAreTakenInOrderWithoutThoseThatAreExpired) {
  const std::vector<v1::StockLot> lots = {Food(5, At(3, 31)), Food(4, At(6, 30)), Food(10, At(9, 30))};
  EXPECT_THAT(Choose(lots, "RICE", 7000, At(3, 31)), IsOkAndHolds(ElementsAre(Share{0, 5000}, Share{1, 2000})));
  EXPECT_THAT(Choose(lots, "RICE", 7000, At(4, 1)), IsOkAndHolds(ElementsAre(Share{1, 4000}, Share{2, 3000})));
  EXPECT_THAT(Choose(lots, "RICE", 15000, At(4, 1)), HasReason(reasons::kExpiredStock));
  EXPECT_THAT(Choose(lots, "RICE", 19001, At(4, 1)), HasReason(reasons::kIssueBeyondStock));
  EXPECT_THAT(Choose({}, "RICE", 1, At(4, 1)), HasReason(reasons::kIssueBeyondStock));
}

TEST(IssueRulesTest, ReceiverApproverAndKeeperAreThreePeople) {
  const v1::StockIssue issue;
  EXPECT_THAT(CheckRoles(issue, {"a", "a", "b", "c"}), IsOk());
  EXPECT_THAT(CheckRoles(issue, {"a", "x", "b", "c"}), IsOk()) << "a relative fetched the goods";
  EXPECT_THAT(CheckRoles(issue, {"a", "a", "b", "b"}), HasReason(reasons::kIssueRolesNotSeparate));
  EXPECT_THAT(CheckRoles(issue, {"a", "b", "b", "c"}), HasReason(reasons::kIssueRolesNotSeparate));
  EXPECT_THAT(CheckRoles(issue, {"a", "c", "b", "c"}), HasReason(reasons::kIssueRolesNotSeparate));
  EXPECT_THAT(CheckRoles(issue, {"a", "x", "a", "c"}), HasReason(reasons::kIssueRolesNotSeparate));
  EXPECT_THAT(CheckRoles(issue, {"a", "x", "b", "a"}), HasReason(reasons::kIssueRolesNotSeparate));
}

v1::StockIssue WithQuota(int first_month, int last_month) {
  auto issue = Proto<v1::StockIssue>("state: STOCK_ISSUE_STATE_ISSUED organization: 'organizations/east'");
  *issue.mutable_quota_period() = DaysToProto({At(first_month, 1), At(last_month, 28)});
  *issue.mutable_issued_on() = DayToProto(At(first_month, 1));
  return issue;
}

TEST(IssueRulesTest, AQuotaPeriodIsUsedOnceAtAStore) {
  v1::StockIssue other = WithQuota(4, 6);
  EXPECT_THAT(CheckQuota(WithQuota(6, 7), other), HasReason(reasons::kQuotaPeriodUsed));
  EXPECT_THAT(CheckQuota(WithQuota(1, 3), other), IsOk());
  EXPECT_THAT(CheckQuota(v1::StockIssue(), other), IsOk()) << "outside the allowance";
  other.set_organization("organizations/west");
  EXPECT_THAT(CheckQuota(WithQuota(6, 7), other), IsOk());
  other = WithQuota(4, 6);
  other.set_state(v1::STOCK_ISSUE_STATE_CANCELLED);
  EXPECT_THAT(CheckQuota(WithQuota(6, 7), other), IsOk());
}

TEST(IssueRulesTest, ContentIsChecked) {
  auto issue = Proto<v1::StockIssue>(
      "issued_on { year: 2026 month: 11 day: 21 } items { item_code: 'RICE' unit: 'jin' quantity: '1.5' } items { "
      "item_code: 'RICE' unit: 'bag' quantity: '1' } items { item_code: 'RICE' unit: 'jin' quantity: '0' }");
  *issue.mutable_quota_period() = DaysToProto({At(1, 1), At(3, 31)});
  Violations violations;
  CheckContent(issue, At(11, 20), violations);
  EXPECT_THAT(ViolationsOf(violations.ToStatus()),
              ElementsAre("stock_issue.issued_on DATE_IN_FUTURE", "stock_issue.items[2].item_code DUPLICATE_ISSUE_ITEM",
                          "stock_issue.items[2].quantity GOODS_QUANTITY_INVALID",
                          "stock_issue.quota_period QUOTA_PERIOD_MISMATCH"));
  violations = {};
  issue = WithQuota(4, 6);
  std::swap(*issue.mutable_quota_period()->mutable_start_date(), *issue.mutable_quota_period()->mutable_end_date());
  CheckContent(issue, At(11, 20), violations);
  EXPECT_THAT(violations.ToStatus(), HasReason("DATES_OUT_OF_ORDER"));
}

TEST(IssueRulesTest, IsCancelledOnceAndNotBeforeItWasMade) {
  auto issue = WithQuota(4, 6);
  issue.set_beneficiary("residents/zhang-1");
  Initialize(issue, On(4, 1));
  EXPECT_EQ(issue.receiver(), "residents/zhang-1");
  EXPECT_THAT(Cancel(issue, On(3, 31)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Cancel(issue, On(4, 2)), IsOk());
  EXPECT_THAT(Cancel(issue, On(4, 3)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(issue.transitions_size(), 2);
}

}  // namespace
}  // namespace dangjian::welfare::issue_rules
