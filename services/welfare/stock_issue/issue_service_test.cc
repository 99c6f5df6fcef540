#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/donation_receipt.pb.h"
#include "dangjian/welfare/v1/points_entry.pb.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/points/points_rules.h"
#include "services/welfare/stock_issue/issue_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::StockIssue;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

// A store with 10 coats, 5 jin of rice until 31 March and 20 jin until 30 September, all in stock since 2 January.
class StockIssueServiceTest : public WelfareTest {
 protected:
  void SetUp() override {
    WelfareTest::SetUp();
    for (const char* code : {"jian", "jin"}) ASSERT_THAT(AddUnit(code), IsOk());
    ASSERT_NO_FATAL_FAILURE(Donate("late", "RICE", "FOOD", "20", "jin", "2026-09-30"));
    ASSERT_NO_FATAL_FAILURE(Donate("soon", "RICE", "FOOD", "5", "jin", "2026-03-31"));
    ASSERT_NO_FATAL_FAILURE(Donate("coats", "COAT", "GARMENT", "10", "jian", ""));
  }
  void Donate(const std::string& id, const std::string& item, const std::string& category, const std::string& quantity,
              const std::string& unit, const std::string& expires) {
    const std::string until = expires.empty() ? "" : absl::StrCat(" expires_on ", DateText(expires));
    ASSERT_THAT(
        (Call<v1::DonationReceipt, v1::CreateDonationReceiptRequest>(absl::StrCat(
            "donation_receipt_id: '", id, "' donation_receipt { organization: 'organizations/east' receipt_no: '", id,
            "' anonymous: true received_on ", DateText("2026-01-02"), " goods { item_code: '", item,
            "' category: GOODS_CATEGORY_", category, " quantity { value: '", quantity, "' unit: '", unit, "' }", until,
            " } }"))),
        IsOk());
    ASSERT_THAT((Call<v1::DonationReceipt, v1::AcceptDonationRequest>(
                    absl::StrCat("name: 'donationReceipts/", id, "' occurred_on ", DateText("2026-01-02")))),
                IsOk());
  }
  absl::StatusOr<StockIssue> Issue(const std::string& id, const std::string& items, const std::string& day,
                                   const std::string& rest = "", const std::string& resident = "zhang-1") {
    return Call<StockIssue, v1::CreateStockIssueRequest>(absl::StrCat(
        "stock_issue_id: '", id, "' stock_issue { organization: 'organizations/east' beneficiary: 'residents/",
        resident, "' eligibility: ISSUE_ELIGIBILITY_HARDSHIP approver: 'members/wang' keeper: 'members/li' issued_on ",
        DateText(day), " ", items, " ", rest, " }"));
  }
  absl::Status Cancel(const std::string& id) {
    return Call<StockIssue, v1::CancelIssueRequest>(absl::StrCat("name: 'stockIssues/", id, "' reason: '误录'"))
        .status();
  }
  absl::Status AddPoints(int points, const std::string& day, const std::string& kind = "EARNED") {
    return Call<v1::PointsEntry, v1::CreatePointsEntryRequest>(
               absl::StrCat("points_entry { organization: 'organizations/east' resident: 'residents/zhang-1' kind: "
                            "POINTS_KIND_",
                            kind, " points: ", points, " reason: '志愿服务' occurred_on ", DateText(day), " }"))
        .status();
  }
  v1::StockLot Lot(const std::string& id) {
    return testing::ValueOrDie(Call<v1::StockLot, v1::GetStockLotRequest>(absl::StrCat("name: 'stockLots/", id, "'")));
  }
  int64_t OnHand(const std::string& category, const std::string& unit, Day day) {
    return Figure("stock_on_hand", "street", day, {{0, {category}}, {1, {unit}}});
  }
  int64_t Balance() {
    const auto list =
        Call<v1::ListPointsEntriesResponse, v1::ListPointsEntriesRequest>("resident: 'residents/zhang-1'");
    int64_t balance = 0;
    for (const v1::PointsEntry& entry : list->points_entries()) balance += entry.points();
    return balance;
  }
};

