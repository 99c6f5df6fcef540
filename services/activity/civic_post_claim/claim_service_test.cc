#include "absl/strings/str_cat.h"
#include "dangjian/activity/v1/civic_post.pb.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/civic_post/post_rules.h"
#include "services/activity/civic_post_claim/claim_rules.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using google::protobuf::Empty;
using v1::CivicPost;
using v1::CivicPostClaim;

class ClaimServiceTest : public ActivityTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(ActivityTest::SetUp());
    ASSERT_THAT(AddPost("law", 1), IsOk());
  }
  absl::StatusOr<CivicPost> AddPost(const std::string& id, int quota, const std::string& set_up_on = "2026-01-01") {
    return Call<CivicPost, v1::CreateCivicPostRequest>(absl::StrCat(
        "civic_post_id: '", id, "' civic_post { organization: 'organizations/east' title: '法律咨询' quota: ", quota,
        " set_up_on ", DateText(set_up_on), " }"));
  }
  absl::StatusOr<CivicPostClaim> Offer(const std::string& id, const std::string& person, const std::string& day) {
    return Call<CivicPostClaim, v1::CreateCivicPostClaimRequest>(
        absl::StrCat("civic_post_claim_id: '", id, "' civic_post_claim { civic_post: 'civicPosts/law' person: '",
                     person, "' offered_on ", DateText(day), " }"));
  }
  template <class Request>
  absl::StatusOr<CivicPostClaim> Step(const std::string& id, const std::string& day) {
    return Call<CivicPostClaim, Request>(absl::StrCat("name: 'civicPostClaims/", id, "' occurred_on ", DateText(day)));
  }
  absl::StatusOr<CivicPost> Close(const std::string& day) {
    return Call<CivicPost, v1::CloseCivicPostRequest>(absl::StrCat("name: 'civicPosts/law' closed_on ", DateText(day)));
  }
  absl::StatusOr<CivicPost> Update(const std::string& change, const std::string& path) {
    return Call<CivicPost, v1::UpdateCivicPostRequest>(
        absl::StrCat("civic_post { name: 'civicPosts/law' ", change, " } update_mask { paths: '", path, "' }"));
  }
  int64_t Holders(Day day) { return Figure("civic_post_holders", "street", day); }
};

TEST_F(ClaimServiceTest, CountsPostsAndHoldersByDay) {
  EXPECT_EQ(Figure("civic_posts", "street", Day::Of(2025, 12, 31)), 0);
  EXPECT_EQ(Figure("civic_posts", "street", Day::Of(2026, 1, 1)), 1);
  ASSERT_THAT(Offer("a", "members/zhao", "2026-02-01"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 2, 1)), 0);
  ASSERT_THAT(Step<v1::ClaimCivicPostRequest>("a", "2026-02-05"), IsOk());
  ASSERT_THAT(Step<v1::StartCivicPostClaimRequest>("a", "2026-02-10"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 2, 4)), 0);
  EXPECT_EQ(Holders(Day::Of(2026, 2, 5)), 1);
  ASSERT_THAT(Step<v1::ReleaseCivicPostClaimRequest>("a", "2026-05-31"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 5, 31)), 1);
  EXPECT_EQ(Holders(Day::Of(2026, 6, 1)), 0);
  ASSERT_THAT(Close("2026-06-30"), IsOk());
  EXPECT_EQ(Figure("civic_posts", "street", Day::Of(2026, 6, 30)), 1);
  EXPECT_EQ(Figure("civic_posts", "street", Day::Of(2026, 7, 1)), 0);
  ASSERT_THAT((Call<Empty, v1::DeleteCivicPostClaimRequest>("name: 'civicPostClaims/a'")), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 5, 31)), 0);
}

TEST_F(ClaimServiceTest, AHolderOfTwoPostsIsOnePerson) {
  ASSERT_THAT(AddPost("family", 1), IsOk());
  ASSERT_THAT(Offer("a", "members/zhao", "2026-02-01"), IsOk());
  ASSERT_THAT(Step<v1::ClaimCivicPostRequest>("a", "2026-02-01"), IsOk());
  ASSERT_THAT((Call<CivicPostClaim, v1::CreateCivicPostClaimRequest>(
                  absl::StrCat("civic_post_claim_id: 'b' civic_post_claim { civic_post: 'civicPosts/family' person: "
                               "'members/zhao' offered_on ",
                               DateText("2026-02-01"), " }"))),
              IsOk());
  ASSERT_THAT(Step<v1::ClaimCivicPostRequest>("b", "2026-02-01"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 3, 1)), 1);
}

