#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "common/storage/measure_store.h"
#include "dangjian/welfare/v1/donation_receipt.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"
#include "services/welfare/charity_donation/donation_rules.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::DonationReceipt;
using v1::StockLot;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class DonationServiceTest : public WelfareTest {
 protected:
  void SetUp() override {
    WelfareTest::SetUp();
    ASSERT_THAT(AddUnit("jian"), IsOk());
  }
  absl::StatusOr<DonationReceipt> Create(const std::string& id, const std::string& what,
                                         const std::string& donor = "donor: 'residentUnits/school'") {
    return Call<DonationReceipt, v1::CreateDonationReceiptRequest>(
        absl::StrCat("donation_receipt_id: '", id, "' donation_receipt { organization: 'organizations/east' ", donor,
                     " receipt_no: '", id, "' received_on ", DateText("2026-03-01"), " ", what, " }"));
  }
  absl::StatusOr<DonationReceipt> Accept(const std::string& id, const std::string& day = "2026-03-02") {
    return Call<DonationReceipt, v1::AcceptDonationRequest>(
        absl::StrCat("name: 'donationReceipts/", id, "' occurred_on ", DateText(day)));
  }
  absl::StatusOr<DonationReceipt> Reopen(const std::string& id) {
    return Call<DonationReceipt, v1::ReopenDonationRequest>(
        absl::StrCat("name: 'donationReceipts/", id, "' reason: '误收'"));
  }
  absl::StatusOr<StockLot> Adjust(const std::string& kind, const std::string& quantity, const std::string& day) {
    return Call<StockLot, v1::AdjustStockLotRequest>(
        absl::StrCat("name: 'stockLots/d-1-1' kind: STOCK_ADJUSTMENT_KIND_", kind, " quantity: '", quantity,
                     "' reason: '月末盘点' occurred_on ", DateText(day)));
  }
  int64_t Garments() { return Figure("donated_goods", "street", kYear, {{0, {"GARMENT"}}, {1, {"jian"}}}); }
  int64_t OnHand(Day day) { return Figure("stock_on_hand", "street", day, {{0, {"GARMENT"}}, {1, {"jian"}}}); }
  common::v1::Qualifier QualifierOf(const std::string& measure) {
    const storage::MeasureQuery query{
        .measure = database_->measures().Find(measure), .organization = "organizations/street", .days = kYear};
    return testing::ValueOrDie(database_->measures().Query(*database_.Read(), query)).total.qualifier;
  }
};

constexpr char kCoats[] =
    "goods { item_code: 'COAT' text: '棉衣' category: GOODS_CATEGORY_GARMENT quantity { value: '1800' unit: 'jian' "
    "qualifier: QUALIFIER_AT_LEAST } }";

TEST_F(DonationServiceTest, CountsOnTheDayItCameInOnceItIsAccepted) {
  ASSERT_THAT(Create("d-1", absl::StrCat(kCoats, " cash_fen: 50000")), IsOk());
  EXPECT_EQ(Garments(), 0);
  EXPECT_EQ(Figure("donated_cash", "street", kYear), 0);
  const auto accepted = Accept("d-1", "2026-04-10");
  ASSERT_THAT(accepted, IsOk());
  EXPECT_THAT(accepted->stock_lots(), ::testing::ElementsAre("stockLots/d-1-1"));
  EXPECT_EQ(Garments(), 1800000);
  EXPECT_EQ(QualifierOf("donated_goods"), common::v1::QUALIFIER_AT_LEAST);
  EXPECT_EQ(Figure("donated_cash", "east", {Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)}), 50000);
  EXPECT_EQ(OnHand(Day::Of(2026, 4, 9)), 0);
  EXPECT_EQ(OnHand(Day::Of(2026, 4, 10)), 1800000);
  EXPECT_EQ(QualifierOf("stock_on_hand"), common::v1::QUALIFIER_AT_LEAST);
}