constexpr char kCoat[] = "items { item_code: 'COAT' quantity: '1' unit: 'jian' }";

std::string Rice(const std::string& quantity) {
  return absl::StrCat("items { item_code: 'RICE' quantity: '", quantity, "' unit: 'jin' }");
}

TEST_F(StockIssueServiceTest, FirstExpiredLeavesFirstAndTheIssueSaysFromWhichLots) {
  const auto issue = Issue("i-1", absl::StrCat(Rice("7.5"), " ", kCoat), "2026-03-10");
  ASSERT_THAT(issue, IsOk());
  ASSERT_EQ(issue->items(0).lots_size(), 2);
  EXPECT_EQ(issue->items(0).lots(0).stock_lot(), "stockLots/soon-1");
  EXPECT_EQ(issue->items(0).lots(0).quantity(), "5.000");
  EXPECT_EQ(issue->items(0).lots(1).stock_lot(), "stockLots/late-1");
  EXPECT_EQ(issue->items(0).lots(1).quantity(), "2.500");
  EXPECT_EQ(Lot("late-1").on_hand(), "17.500");
  EXPECT_EQ(OnHand("FOOD", "jin", Day::Of(2026, 3, 9)), 25000);
  EXPECT_EQ(OnHand("FOOD", "jin", Day::Of(2026, 3, 10)), 17500);
  EXPECT_EQ(OnHand("GARMENT", "jian", Day::Of(2026, 3, 10)), 9000);
}

TEST_F(StockIssueServiceTest, CountsResidentsOnceAndIssuesEachTime) {
  ASSERT_THAT(Issue("i-1", kCoat, "2026-03-10"), IsOk());
  ASSERT_THAT(Issue("i-2", Rice("1"), "2026-04-10"), IsOk());
  ASSERT_THAT(Issue("i-3", Rice("1"), "2026-02-10", "", "chen-1"), IsOk()) << "entered late";
  EXPECT_EQ(Figure("charity_beneficiaries", "street", kYear), 2);
  EXPECT_EQ(Figure("stock_issues", "street", kYear), 3);
  EXPECT_EQ(Figure("charity_beneficiaries", "street", {Day::Of(2026, 2, 1), Day::Of(2026, 2, 28)}), 1);
}

TEST_F(StockIssueServiceTest, RefusesWhatIsNotThereOrExpired) {
  EXPECT_THAT(Issue("i-1", Rice("25.001"), "2026-03-10"), HasReason(reasons::kIssueBeyondStock));
  EXPECT_THAT(Issue("i-1", Rice("21"), "2026-04-01"), HasReason(reasons::kExpiredStock));
  EXPECT_THAT(Issue("i-1", kCoat, "2026-01-01"), HasReason(reasons::kIssueBeyondStock)) << "not in stock yet";
  EXPECT_THAT(Issue("i-1", absl::StrCat(kCoat, " ", Rice("26")), "2026-03-10"), HasReason(reasons::kIssueBeyondStock));
  EXPECT_EQ(Lot("coats-1").on_hand(), "10.000") << "nothing was stored";
  EXPECT_EQ(Figure("stock_issues", "street", kYear), 0);
  ASSERT_THAT(Issue("i-2", Rice("20"), "2026-04-01"), IsOk());
  EXPECT_EQ(Lot("soon-1").on_hand(), "5.000") << "expired rice stays until it is booked as lost";
}

TEST_F(StockIssueServiceTest, RolesAreSeparateEvenUnderTwoNames) {
  EXPECT_THAT(Issue("i-1", kCoat, "2026-03-10", "receiver: 'members/li'"), HasReason(reasons::kIssueRolesNotSeparate));
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    auto resident = *directory().Resident(txn.reader(), "residents/zhang-1");
    resident.set_member("members/wang");
    return directory().residents().Update(txn, resident);
  }),
              IsOk());
  EXPECT_THAT(Issue("i-1", kCoat, "2026-03-10"), HasReason(reasons::kIssueRolesNotSeparate))
      << "the beneficiary is the member who approves";
  EXPECT_EQ(Lot("coats-1").on_hand(), "10.000");
}

