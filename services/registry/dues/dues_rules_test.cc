#include "services/registry/dues/dues_rules.h"

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::registry {
namespace {

using testing::HasReason;
using testing::ValueOrDie;

v1::ComputeMembershipDuesRequest Request(v1::DuesCategory category, int64_t base_fen) {
  v1::ComputeMembershipDuesRequest request;
  request.set_category(category);
  request.set_base_fen(base_fen);
  return request;
}

v1::ComputeMembershipDuesResponse Dues(v1::DuesCategory category, int64_t base_fen) {
  return ValueOrDie(MembershipDues(Request(category, base_fen)));
}

TEST(DuesRulesTest, WorkedExampleTheRateIsOnTheWholeBase) {
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 500'000).dues_fen(), 50'00);
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 500'000).rate_bps(), 100);
  // 75.00015 yuan, rounded once. A marginal rate would give 50.00.
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 500'001).dues_fen(), 75'00);
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 500'001).rate_bps(), 150);
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 500'001).rule(), "中组发〔2008〕3号");
}

TEST(DuesRulesTest, EachBandEndsWithItsUpperBound) {
  const auto rate = [](v1::DuesCategory category, int64_t base_fen) { return Dues(category, base_fen).rate_bps(); };
  EXPECT_EQ(rate(v1::DUES_CATEGORY_WORKING, 1), 50);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_WORKING, 300'000), 50);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_WORKING, 300'001), 100);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_WORKING, 1'000'000), 150);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_WORKING, 1'000'001), 200);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_RETIRED, 500'000), 50);
  EXPECT_EQ(rate(v1::DUES_CATEGORY_RETIRED, 500'001), 100);
}

TEST(DuesRulesTest, HalfAFenIsRoundedUp) {
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 99).dues_fen(), 0);  // 0.495
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 100).dues_fen(), 1);
  EXPECT_EQ(Dues(v1::DUES_CATEGORY_WORKING, 1'000'000'000).dues_fen(), 20'000'000);
}

TEST(DuesRulesTest, AStudentPaysTwentyFenWhateverTheBase) {
  for (const int64_t base : {0, 500'001}) {
    EXPECT_EQ(Dues(v1::DUES_CATEGORY_STUDENT, base).dues_fen(), 20);
    EXPECT_EQ(Dues(v1::DUES_CATEGORY_STUDENT, base).rate_bps(), 0);
  }
}

TEST(DuesRulesTest, AShareOfNothingIsRefused) {
  EXPECT_THAT(MembershipDues(Request(v1::DUES_CATEGORY_WORKING, 0)), HasReason("DUES_BASE_MISSING"));
  EXPECT_THAT(MembershipDues(Request(v1::DUES_CATEGORY_RETIRED, 0)), HasReason("DUES_BASE_MISSING"));
}

}  // namespace
}  // namespace dangjian::registry
