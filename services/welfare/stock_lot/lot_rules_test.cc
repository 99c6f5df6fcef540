#include "services/welfare/stock_lot/lot_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::lot_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;

Day At(int month, int day) { return Day::Of(2026, month, day); }
Step On(int month, int day) { return {.day = At(month, day), .today = At(11, 20), .reason = "盘点"}; }

// Ten in stock since 1 March.
v1::StockLot Ten() {
  return Proto<v1::StockLot>(
      "name: 'stockLots/d-1' in_stock_on { year: 2026 month: 3 day: 1 } received: '10.000' on_hand: '10.000'");
}

TEST(LotRulesTest, ClosingIsOpeningLessIssuesLessLossesPlusCounts) {
  v1::StockLot lot = Ten();
  ASSERT_THAT(Book(lot, At(3, 5), {.issued = 4000}), IsOk());
  ASSERT_THAT(Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_LOSS, "1.5", On(3, 5)), IsOk());
  ASSERT_THAT(Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_COUNT_DIFFERENCE, "0.25", On(3, 9)), IsOk());
  ASSERT_THAT(Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_COUNT_DIFFERENCE, "-1", On(3, 9)), IsOk());
  EXPECT_THAT(Changes(lot),
              ElementsAre(DayChange{At(3, 1), 10000}, DayChange{At(3, 5), -5500}, DayChange{At(3, 9), -750}));
  EXPECT_EQ(lot.on_hand(), "3.750");
  EXPECT_EQ(lot.days(0).issued(), "4.000");
  EXPECT_EQ(lot.days(0).lost(), "1.500");
  EXPECT_EQ(lot.transitions(0).state(), "LOSS:1.5");
  EXPECT_EQ(lot.transitions(0).reason(), "盘点");
}

TEST(LotRulesTest, NoClosingIsBelowZeroNotEvenLater) {
  v1::StockLot lot = Ten();
  ASSERT_THAT(Book(lot, At(5, 1), {.issued = 8000}), IsOk());
  EXPECT_EQ(AvailableFrom(lot, At(2, 28)), 0) << "not in stock yet";
  EXPECT_EQ(AvailableFrom(lot, At(3, 1)), 2000) << "8 leave later";
  EXPECT_EQ(AvailableFrom(lot, At(5, 1)), 2000);
  EXPECT_THAT(Book(lot, At(4, 1), {.issued = 2001}), HasReason(reasons::kStockBelowZero));
  EXPECT_THAT(Book(lot, At(2, 28), {.issued = 1}), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Book(lot, At(4, 1), {.issued = 2000}), IsOk()) << "entered late";
  EXPECT_THAT(Changes(lot),
              ElementsAre(DayChange{At(3, 1), 10000}, DayChange{At(4, 1), -2000}, DayChange{At(5, 1), -8000}));
}

TEST(LotRulesTest, StockThatALaterCountFoundCannotLeaveBefore) {
  v1::StockLot lot = Ten();
  ASSERT_THAT(Book(lot, At(4, 1), {.issued = 10000}), IsOk());
  ASSERT_THAT(Book(lot, At(6, 1), {.counted = 3000}), IsOk());
  EXPECT_EQ(AvailableFrom(lot, At(5, 31)), 0);
  EXPECT_EQ(AvailableFrom(lot, At(6, 1)), 3000);
}

TEST(LotRulesTest, TakingABookingBackLeavesTheLotAsItWas) {
  v1::StockLot lot = Ten();
  ASSERT_THAT(Book(lot, At(4, 1), {.issued = 3000}), IsOk());
  EXPECT_FALSE(IsUntouched(lot));
  ASSERT_THAT(Book(lot, At(4, 1), {.issued = -3000}), IsOk());
  EXPECT_EQ(lot.ShortDebugString(), Ten().ShortDebugString());
  EXPECT_TRUE(IsUntouched(lot));
}

TEST(LotRulesTest, OnlyFoodAndMedicineExpire) {
  v1::StockLot lot = Ten();
  *lot.mutable_expires_on() = Proto<google::type::Date>("year: 2026 month: 6 day: 30");
  lot.set_category(v1::GOODS_CATEGORY_FOOD);
  EXPECT_FALSE(IsExpired(lot, At(6, 30)));
  EXPECT_TRUE(IsExpired(lot, At(7, 1)));
  lot.set_category(v1::GOODS_CATEGORY_MEDICINE);
  EXPECT_TRUE(IsExpired(lot, At(7, 1)));
  lot.set_category(v1::GOODS_CATEGORY_DAILY_GOODS);
  EXPECT_FALSE(IsExpired(lot, At(7, 1)));
}

TEST(LotRulesTest, AmountsAndDaysOfAdjustmentsAreChecked) {
  v1::StockLot lot = Ten();
  const auto loss = [&](const std::string& amount) {
    return Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_LOSS, amount, On(4, 1));
  };
  EXPECT_THAT(loss("0"), HasReason(reasons::kGoodsQuantityInvalid));
  EXPECT_THAT(loss("-1"), HasReason(reasons::kGoodsQuantityInvalid));
  EXPECT_THAT(loss("0.0001"), HasReason(reasons::kGoodsQuantityInvalid));
  EXPECT_THAT(loss("10.001"), HasReason(reasons::kStockBelowZero));
  EXPECT_THAT(Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_LOSS, "1", On(11, 21)), HasReason("DATE_IN_FUTURE"));
}

TEST(LotRulesTest, AmountsStayWhatADecimalHolds) {
  v1::StockLot lot = Ten();
  const auto count = [&](const std::string& amount, Day day) {
    const Step step{.day = day, .today = At(11, 20)};
    return Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_COUNT_DIFFERENCE, amount, step);
  };
  EXPECT_THAT(count("999999999999999", At(4, 1)), HasReason(reasons::kGoodsQuantityInvalid)) << "with the ten";
  lot = Ten();
  ASSERT_THAT(count("999999999999989", At(4, 1)), IsOk());
  EXPECT_EQ(lot.on_hand(), "999999999999999.000");
  ASSERT_THAT(Adjust(lot, v1::STOCK_ADJUSTMENT_KIND_LOSS, "999999999999999", On(5, 1)), IsOk());
  EXPECT_THAT(count("5", At(4, 2)), HasReason(reasons::kGoodsQuantityInvalid)) << "a closing in between";
}

}  // namespace
}  // namespace dangjian::welfare::lot_rules
