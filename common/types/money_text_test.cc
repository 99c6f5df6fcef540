#include "common/types/money_text.h"

#include "common/testing/matchers.h"

namespace dangjian {
namespace {

using testing::HasReason;
using testing::IsOk;

TEST(MoneyTextTest, WorkedExample3IrregularGroupingIsReadAndFlagged) {
  const auto amount = ParseMoneyText("141,5312元");
  ASSERT_THAT(amount, IsOk());
  EXPECT_EQ(amount->hundredths, 141'531'200) << "1,415,312 yuan in fen";
  EXPECT_TRUE(amount->irregular_grouping);
  EXPECT_EQ(amount->raw, "141,5312元");
  EXPECT_EQ(amount->qualifier, common::v1::QUALIFIER_EXACT);
}

TEST(MoneyTextTest, RegularGroupingIsNotFlagged) {
  for (const char* text : {"1,415,312元", "1，415，312 元", "1415312", "￥1,415,312.00元", "１４１５３１２元"}) {
    const auto amount = ParseMoneyText(text);
    ASSERT_THAT(amount, IsOk()) << text;
    EXPECT_EQ(amount->hundredths, 141'531'200) << text;
    EXPECT_FALSE(amount->irregular_grouping) << text;
  }
}

TEST(MoneyTextTest, TenThousandsMultiply) {
  EXPECT_EQ(ParseMoneyText("141.5312万元")->hundredths, 141'531'200);
  EXPECT_EQ(ParseMoneyText("１２．５万元")->hundredths, 12'500'000);
  EXPECT_EQ(ParseMoneyText("2亿元")->hundredths, 20'000'000'000);
}

TEST(MoneyTextTest, AmountsInWords) {
  EXPECT_EQ(ParseMoneyText("三千元")->hundredths, 300'000);
  EXPECT_EQ(ParseMoneyText("二百元")->hundredths, 20'000);
  EXPECT_EQ(ParseMoneyText("一万二千元")->hundredths, 1'200'000);
  const auto times = ParseAmountText("二十余次");
  ASSERT_THAT(times, IsOk());
  EXPECT_EQ(times->hundredths, 2'000);
  EXPECT_EQ(times->unit, "次");
  EXPECT_EQ(times->qualifier, common::v1::QUALIFIER_AT_LEAST);
}

TEST(MoneyTextTest, QualifiersAreKept) {
  EXPECT_EQ(ParseMoneyText("近3000元")->qualifier, common::v1::QUALIFIER_NEARLY);
  EXPECT_EQ(ParseMoneyText("约5万元")->qualifier, common::v1::QUALIFIER_ABOUT);
  EXPECT_EQ(ParseMoneyText("3万多元")->qualifier, common::v1::QUALIFIER_AT_LEAST);
  EXPECT_EQ(ParseMoneyText("3万多元")->hundredths, 3'000'000);
}

TEST(MoneyTextTest, WhatIsNoAmountIsRefused) {
  for (const char* text : {"", "元", "若干元", "12.345元", ",123元", "12,元", "3千克", "一二元", "万元",
                           "9999999999999999元", "99999999999999亿元", "-5元"}) {
    EXPECT_THAT(ParseMoneyText(text), HasReason("UNREADABLE_AMOUNT")) << text;
  }
}

TEST(ChineseNumeralTest, PlacesAndMyriads) {
  EXPECT_EQ(ParseChineseNumeral("十"), 10);
  EXPECT_EQ(ParseChineseNumeral("二十"), 20);
  EXPECT_EQ(ParseChineseNumeral("三千二百"), 3'200);
  EXPECT_EQ(ParseChineseNumeral("一万零五"), 10'005);
  EXPECT_EQ(ParseChineseNumeral("两千零八十"), 2'080);
  EXPECT_EQ(ParseChineseNumeral("一亿二千万"), 120'000'000);
  EXPECT_EQ(ParseChineseNumeral("二百斤"), std::nullopt);
}

}  // namespace
}  // namespace dangjian
