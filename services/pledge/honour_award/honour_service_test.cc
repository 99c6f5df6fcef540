#include "absl/strings/str_cat.h"
#include "dangjian/pledge/v1/honour_award.pb.h"
#include "services/pledge/honour_award/honour_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using google::protobuf::Empty;
using v1::HonourAward;

const DayRange k2005{Day::Of(2005, 1, 1), Day::Of(2005, 12, 31)};
const DayRange k2006{Day::Of(2006, 1, 1), Day::Of(2006, 12, 31)};
const DayRange kBoth{k2005.first, k2006.last};

class HonourServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<HonourAward> Award(const std::string& id, const std::string& title, const std::string& level,
                                    const std::string& day, const std::string& awardee) {
    return Call<HonourAward, v1::CreateHonourAwardRequest>(
        absl::StrCat("honour_award_id: '", id, "' honour_award { organization: 'organizations/east' title_code: '",
                     title, "' title_label: '称号' level: HONOUR_LEVEL_", level, " year: ", day.substr(0, 4),
                     " awarded_on ", DateText(day), " awarding_body: '区委组织部' awardee { ", awardee, " } }"));
  }
  int64_t Honours(const std::string& title, DayRange days) { return Figure("honours", "street", days, {{0, {title}}}); }
};

constexpr char kBranch[] = "organization: 'organizations/east-branch'";
constexpr char kOffice[] = "organization: 'organizations/east' office_name: ";

TEST_F(HonourServiceTest, TitlesAreCountedByTheDayOfTheAward) {
  ASSERT_THAT(Award("s5", "STAR_BRANCH", "DISTRICT", "2005-12-28", kBranch), IsOk());
  ASSERT_THAT(Award("s6", "STAR_BRANCH", "DISTRICT", "2006-12-28", kBranch), IsOk());
  for (const char* office : {"'民政科'", "'城管科'", "'综治办'"}) {
    ASSERT_THAT(Award("", "CIVILISED_OFFICE", "SUB_DISTRICT", "2006-06-30", absl::StrCat(kOffice, office)), IsOk());
  }
  EXPECT_EQ(Honours("STAR_BRANCH", kBoth), 2) << "one a year for two years";
  EXPECT_EQ(Honours("STAR_BRANCH", k2006), 1);
  EXPECT_EQ(Honours("CIVILISED_OFFICE", k2006), 3);
  EXPECT_EQ(Figure("honours", "street", k2006, {{2, {"OFFICE"}}}), 3);
  EXPECT_EQ(Figure("honours", "street", k2006, {{1, {"DISTRICT"}}}), 1);
}

TEST_F(HonourServiceTest, OneTitleAYearForAnAwardee) {
  ASSERT_THAT(Award("a", "STAR_BRANCH", "DISTRICT", "2006-12-28", kBranch), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Award("b", "STAR_BRANCH", "CITY", "2006-01-01", kBranch), HasReason("UNIQUE_VIOLATION"));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_EQ(Honours("STAR_BRANCH", k2006), 1);
  ASSERT_THAT(Award("c", "CIVILISED_OFFICE", "DISTRICT", "2006-12-28", absl::StrCat(kOffice, "'民政科'")), IsOk());
  EXPECT_THAT(Award("d", "CIVILISED_OFFICE", "DISTRICT", "2006-12-28", absl::StrCat(kOffice, "'民政科'")),
              HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Award("d", "CIVILISED_OFFICE", "DISTRICT", "2006-12-28", absl::StrCat(kOffice, "'城管科'")), IsOk());
}

TEST_F(HonourServiceTest, MembersAreCountedDistinctAndExamplesApart) {
  ASSERT_THAT(Award("a", "MODEL_WORKER", "DISTRICT", "2005-05-01", "member: 'members/wang'"), IsOk());
  ASSERT_THAT(Award("b", "MODEL_WORKER", "CITY", "2006-05-01", "member: 'members/wang'"), IsOk());
  ASSERT_THAT(Award("c", "MODEL_WORKER", "SUB_DISTRICT", "2006-05-01", "member: 'members/li'"), IsOk());
  ASSERT_THAT(Award("d", "ADVANCED_MEMBER", "CITY", "2006-07-01", "member: 'members/li'"), IsOk());
  ASSERT_THAT(Award("e", "ADVANCED_MEMBER", "COMMUNITY", "2006-07-01", "member: 'members/zhao'"), IsOk());
  EXPECT_EQ(Figure("members_commended_district", "street", kBoth), 1);
  EXPECT_EQ(Figure("members_commended_district", "street", k2006), 1);
  EXPECT_EQ(Figure("members_named_advanced", "street", kBoth), 2);
  EXPECT_EQ(Figure("households_honoured", "street", kBoth), 0);
}

