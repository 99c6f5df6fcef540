#include "services/activity/civic_post_claim/claim_rules.h"

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::activity::claim_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::CivicPost Post(int quota) {
  v1::CivicPost post;
  post.set_name("civicPosts/law");
  post.set_organization("organizations/east");
  post.set_quota(quota);
  *post.mutable_set_up_on() = DayToProto(Day::Of(2026, 1, 1));
  post.set_state(v1::CIVIC_POST_STATE_OPEN);
  return post;
}

v1::CivicPostClaim Offered(const std::string& id, int month, int day) {
  v1::CivicPostClaim claim;
  claim.set_name(absl::StrCat("civicPostClaims/", id));
  *claim.mutable_offered_on() = DayToProto(Day::Of(2026, month, day));
  EXPECT_THAT(Offer(claim, Post(1), {}, On(month, day)), IsOk());
  return claim;
}

TEST(ClaimRulesTest, LivesFromOfferToRelease) {
  v1::CivicPostClaim claim = Offered("a", 2, 1);
  EXPECT_EQ(claim.organization(), "organizations/east");
  EXPECT_FALSE(DaysHeld(claim).has_value()) << "an offer takes no place";
  EXPECT_THAT(Start(claim, On(2, 5)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Claim(claim, Post(1), {}, On(1, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Claim(claim, Post(1), {claim}, On(2, 5)), IsOk());
  EXPECT_THAT(Claim(claim, Post(1), {}, On(2, 6)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Start(claim, On(2, 10)), IsOk());
  ASSERT_THAT(Release(claim, On(5, 31)), IsOk());
  EXPECT_EQ(DaysHeld(claim), (DayRange{Day::Of(2026, 2, 5), Day::Of(2026, 5, 31)}));
  EXPECT_THAT(Release(claim, On(6, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(claim.transitions_size(), 4);
}

TEST(ClaimRulesTest, ADeclinedOfferNeverHeldAPlace) {
  v1::CivicPostClaim claim = Offered("a", 2, 1);
  ASSERT_THAT(Release(claim, On(2, 2)), IsOk());
  EXPECT_FALSE(DaysHeld(claim).has_value());
}

TEST(ClaimRulesTest, PlacesAreCountedByDay) {
  v1::CivicPostClaim first = Offered("a", 2, 1);
  ASSERT_THAT(Claim(first, Post(1), {}, On(2, 1)), IsOk());
  v1::CivicPostClaim second = Offered("b", 2, 1);
  EXPECT_THAT(Claim(second, Post(1), {first}, On(3, 1)), HasReason(reasons::kCivicPostFull));
  second = Offered("b", 2, 1);
  ASSERT_THAT(Claim(second, Post(2), {first}, On(3, 1)), IsOk());
  ASSERT_THAT(Release(first, On(5, 31)), IsOk());
  v1::CivicPostClaim third = Offered("c", 5, 31);
  EXPECT_THAT(Claim(third, Post(1), {first}, On(5, 31)), HasReason(reasons::kCivicPostFull)) << "held that day still";
  third = Offered("c", 5, 31);
  EXPECT_THAT(Claim(third, Post(1), {first}, On(6, 1)), IsOk());
  EXPECT_EQ(MostHeld({first, second, third}, Day::Min()), 2);
}

TEST(ClaimRulesTest, ABackEnteredClaimIsCheckedAgainstLaterOnes) {
  v1::CivicPostClaim later = Offered("a", 6, 1);
  ASSERT_THAT(Claim(later, Post(1), {}, On(6, 1)), IsOk());
  v1::CivicPostClaim earlier = Offered("b", 3, 1);
  EXPECT_THAT(Claim(earlier, Post(1), {later}, On(3, 1)), HasReason(reasons::kCivicPostFull))
      << "it would still be held in June";
}

TEST(ClaimRulesTest, OffersNeedAnOpenPostAndAnotherPerson) {
  v1::CivicPostClaim claim = Offered("a", 2, 1);
  v1::CivicPostClaim again;
  EXPECT_THAT(Offer(again, Post(5), {claim}, On(3, 1)), HasReason(reasons::kCivicPostClaimedTwice));
  ASSERT_THAT(Claim(claim, Post(5), {}, On(2, 1)), IsOk());
  ASSERT_THAT(Release(claim, On(4, 30)), IsOk());
  EXPECT_THAT(Offer(again, Post(5), {claim}, On(4, 30)), HasReason(reasons::kCivicPostClaimedTwice));
  EXPECT_THAT(Offer(again, Post(5), {claim}, On(5, 1)), IsOk());
  v1::CivicPost closed = Post(5);
  closed.set_state(v1::CIVIC_POST_STATE_CLOSED);
  EXPECT_THAT(Offer(again, closed, {}, On(5, 1)), HasReason(reasons::kCivicPostNotOpen));
  *closed.mutable_set_up_on() = DayToProto(Day::Of(2026, 6, 1));
  closed.set_state(v1::CIVIC_POST_STATE_OPEN);
  EXPECT_THAT(Offer(again, closed, {}, On(5, 1)), HasReason(reasons::kCivicPostNotOpen));
}

}  // namespace
}  // namespace dangjian::activity::claim_rules
