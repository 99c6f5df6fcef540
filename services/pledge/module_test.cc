#include "services/pledge/module.h"

#include "absl/strings/str_cat.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::Pledge;

// Bad input through the whole pipeline: refused by name, nothing stored.
class BadInputTest : public PledgeTest {
 protected:
  void SetUp() override {
    PledgeTest::SetUp();
    before_ = LastRevision();
  }
  void TearDown() override {
    EXPECT_EQ(LastRevision(), before_) << "something was stored";
    PledgeTest::TearDown();
  }
  static v1::CreatePledgeRequest Good() {
    return Proto<v1::CreatePledgeRequest>(
        "pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: 'organizations/east' "
        "items { text: '清理楼道' due_date { year: 2026 month: 12 day: 31 } } }");
  }

 private:
  int64_t before_ = 0;
};

TEST_F(BadInputTest, OverlongText) {
  auto request = Good();
  std::string text;
  for (int i = 0; i < 500; ++i) text += "长";
  request.mutable_pledge()->mutable_items(0)->set_text(text);
  request.set_validate_only(true);
  EXPECT_THAT(Call<Pledge>(request), IsOk()) << "characters are counted, not bytes";
  request.mutable_pledge()->mutable_items(0)->set_text(text + "长");
  EXPECT_THAT(Call<Pledge>(request), HasReason("TEXT_TOO_LONG"));
}

TEST_F(BadInputTest, NulAndControlCharacters) {
  auto request = Good();
  request.mutable_pledge()->mutable_items(0)->set_text(std::string("a\0b", 3));
  EXPECT_THAT(Call<Pledge>(request), HasReason("MALFORMED_TEXT"));
  request.mutable_pledge()->mutable_items(0)->set_text(
      "a\x07"
      "b");
  EXPECT_THAT(Call<Pledge>(request), HasReason("MALFORMED_TEXT"));
}

TEST_F(BadInputTest, InvalidUtf8) {
  auto request = Good();
  request.mutable_pledge()->mutable_items(0)->set_text("\xff\xfe");
  EXPECT_THAT(Call<Pledge>(request), HasReason("MALFORMED_MESSAGE"));
}

TEST_F(BadInputTest, AnOversizeMessage) {
  auto request = Good();
  for (int i = 0; i < 49; ++i) {
    *request.mutable_pledge()->add_items() = request.pledge().items(0);
    request.mutable_pledge()->mutable_items(i)->set_text(std::string(2000, 'x'));
  }
  EXPECT_THAT(Call<Pledge>(request), HasReason("MESSAGE_TOO_LARGE"));
}

TEST_F(BadInputTest, TooManyItems) {
  auto request = Good();
  for (int i = 0; i < 50; ++i) *request.mutable_pledge()->add_items() = request.pledge().items(0);
  EXPECT_THAT(Call<Pledge>(request), HasReason("TOO_MANY_ITEMS"));
}

TEST_F(BadInputTest, ADateThatDoesNotExist) {
  auto request = Good();
  request.mutable_pledge()->mutable_items(0)->mutable_due_date()->set_month(13);
  EXPECT_THAT(Call<Pledge>(request), HasReason("INVALID_DATE"));
}

TEST_F(BadInputTest, EveryViolationAtOnce) {
  auto request = Good();
  request.mutable_pledge()->clear_pledger_kind();
  request.mutable_pledge()->mutable_items(0)->clear_text();
  request.mutable_pledge()->mutable_items(0)->mutable_due_date()->set_day(40);
  request.set_pledge_id("Not An Id");
  const absl::Status status = Call<Pledge>(request).status();
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* field : {"pledge.pledger_kind", "pledge.items[0].text", "pledge.items[0].due_date", "pledge_id"}) {
    EXPECT_THAT(status.ToString(), ::testing::HasSubstr(field));
  }
}

TEST_F(BadInputTest, NegativePageSize) {
  EXPECT_THAT((Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("page_size: -1")),
              HasReason("NEGATIVE_PAGE_SIZE"));
}

TEST_F(BadInputTest, UnknownReferencesAreNamedTogether) {
  auto request = Good();
  request.mutable_pledge()->set_campaign("campaigns/none");
  request.mutable_pledge()->set_pledger("members/nobody");
  request.mutable_pledge()->set_organization("organizations/nowhere");
  const absl::Status status = Call<Pledge>(request).status();
  EXPECT_THAT(status, HasReason("REFERENCE_NOT_FOUND"));
  for (const char* field : {"pledge.campaign", "pledge.pledger", "pledge.organization"}) {
    EXPECT_THAT(status.ToString(), ::testing::HasSubstr(field));
  }
}

TEST_F(BadInputTest, AReferenceOfTheWrongKind) {
  auto request = Good();
  request.mutable_pledge()->set_organization("members/wang");
  EXPECT_THAT(Call<Pledge>(request), HasReason("INVALID_NAME"));
}

class PageTokenTest : public PledgeTest {};

TEST_F(PageTokenTest, ForeignAndExpiredTokensAreRefused) {
  for (int i = 0; i < 3; ++i) AddPledge(absl::StrCat("p", i));
  const auto first = Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("page_size: 2");
  ASSERT_THAT(first, IsOk());
  ASSERT_FALSE(first->next_page_token().empty());
  AddPledge("p9");
  auto next = Proto<v1::ListPledgesRequest>("page_size: 2");
  next.set_page_token(first->next_page_token());
  EXPECT_EQ(Call<v1::ListPledgesResponse>(next)->pledges_size(), 1) << "pages show one state";
  auto foreign = next;
  foreign.set_organization("organizations/east");
  EXPECT_THAT(Call<v1::ListPledgesResponse>(foreign), HasReason("PAGE_TOKEN_FOREIGN"));
  database_.clock().AdvanceMicros(int64_t{3600} * 1'000'000);
  EXPECT_THAT(Call<v1::ListPledgesResponse>(next), HasReason("PAGE_TOKEN_EXPIRED"));
}

TEST(PledgeModuleTest, ServesItsServices) {
  std::vector<std::string> names;
  for (const auto* service : PledgeModule().Services()) names.push_back(service->name());
  EXPECT_THAT(names, ::testing::ElementsAre("CampaignService", "PledgeService", "DisclosureService",
                                            "EvaluationRoundService", "TargetService", "DemonstrationSiteService",
                                            "CampaignFundService", "HonourAwardService", "RecurringDutyService",
                                            "DutyFulfilmentService", "AnnualAssessmentService"));
}

}  // namespace
}  // namespace dangjian::pledge