TEST_F(HonourServiceTest, HouseholdsAreCountedDistinct) {
  ASSERT_THAT(Award("a", "FIVE_GOOD_FAMILY", "COMMUNITY", "2006-03-01", "household: 'households/h-1'"), IsOk());
  ASSERT_THAT(Award("b", "CIVILISED_MEMBER_FAMILY", "COMMUNITY", "2006-03-01", "household: 'households/h-1'"), IsOk());
  ASSERT_THAT(Award("c", "FIVE_GOOD_FAMILY", "COMMUNITY", "2006-03-01", "household: 'households/h-2'"), IsOk());
  EXPECT_EQ(Honours("FIVE_GOOD_FAMILY", k2006), 2);
  EXPECT_EQ(Figure("households_honoured", "street", k2006), 2);
  EXPECT_EQ(Figure("households_honoured", "street", k2005), 0);

  ASSERT_THAT(MergeHousehold("h-2", "h-1"), IsOk());
  EXPECT_EQ(Figure("households_honoured", "street", k2006), 1) << "one household, entered twice";
  ASSERT_THAT(Award("d", "STAR_FAMILY", "COMMUNITY", "2006-04-01", "household: 'households/h-2'"), IsOk());
  EXPECT_EQ(Figure("households_honoured", "street", k2006), 1);
  EXPECT_EQ(Drift(), 0);
  ASSERT_THAT(MergeHousehold("h-2", ""), IsOk());
  EXPECT_EQ(Figure("households_honoured", "street", k2006), 2);
  EXPECT_EQ(Drift(), 0);
}

TEST_F(HonourServiceTest, RevocationTakesTheFigureBackAndLeavesTheRecord) {
  ASSERT_THAT(Award("a", "MODEL_WORKER", "DISTRICT", "2006-05-01", "member: 'members/wang'"), IsOk());
  const std::string revoke =
      absl::StrCat("name: 'honourAwards/a' reason: '弄虚作假' revoked_on ", DateText("2026-02-01"));
  ASSERT_THAT((Call<HonourAward, v1::RevokeHonourAwardRequest>(revoke)), IsOk());
  EXPECT_EQ(Honours("MODEL_WORKER", k2006), 0) << "as if it had never been given";
  EXPECT_EQ(Figure("members_commended_district", "street", k2006), 0);
  const auto kept = Call<HonourAward, v1::GetHonourAwardRequest>("name: 'honourAwards/a'");
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->transitions(0).reason(), "弄虚作假");
  EXPECT_THAT((Call<HonourAward, v1::RevokeHonourAwardRequest>(revoke)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Award("b", "MODEL_WORKER", "DISTRICT", "2006-06-01", "member: 'members/wang'"), IsOk())
      << "the title may be given again";
}

TEST_F(HonourServiceTest, CorrectionAndDeletionMoveTheFigures) {
  ASSERT_THAT(Award("a", "MODEL_WORKER", "DISTRICT", "2006-05-01", "member: 'members/wang'"), IsOk());
  const auto update = [&](const std::string& body, const std::string& paths) {
    return Call<HonourAward, v1::UpdateHonourAwardRequest>(
        absl::StrCat("honour_award { name: 'honourAwards/a' ", body, " } update_mask { ", paths, " }"));
  };
  EXPECT_THAT(update("year: 2005", "paths: 'year'"), HasReason(reasons::kAwardYearMismatch));
  EXPECT_THAT(update("awardee { member: 'members/li' }", "paths: 'awardee'"), HasReason("IMMUTABLE_FIELD"));
  ASSERT_THAT(update(absl::StrCat("year: 2005 level: HONOUR_LEVEL_COMMUNITY awarded_on ", DateText("2005-05-01")),
                     "paths: 'year' paths: 'level' paths: 'awarded_on'"),
              IsOk());
  EXPECT_EQ(Honours("MODEL_WORKER", k2006), 0);
  EXPECT_EQ(Honours("MODEL_WORKER", k2005), 1);
  EXPECT_EQ(Figure("members_commended_district", "street", kBoth), 0);
  ASSERT_THAT((Call<Empty, v1::DeleteHonourAwardRequest>("name: 'honourAwards/a'")), IsOk());
  EXPECT_EQ(Honours("MODEL_WORKER", kBoth), 0);
}

TEST_F(HonourServiceTest, BadInputIsNamedAndNothingIsStored) {
  const int64_t before = LastRevision();
  EXPECT_THAT(Award("a", "STAR_BRANCH", "DISTRICT", "2006-01-01", ""), HasReason(reasons::kAwardeeNotOne));
  EXPECT_THAT(Award("a", "STAR_BRANCH", "DISTRICT", "2006-01-01", "office_name: '民政科'"),
              HasReason(reasons::kAwardeeNotOne));
  EXPECT_THAT(Award("a", "STAR_BRANCH", "DISTRICT", "2026-11-21", kBranch),
              HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Award("a", "STAR_BRANCH", "DISTRICT", "2006-01-01", "household: 'households/none'"),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Award("a", "star", "DISTRICT", "2006-01-01", kBranch), HasReason("PATTERN_MISMATCH"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(HonourServiceTest, ListsByTitleAndByAwardee) {
  ASSERT_THAT(Award("a", "MODEL_WORKER", "DISTRICT", "2006-05-01", "member: 'members/wang'"), IsOk());
  ASSERT_THAT(Award("b", "STAR_BRANCH", "DISTRICT", "2006-05-01", kBranch), IsOk());
  const auto by_title = Call<v1::ListHonourAwardsResponse, v1::ListHonourAwardsRequest>("title_code: 'STAR_BRANCH'");
  ASSERT_THAT(by_title, IsOk());
  ASSERT_EQ(by_title->honour_awards_size(), 1);
  EXPECT_EQ(by_title->honour_awards(0).name(), "honourAwards/b");
  const auto by_awardee = Call<v1::ListHonourAwardsResponse, v1::ListHonourAwardsRequest>("awardee: 'members/wang'");
  ASSERT_THAT(by_awardee, IsOk());
  EXPECT_EQ(by_awardee->honour_awards_size(), 1);
}

}  // namespace
}  // namespace dangjian::pledge
