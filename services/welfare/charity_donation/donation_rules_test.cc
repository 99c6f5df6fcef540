#include "services/welfare/charity_donation/donation_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::donation_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::DonationReceipt Donation() {
  auto donation = Proto<v1::DonationReceipt>(
      "name: 'donationReceipts/d' organization: 'organizations/east' donor: 'members/wang' received_on { year: 2026 "
      "month: 3 day: 1 } goods { item_code: 'COAT' category: GOODS_CATEGORY_GARMENT quantity { value: '1800' unit: "
      "'jian' qualifier: QUALIFIER_AT_LEAST } } goods { item_code: 'RICE' category: GOODS_CATEGORY_FOOD quantity { "
      "value: '12.5' unit: 'jin' } expires_on { year: 2026 month: 9 day: 1 } }");
  Initialize(donation);
  return donation;
}

std::vector<std::string> Checked(const v1::DonationReceipt& donation) {
  Violations violations;
  CheckContent(donation, kToday, violations);
  return ViolationsOf(violations.ToStatus());
}

TEST(DonationRulesTest, AnAcceptedDonationMakesALotForEachLine) {
  v1::DonationReceipt donation = Donation();
  EXPECT_TRUE(LotsOf(donation).empty());
  ASSERT_THAT(Accept(donation, On(3, 2)), IsOk());
  const std::vector<v1::StockLot> lots = LotsOf(donation);
  ASSERT_EQ(lots.size(), 2U);
  EXPECT_EQ(lots[0].name(), "stockLots/d-1");
  EXPECT_EQ(lots[0].received(), "1800.000");
  EXPECT_EQ(lots[0].qualifier(), common::v1::QUALIFIER_AT_LEAST);
  EXPECT_FALSE(lots[0].has_expires_on());
  EXPECT_EQ(lots[1].on_hand(), "12.500");
  EXPECT_EQ(lots[1].unit(), "jin");
  EXPECT_EQ(DayFromProto(lots[1].in_stock_on()), Day::Of(2026, 3, 2));
  EXPECT_EQ(lots[1].donation_receipt(), "donationReceipts/d");
}

TEST(DonationRulesTest, IsDecidedOnceAndCanBeReopened) {
  v1::DonationReceipt donation = Donation();
  EXPECT_THAT(Reopen(donation, On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Accept(donation, On(2, 28)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Reject(donation, On(11, 21)), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(CheckEditable(donation), IsOk());
  ASSERT_THAT(Accept(donation, On(3, 2)), IsOk());
  EXPECT_THAT(Reject(donation, On(3, 3)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckEditable(donation), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckDeletable(donation), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Reopen(donation, On(3, 1)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Reopen(donation, On(3, 4)), IsOk());
  EXPECT_TRUE(LotsOf(donation).empty());
  ASSERT_THAT(Reject(donation, On(3, 5)), IsOk());
  EXPECT_THAT(CheckDeletable(donation), IsOk());
  EXPECT_EQ(donation.transitions_size(), 3);
}

TEST(DonationRulesTest, ContentIsChecked) {
  EXPECT_THAT(Checked(Donation()), IsEmpty());
  auto bad = Proto<v1::DonationReceipt>("received_on { year: 2026 month: 11 day: 21 }");
  EXPECT_THAT(Checked(bad), ElementsAre("donation_receipt.donor DONOR_UNCLEAR", "donation_receipt.goods DONATION_EMPTY",
                                        "donation_receipt.received_on DATE_IN_FUTURE"));
  v1::DonationReceipt donation = Donation();
  donation.clear_donor();
  donation.set_anonymous(true);
  donation.mutable_goods(0)->mutable_quantity()->set_value("-3");
  donation.mutable_goods(0)->set_fair_value_fen(100);
  donation.mutable_goods(1)->clear_expires_on();
  EXPECT_THAT(Checked(donation), ElementsAre("donation_receipt.goods[0].quantity.value GOODS_QUANTITY_INVALID",
                                             "donation_receipt.goods[0].fair_value_method VALUATION_METHOD_REQUIRED",
                                             "donation_receipt.goods[1].expires_on EXPIRY_REQUIRED"));
}

}  // namespace
}  // namespace dangjian::welfare::donation_rules