TEST_F(StockIssueServiceTest, TheAllowanceIsUsedOnceHoweverManyIssuesCameBefore) {
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    for (int i = 0; i < 5000; ++i) {
      auto past = testing::Proto<StockIssue>(
          "organization: 'organizations/east' beneficiary: 'residents/zhang-1' state: STOCK_ISSUE_STATE_CANCELLED");
      past.set_name(absl::StrCat("stockIssues/a-", i));
      const absl::Status status = database_->FindTable("stockIssues")->Insert(txn, past);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }),
              IsOk());
  const std::string quota =
      absl::StrCat("quota_period { start_date ", DateText("2026-01-01"), " end_date ", DateText("2026-03-31"), " }");
  ASSERT_THAT(Issue("i-1", kCoat, "2026-01-10", quota), IsOk());
  EXPECT_THAT(Issue("i-2", kCoat, "2026-02-10", quota), HasReason(reasons::kQuotaPeriodUsed));
}

TEST_F(StockIssueServiceTest, AnAllowanceIsUsedOnce) {
  const std::string quota =
      absl::StrCat("quota_period { start_date ", DateText("2026-01-01"), " end_date ", DateText("2026-03-31"), " }");
  ASSERT_THAT(Issue("i-1", kCoat, "2026-01-10", quota), IsOk());
  EXPECT_THAT(Issue("i-2", kCoat, "2026-02-10", quota), HasReason(reasons::kQuotaPeriodUsed));
  EXPECT_THAT(Issue("i-2", kCoat, "2026-04-10", quota), HasReason(reasons::kQuotaPeriodMismatch));
  ASSERT_THAT(Issue("i-3", kCoat, "2026-02-10", quota, "chen-1"), IsOk());
  ASSERT_THAT(Cancel("i-1"), IsOk());
  EXPECT_THAT(Issue("i-2", kCoat, "2026-02-10", quota), IsOk());
}

