#include "services/pledge/pledge/pledge_import.h"

#include "absl/strings/str_cat.h"
#include "services/pledge/pledge/pledge_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const DayRange kFirstHalf{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};

// A pledge of members/wang with two items, published on 1 March.
v1::ImportedPledge Imported(const std::string& id, const std::string& more = "",
                            const std::string& pledger = "members/wang") {
  return Proto<v1::ImportedPledge>(
      absl::StrCat("pledge_id: '", id,
                   "' published_on { year: 2026 month: 3 day: 1 } reviewer: 'organizations/east-branch' pledge { ",
                   "campaign: 'campaigns/sanshuang' pledger_kind: PLEDGER_KIND_MEMBER pledger: '", pledger,
                   "' organization: 'organizations/east' ",
                   "items { item_id: 'a' text: '一' due_date { year: 2026 month: 6 day: 30 } } ",
                   "items { item_id: 'b' text: '二' due_date { year: 2026 month: 12 day: 31 } } } ", more));
}

constexpr char kVerified[] =
    "items { item_id: 'a' claimed_on { year: 2026 month: 6 day: 1 } verified_on { year: 2026 month: 6 day: 10 } "
    "verifier: 'members/li' }";

class PledgeImportTest : public PledgeTest {
 protected:
  absl::StatusOr<v1::ImportPledgesResponse> Import(const std::vector<v1::ImportedPledge>& pledges, size_t chunk = 50) {
    auto stream =
        client().OpenClientStream<v1::ImportPledgesRequest, v1::ImportPledgesResponse>({.timeout_micros = 30'000'000});
    v1::ImportPledgesRequest request;
    for (size_t i = 0; i < pledges.size(); ++i) {
      *request.add_pledges() = pledges[i];
      if (request.pledges_size() < static_cast<int>(chunk) && i + 1 < pledges.size()) continue;
      if (!stream.Write(request).ok()) break;  // Finish says why
      request.Clear();
    }
    return stream.Finish();
  }
};

TEST_F(PledgeImportTest, TheDatedLifeIsStoredAndMarkedAsBackEntry) {
  const auto response = Import({Imported("p", kVerified)});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->created(), 1);
  EXPECT_EQ(response->refused(), 0);
  EXPECT_GT(response->revision(), 0);
  const auto pledge = Call<v1::Pledge, v1::GetPledgeRequest>("name: 'pledges/p'");
  ASSERT_THAT(pledge, IsOk());
  EXPECT_TRUE(pledge->back_entry());
  EXPECT_EQ(pledge->state(), v1::PLEDGE_STATE_IN_PROGRESS);
  EXPECT_EQ(pledge->items(0).state(), v1::PLEDGE_ITEM_STATE_VERIFIED);
  EXPECT_EQ(pledge->items(0).fulfilment().verifier(), "members/li");
  EXPECT_EQ(pledge->transitions_size(), 5);
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf), 2);
  EXPECT_EQ(Figure("pledge_items_verified", "street", kFirstHalf), 1);
  EXPECT_EQ(Figure("pledge_items_on_schedule", "street", Day::Of(2026, 7, 1)), 2);
}

TEST_F(PledgeImportTest, ARepeatedImportStoresNothingTwice) {
  std::vector<v1::ImportedPledge> pledges;
  for (int i = 0; i < 70; ++i) pledges.push_back(Imported(absl::StrCat("p", i)));
  const auto first = Import(pledges, 30);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->received(), 70);
  EXPECT_EQ(first->created(), 70);
  // What happened since does not make the import another one.
  ASSERT_THAT((Call<v1::Pledge, v1::ClaimPledgeItemRequest>("name: 'pledges/p0' item_id: 'b'")), IsOk());
  const int64_t revision = LastRevision();
  const auto again = Import(pledges, 41);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->existing(), 70);
  EXPECT_EQ(again->created(), 0);
  EXPECT_EQ(LastRevision(), revision);
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf), 140);
}

TEST_F(PledgeImportTest, PortionsOfThirtyTwoEachAreOneRevision) {
  const int64_t before = LastRevision();
  std::vector<v1::ImportedPledge> pledges;
  for (int i = 0; i < 70; ++i) pledges.push_back(Imported(absl::StrCat("p", i)));
  ASSERT_THAT(Import(pledges), IsOk());
  EXPECT_EQ(LastRevision(), before + 3);
}