TEST_F(ClaimServiceTest, RefusesMoreThanTheQuotaAndThePersonTwice) {
  ASSERT_THAT(Offer("a", "members/zhao", "2026-02-01"), IsOk());
  EXPECT_THAT(Offer("twice", "members/zhao", "2026-03-01"), HasReason(reasons::kCivicPostClaimedTwice));
  ASSERT_THAT(Offer("b", "communityReportIns/r-1", "2026-02-01"), IsOk());
  ASSERT_THAT(Step<v1::ClaimCivicPostRequest>("a", "2026-02-05"), IsOk());
  EXPECT_THAT(Step<v1::ClaimCivicPostRequest>("b", "2026-02-06"), HasReason(reasons::kCivicPostFull));
  EXPECT_EQ(Holders(Day::Of(2026, 3, 1)), 1);
  ASSERT_THAT(Update("quota: 2", "quota"), IsOk());
  ASSERT_THAT(Step<v1::ClaimCivicPostRequest>("b", "2026-02-06"), IsOk());
  EXPECT_EQ(Holders(Day::Of(2026, 3, 1)), 2);
  EXPECT_THAT(Update("quota: 1", "quota"), HasReason(reasons::kCivicPostFull));
}

TEST_F(ClaimServiceTest, RefusesBadNamesAndDays) {
  EXPECT_THAT(Offer("a", "members/nobody", "2026-02-01"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Offer("a", "residents/zhang-1", "2026-02-01"), HasReason("INVALID_NAME"));
  EXPECT_THAT(Offer("a", "members/zhao", "2025-12-31"), HasReason(reasons::kCivicPostNotOpen));
  EXPECT_THAT(Offer("a", "members/zhao", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(AddPost("late", 1, "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  const auto claims =
      Call<v1::ListCivicPostClaimsResponse, v1::ListCivicPostClaimsRequest>("civic_post: 'civicPosts/law'");
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->civic_post_claims_size(), 0);
}

TEST_F(ClaimServiceTest, APostWithClaimsStays) {
  ASSERT_THAT(Offer("a", "members/zhao", "2026-02-01"), IsOk());
  EXPECT_THAT((Call<Empty, v1::DeleteCivicPostRequest>("name: 'civicPosts/law'")),
              HasReason(reasons::kCivicPostHasClaims));
  EXPECT_THAT(Close("2026-03-01"), HasReason(reasons::kCivicPostHeld));
  EXPECT_THAT(Update(absl::StrCat("set_up_on ", DateText("2026-02-02")), "set_up_on"),
              HasReason(reasons::kCivicPostNotOpen));
  ASSERT_THAT(Step<v1::ReleaseCivicPostClaimRequest>("a", "2026-03-01"), IsOk());
  EXPECT_THAT(Close("2026-02-28"), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Close("2026-03-01"), IsOk());
  EXPECT_THAT(Close("2026-03-02"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Update("title: '咨询'", "title"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Offer("b", "members/zhao", "2026-04-01"), HasReason(reasons::kCivicPostNotOpen));
  ASSERT_THAT((Call<Empty, v1::DeleteCivicPostClaimRequest>("name: 'civicPostClaims/a'")), IsOk());
  ASSERT_THAT((Call<Empty, v1::DeleteCivicPostRequest>("name: 'civicPosts/law'")), IsOk());
  EXPECT_EQ(Figure("civic_posts", "street", Day::Of(2026, 2, 1)), 0);
}

// 公益岗位 ≠ 公益性岗位: a civic post is an unpaid offer of service, a subsidised job is paid aid.
TEST_F(ClaimServiceTest, WorkedExampleExtra3CivicPostIsNotSubsidisedJob) {
  constexpr std::string_view kSubsidised = "公益性岗位";
  int civic = 0;
  for (const storage::MeasureDef* measure : database_->measures().All()) {
    EXPECT_EQ(measure->id.find("subsidised"), std::string_view::npos) << measure->id;
    EXPECT_EQ(measure->label_zh.find(kSubsidised), std::string_view::npos) << measure->id;
    if (measure->id.starts_with("civic_post")) {
      ++civic;
      EXPECT_NE(measure->label_zh.find("公益岗位"), std::string_view::npos) << measure->id;
      EXPECT_NE(measure->kind, measure::v1::MEASURE_KIND_MONEY) << "unpaid";
    }
  }
  EXPECT_EQ(civic, 2);
  // Nobody is paid: neither a post nor a claim has anywhere to enter money.
  for (const google::protobuf::Descriptor* record : {CivicPost::descriptor(), CivicPostClaim::descriptor()}) {
    for (int i = 0; i < record->field_count(); ++i) {
      EXPECT_EQ(record->field(i)->name().find("fen"), std::string::npos) << record->field(i)->full_name();
    }
  }
  // For members in service and those who report in; a job seeker of the register cannot be entered.
  EXPECT_THAT(Offer("a", "residents/zhang-1", "2026-02-01"), HasReason("INVALID_NAME"));
  EXPECT_THAT(Offer("a", "unemploymentRegistrations/r-1", "2026-02-01"), HasReason("INVALID_NAME"));
}

TEST_F(ClaimServiceTest, ListsByPersonAndOrganisation) {
  ASSERT_THAT(Offer("a", "members/zhao", "2026-02-01"), IsOk());
  const auto person = Call<v1::ListCivicPostClaimsResponse, v1::ListCivicPostClaimsRequest>("person: 'members/zhao'");
  ASSERT_THAT(person, IsOk());
  EXPECT_EQ(person->civic_post_claims_size(), 1);
  const auto place =
      Call<v1::ListCivicPostClaimsResponse, v1::ListCivicPostClaimsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(place, IsOk());
  EXPECT_EQ(place->civic_post_claims_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