TEST_F(DonationServiceTest, ARejectedDonationNeverCounts) {
  ASSERT_THAT(Create("d-1", kCoats), IsOk());
  ASSERT_THAT((Call<DonationReceipt, v1::RejectDonationRequest>(
                  absl::StrCat("name: 'donationReceipts/d-1' reason: '破损' occurred_on ", DateText("2026-03-02")))),
              IsOk());
  EXPECT_THAT(Accept("d-1"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(Garments(), 0);
  EXPECT_THAT((Call<StockLot, v1::GetStockLotRequest>("name: 'stockLots/d-1-1'")), HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteDonationReceiptRequest>("name: 'donationReceipts/d-1'")),
              IsOk());
}

TEST_F(DonationServiceTest, AMistakeIsReopenedWhileItsLotsAreUntouched) {
  ASSERT_THAT(Create("d-1", kCoats), IsOk());
  ASSERT_THAT(Accept("d-1"), IsOk());
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteDonationReceiptRequest>("name: 'donationReceipts/d-1'")),
              HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Adjust("LOSS", "3", "2026-03-05"), IsOk());
  EXPECT_THAT(Reopen("d-1"), HasReason(reasons::kStockLotInUse));
  EXPECT_EQ(Garments(), 1800000);
  ASSERT_THAT(Create("d-2", kCoats), IsOk());
  ASSERT_THAT(Accept("d-2"), IsOk());
  EXPECT_EQ(Garments(), 3600000);
  ASSERT_THAT(Reopen("d-2"), IsOk());
  EXPECT_EQ(Garments(), 1800000);
  ASSERT_THAT((Call<DonationReceipt, v1::UpdateDonationReceiptRequest>(
                  "donation_receipt { name: 'donationReceipts/d-2' goods { item_code: 'COAT' category: "
                  "GOODS_CATEGORY_GARMENT quantity { value: '20' unit: 'jian' } } } update_mask { paths: 'goods' }")),
              IsOk());
  ASSERT_THAT(Accept("d-2"), IsOk());
  EXPECT_EQ(Garments(), 1820000);
}

TEST_F(DonationServiceTest, AdjustmentsMoveTheStockOnTheirDay) {
  ASSERT_THAT(Create("d-1", kCoats), IsOk());
  ASSERT_THAT(Accept("d-1"), IsOk());
  ASSERT_THAT(Adjust("LOSS", "100", "2026-05-01"), IsOk());
  ASSERT_THAT(Adjust("COUNT_DIFFERENCE", "-0.5", "2026-04-01"), IsOk()) << "entered late";
  EXPECT_EQ(OnHand(Day::Of(2026, 4, 30)), 1799500);
  EXPECT_EQ(OnHand(Day::Of(2026, 5, 1)), 1699500);
  EXPECT_THAT(Adjust("LOSS", "1700", "2026-04-02"), HasReason(reasons::kStockBelowZero)) << "fewer are left in May";
  EXPECT_EQ(OnHand(Day::Of(2026, 4, 30)), 1799500);
  ASSERT_THAT(Adjust("LOSS", "1699.5", "2026-05-02"), IsOk());
  EXPECT_EQ(OnHand(Day::Of(2026, 5, 2)), 0);
  EXPECT_EQ(QualifierOf("stock_on_hand"), common::v1::QUALIFIER_EXACT) << "none left, whatever there was";
}

TEST_F(DonationServiceTest, RefusesWhatIsUnclearAndStoresNothing) {
  EXPECT_THAT(Create("d-1", kCoats, ""), HasReason(reasons::kDonorUnclear));
  EXPECT_THAT(Create("d-1", kCoats, "donor: 'members/nobody'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("d-1", ""), HasReason(reasons::kDonationEmpty));
  EXPECT_THAT(
      Create("d-1", "goods { item_code: 'RICE' category: GOODS_CATEGORY_FOOD quantity { value: '5' unit: 'jian' } }"),
      HasReason(reasons::kExpiryRequired));
  EXPECT_THAT(
      Create("d-1",
             "goods { item_code: 'RICE' category: GOODS_CATEGORY_OTHER quantity { value: '5' unit: 'bushel' } }"),
      HasReason(dangjian::reasons::kUnknownUnit));
  EXPECT_THAT((Call<DonationReceipt, v1::GetDonationReceiptRequest>("name: 'donationReceipts/d-1'")),
              HasReason("RECORD_NOT_FOUND"));
  ASSERT_THAT(Create("d-1", kCoats, "anonymous: true"), IsOk());
  EXPECT_THAT((Call<DonationReceipt, v1::CreateDonationReceiptRequest>(absl::StrCat(
                  "donation_receipt { organization: 'organizations/east' anonymous: true receipt_no: 'd-1' "
                  "cash_fen: 1 received_on ",
                  DateText("2026-03-01"), " }"))),
              HasReason("UNIQUE_VIOLATION"));
}

}  // namespace
}  // namespace dangjian::welfare