TEST_F(PledgeImportTest, OtherContentUnderTheSameIdIsRefused) {
  ASSERT_THAT(Import({Imported("p")}), IsOk());
  const auto response = Import({Imported("p", kVerified)});
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->refusals_size(), 1);
  EXPECT_EQ(response->refusals(0).name(), "pledges/p");
  EXPECT_EQ(response->refusals(0).reason(), "RECORD_EXISTS");
}

TEST_F(PledgeImportTest, EachBrokenRuleIsRefusedByNameAndTheOthersAreStored) {
  auto late = Imported("late");
  late.mutable_published_on()->set_month(7);
  auto unit = Imported("unit");
  *unit.mutable_pledge()->mutable_items(0)->mutable_target() = Proto<common::v1::Quantity>("value: '1' unit: 'parsec'");
  const auto response = Import({
      Imported("good"),
      late,
      Imported("self",
               "items { item_id: 'a' claimed_on { year: 2026 month: 6 day: 1 } verified_on { year: 2026 month: 6 "
               "day: 2 } verifier: 'members/wang' }"),
      Imported("order", "items { item_id: 'a' claimed_on { year: 2026 month: 2 day: 1 } }"),
      Imported("future", "items { item_id: 'a' claimed_on { year: 2026 month: 12 day: 1 } }"),
      Imported("item", "items { item_id: 'z' claimed_on { year: 2026 month: 6 day: 1 } }"),
      Imported("silent", "items { item_id: 'a' not_met_on { year: 2026 month: 7 day: 1 } verifier: 'members/li' }"),
      Imported("elsewhere", "", "members/zhao"),
      Imported("nobody", "", "members/nobody"),
      unit,
      Imported("unclaimed", "items { item_id: 'a' verified_on { year: 2026 month: 6 day: 2 } verifier: 'members/li' }"),
  });
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->received(), 11);
  EXPECT_EQ(response->created(), 1);
  EXPECT_EQ(response->refused(), 10);
  std::vector<std::string> reasons;
  for (const v1::ImportRefusal& refusal : response->refusals()) {
    reasons.push_back(absl::StrCat(refusal.name(), " ", refusal.reason()));
  }
  EXPECT_THAT(reasons, ::testing::ElementsAre("pledges/late DUE_BEFORE_PUBLICATION", "pledges/self VERIFIER_IS_PLEDGER",
                                              "pledges/order STEPS_OUT_OF_ORDER", "pledges/future DATE_IN_FUTURE",
                                              "pledges/item UNKNOWN_ITEM", "pledges/silent VERDICT_REQUIRED",
                                              "pledges/elsewhere MEMBER_NOT_IN_ORGANIZATION",
                                              "pledges/nobody REFERENCE_NOT_FOUND", "pledges/unit UNKNOWN_UNIT",
                                              "pledges/unclaimed ILLEGAL_TRANSITION"));
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf), 2);
}

TEST_F(PledgeImportTest, AMemberThatTheFeedHasNotBroughtIsFetched) {
  late_registry().Promise("members/sun", [this](const std::string&) { return AddMember("sun", "east-branch"); });
  const auto response = Import({Imported("p", "", "members/sun"), Imported("q", "", "members/sun")}, 1);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->created(), 2);
  EXPECT_EQ(late_registry().asked(), 1) << "the second message finds what the first had fetched";
}

TEST_F(PledgeImportTest, AMalformedMessageEndsTheImportButKeepsWhatWasStored) {
  std::vector<v1::ImportedPledge> pledges;
  for (int i = 0; i < 32; ++i) pledges.push_back(Imported(absl::StrCat("p", i)));
  pledges.push_back(Imported("long"));
  pledges.back().mutable_pledge()->mutable_items(0)->set_text(std::string(501, 'x'));
  EXPECT_THAT(Import(pledges, 32), HasReason("TEXT_TOO_LONG"));
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf), 64);
}

TEST_F(PledgeImportTest, BackEntryIntoAClosedCampaignIsJudgedByItsDates) {
  ASSERT_THAT((Call<v1::Campaign, v1::CloseCampaignRequest>(
                  "name: 'campaigns/sanshuang' occurred_on { year: 2026 month: 2 day: 1 }")),
              IsOk());
  auto within = Imported("within");
  within.mutable_published_on()->set_month(1);
  within.mutable_published_on()->set_day(31);
  const auto response = Import({Imported("after"), within});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->created(), 1);
  EXPECT_EQ(response->refusals(0).reason(), reasons::kCampaignClosed.name);
}

TEST_F(PledgeImportTest, AnEmptyStreamImportsNothing) {
  const auto response = Import({});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->received(), 0);
  EXPECT_EQ(response->revision(), 0);
}

}  // namespace
}  // namespace dangjian::pledge