TEST_F(StockIssueServiceTest, ADuplicateHasNoAllowanceAndNoRoleOfItsOwn) {
  const std::string quota =
      absl::StrCat("quota_period { start_date ", DateText("2026-01-01"), " end_date ", DateText("2026-03-31"), " }");
  ASSERT_THAT(Issue("i-1", kCoat, "2026-01-10", quota, "zhang-2"), IsOk());
  ASSERT_THAT(Issue("i-2", kCoat, "2026-01-10", "", "zhang-1"), IsOk());
  EXPECT_EQ(Figure("charity_beneficiaries", "street", kYear), 2);
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  EXPECT_EQ(Figure("charity_beneficiaries", "street", kYear), 1);
  EXPECT_THAT(Issue("i-3", kCoat, "2026-02-10", quota, "zhang-2"), HasReason(reasons::kNamesMergedRecord));
  EXPECT_THAT(Issue("i-3", kCoat, "2026-02-10", quota, "zhang-1"), HasReason(reasons::kQuotaPeriodUsed));
  ASSERT_THAT(LinkToMember("residents/zhang-1", "members/wang"), IsOk());
  EXPECT_THAT(Issue("i-3", kCoat, "2026-04-10", "receiver: 'residents/zhang-2'", "chen-1"),
              HasReason(reasons::kIssueRolesNotSeparate))
      << "the receiver is the member who approves";
  EXPECT_EQ(Lot("coats-1").on_hand(), "8.000");
  ASSERT_THAT(LinkToMember("residents/zhang-1", ""), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_EQ(Figure("charity_beneficiaries", "street", kYear), 2);
  EXPECT_THAT(Issue("i-3", kCoat, "2026-02-10", quota, "zhang-1"), IsOk());
}

TEST_F(StockIssueServiceTest, PointsAreSpentNeverBelowZeroAndNeverByHand) {
  ASSERT_THAT(AddPoints(10, "2026-02-01"), IsOk());
  EXPECT_THAT(Issue("i-1", kCoat, "2026-03-10", "points_used: 11"), HasReason(reasons::kPointsBelowZero));
  EXPECT_THAT(Issue("i-1", kCoat, "2026-01-31", "points_used: 1"), HasReason(reasons::kPointsBelowZero))
      << "earned later";
  EXPECT_EQ(Lot("coats-1").on_hand(), "10.000");
  ASSERT_THAT(Issue("i-1", kCoat, "2026-03-10", "points_used: 8"), IsOk());
  EXPECT_EQ(Balance(), 2);
  EXPECT_THAT(AddPoints(-3, "2026-02-02", "CORRECTION"), HasReason(reasons::kPointsBelowZero));
  EXPECT_THAT(AddPoints(-1, "2026-04-01", "SPENT"), HasReason(reasons::kPointsKindNotAllowed));
  EXPECT_EQ(Balance(), 2);
  ASSERT_THAT(AddPoints(-2, "2026-02-02", "CORRECTION"), IsOk());
  EXPECT_EQ(Balance(), 0);
}

TEST_F(StockIssueServiceTest, CancellingTakesEverythingBackExactly) {
  ASSERT_THAT(AddPoints(10, "2026-02-01"), IsOk());
  const std::string soon_before = Lot("soon-1").on_hand();
  ASSERT_THAT(Issue("i-1", absl::StrCat(Rice("7.5"), " ", kCoat), "2026-03-10", "points_used: 10"), IsOk());
  ASSERT_THAT(Cancel("i-1"), IsOk());
  EXPECT_EQ(Lot("soon-1").on_hand(), soon_before);
  EXPECT_EQ(Lot("soon-1").days_size(), 0);
  EXPECT_EQ(Lot("late-1").on_hand(), "20.000");
  EXPECT_EQ(Lot("coats-1").on_hand(), "10.000");
  EXPECT_EQ(Balance(), 10);
  EXPECT_EQ(OnHand("FOOD", "jin", Day::Of(2026, 3, 10)), 25000);
  EXPECT_EQ(Figure("charity_beneficiaries", "street", kYear), 0);
  EXPECT_EQ(Figure("stock_issues", "street", kYear), 0);
  EXPECT_THAT(Cancel("i-1"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Issue("i-2", Rice("25"), "2026-03-10", "points_used: 10"), IsOk()) << "it can be issued again";
}

TEST_F(StockIssueServiceTest, ABatchSeesItsOwnIssues) {
  const auto one = [](const std::string& quantity) {
    return absl::StrCat(
        "requests { stock_issue { organization: 'organizations/east' beneficiary: 'residents/zhang-1' eligibility: "
        "ISSUE_ELIGIBILITY_MLS approver: 'members/wang' keeper: 'members/li' items { item_code: 'COAT' unit: 'jian' "
        "quantity: '",
        quantity, "' } issued_on ", DateText("2026-03-10"), " } } ");
  };
  const auto batch = [&](const std::string& first, const std::string& second) {
    return Call<v1::BatchCreateStockIssuesResponse, v1::BatchCreateStockIssuesRequest>(
        absl::StrCat(one(first), one(second)));
  };
  EXPECT_THAT(batch("6", "5"), HasReason(reasons::kIssueBeyondStock));
  EXPECT_EQ(Lot("coats-1").on_hand(), "10.000");
  ASSERT_THAT(batch("6", "4"), IsOk());
  EXPECT_EQ(Lot("coats-1").on_hand(), "0.000");
  EXPECT_EQ(Figure("stock_issues", "street", kYear), 2);
}

}  // namespace
}  // namespace dangjian::welfare
