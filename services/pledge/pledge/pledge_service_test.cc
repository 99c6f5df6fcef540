#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "services/pledge/pledge/pledge_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Pledge;

const DayRange kFirstHalf{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};
const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class PledgeServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<Pledge> Claim(const std::string& id, const std::string& item, const std::string& day) {
    return Call<Pledge, v1::ClaimPledgeItemRequest>(
        absl::StrCat("name: 'pledges/", id, "' item_id: '", item, "' claimed_on ", DateText(day)));
  }
  absl::StatusOr<Pledge> Verify(const std::string& id, const std::string& item, const std::string& day,
                                const std::string& verifier = "organizations/east-branch") {
    return Call<Pledge, v1::VerifyPledgeItemRequest>(absl::StrCat(
        "name: 'pledges/", id, "' item_id: '", item, "' verifier: '", verifier, "' verified_on ", DateText(day)));
  }
};

TEST_F(PledgeServiceTest, AWholeLifeIsCountedOnItsBusinessDays) {
  AddPublished("p", "2026-03-01", {"2026-06-30", "2026-09-30"}, "campaign: 'campaigns/sanshuang'");
  EXPECT_EQ(Figure("pledge_items", "east", kFirstHalf), 2);
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf), 2);
  EXPECT_EQ(Figure("pledge_items", "west", kFirstHalf), 0);
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf, {{0, {"MEMBER"}}}), 2);
  EXPECT_EQ(Figure("pledge_items", "street", kFirstHalf, {{0, {"ORGANIZATION", "OFFICE_MEMBER"}}}), 0);
  EXPECT_EQ(Figure("pledge_items_standing", "street", Day::Of(2026, 2, 28)), 0);
  EXPECT_EQ(Figure("pledge_items_standing", "street", Day::Of(2026, 3, 1)), 2);
  EXPECT_EQ(Figure("pledge_items_on_schedule", "street", Day::Of(2026, 6, 30)), 2);
  EXPECT_EQ(Figure("pledge_items_on_schedule", "street", Day::Of(2026, 7, 1)), 1);
  EXPECT_EQ(Figure("pledge_items_due", "street", kFirstHalf), 1);

  // Back-entry: claimed in June, written in November.
  ASSERT_THAT(Claim("p", "1", "2026-06-20"), IsOk());
  EXPECT_EQ(Figure("pledge_items_on_schedule", "street", Day::Of(2026, 7, 1)), 2);
  ASSERT_THAT(Verify("p", "1", "2026-06-25"), IsOk());
  EXPECT_EQ(Figure("pledge_items_verified", "street", kFirstHalf), 1);
  const auto settled = Call<Pledge, v1::RecordPledgeItemNotMetRequest>(absl::StrCat(
      "name: 'pledges/p' item_id: '2' verifier: 'members/li' cause: NOT_MET_CAUSE_OBJECTIVE explanation: '拆迁' "
      "not_met_on ",
      DateText("2026-10-15")));
  ASSERT_THAT(settled, IsOk());
  EXPECT_EQ(settled->state(), v1::PLEDGE_STATE_SETTLED);
  EXPECT_EQ(Figure("pledge_items_on_schedule", "street", Day::Of(2026, 11, 20)), 1);
  EXPECT_EQ(Figure("pledge_items_standing", "street", Day::Of(2026, 11, 20)), 2);
}

TEST_F(PledgeServiceTest, CreationNumbersItemsAndDropsWhatTheServerKeeps) {
  const auto created = Call<Pledge, v1::CreatePledgeRequest>(
      "pledge_id: 'p' pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: "
      "'organizations/east' state: PLEDGE_STATE_PUBLISHED published_on { year: 2026 month: 1 day: 1 } version: 3 "
      "items { text: '一' due_date { year: 2026 month: 12 day: 1 } state: PLEDGE_ITEM_STATE_VERIFIED } "
      "items { text: '二' due_date { year: 2026 month: 12 day: 1 } } }");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->name(), "pledges/p");
  EXPECT_EQ(created->state(), v1::PLEDGE_STATE_DRAFT);
  EXPECT_EQ(created->items(0).item_id(), "1");
  EXPECT_EQ(created->items(1).item_id(), "2");
  EXPECT_EQ(created->items(0).state(), v1::PLEDGE_ITEM_STATE_PLEDGED);
  EXPECT_FALSE(created->has_published_on());
  EXPECT_FALSE(created->etag().empty());
  EXPECT_EQ(Figure("pledge_items", "street", kYear), 0) << "a draft counts as nothing";
}

TEST_F(PledgeServiceTest, OverdueIsDerivedInEveryAnswerAndNeverStored) {
  AddPublished("p", "2026-03-01", {"2026-06-30"});
  const auto get = Call<Pledge, v1::GetPledgeRequest>("name: 'pledges/p'");
  ASSERT_THAT(get, IsOk());
  EXPECT_TRUE(get->items(0).overdue());
  const auto list = Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->pledges_size(), 1);
  EXPECT_TRUE(list->pledges(0).items(0).overdue());
  database_.clock().SetToday(Day::Of(2026, 6, 30));
  EXPECT_FALSE((*Call<Pledge, v1::GetPledgeRequest>("name: 'pledges/p'")).items(0).overdue());
}

TEST_F(PledgeServiceTest, ListsByOrganizationAndPledgerButNotBoth) {
  AddPledge("a");
  AddPledge("b", {"2026-12-31"},
            "pledger_kind: PLEDGER_KIND_ORGANIZATION pledger: 'organizations/east-branch' organization: "
            "'organizations/east'");
  const auto by_organization =
      Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("organization: 'organizations/east'");
  EXPECT_EQ(by_organization->pledges_size(), 2);
  const auto by_pledger = Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("pledger: 'members/wang'");
  ASSERT_EQ(by_pledger->pledges_size(), 1);
  EXPECT_EQ(by_pledger->pledges(0).name(), "pledges/a");
  EXPECT_FALSE((Call<v1::ListPledgesResponse, v1::ListPledgesRequest>(
                    "organization: 'organizations/east' pledger: 'members/wang'"))
                   .ok());
}

TEST_F(PledgeServiceTest, ThePledgerMustLieInTheOrganization) {
  const std::string items = " items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }";
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/zhao' organization: "
                  "'organizations/east'" +
                  items)),
              HasReason(dangjian::reasons::kMemberNotInOrganization));
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_ORGANIZATION pledger: 'organizations/east-branch' organization: "
                  "'organizations/west'" +
                  items)),
              HasReason(reasons::kPledgerNotInOrganization));
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_OFFICE_MEMBER pledger: 'organizations/east' organization: "
                  "'organizations/east'" +
                  items)),
              HasReason(reasons::kPledgerKindMismatch));
}

TEST_F(PledgeServiceTest, AMemberThatDoesNotExistIsRefusedAfterTheRegistryWasAsked) {
  const int64_t before = LastRevision();
  EXPECT_THAT(client().Call<Pledge>(testing::Proto<v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/nobody' organization: "
                  "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }")),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(late_registry().asked(), 1);
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(PledgeServiceTest, AFilterThatTheDirectoryDoesNotKnowIsAskedOfTheRegistry) {
  const auto list = [this] { return Call<v1::ListPledgesResponse, v1::ListPledgesRequest>("pledger: 'members/sun'"); };
  EXPECT_THAT(list(), HasReason("RECORD_NOT_FOUND"));
  EXPECT_EQ(late_registry().asked(), 1);
  late_registry().Promise("members/sun", [this](const std::string&) { return AddMember("sun", "east-branch"); });
  EXPECT_THAT(list(), IsOk());
}

TEST_F(PledgeServiceTest, AMemberThatTheFeedHasNotBroughtIsFetched) {
  late_registry().Promise("members/sun", [this](const std::string&) { return AddMember("sun", "east-branch"); });
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/sun' organization: "
                  "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }")),
              IsOk());
}

TEST_F(PledgeServiceTest, AnUnknownUnitIsRefusedOnCreationAndAmendment) {
  int64_t before = LastRevision();
  const std::string target = "target { value: '3' unit: 'parsec' } due_date { year: 2026 month: 12 day: 31 }";
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: "
                  "'organizations/east' items { text: 'x' " +
                  target + " } }")),
              HasReason(dangjian::reasons::kUnknownUnit));
  EXPECT_EQ(LastRevision(), before);
  AddPublished("p", "2026-03-01");
  before = LastRevision();
  EXPECT_THAT((Call<Pledge, v1::AmendPledgeRequest>("name: 'pledges/p' reason: 'r' items { text: 'x' " + target + "}")),
              HasReason(dangjian::reasons::kUnknownUnit));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(PledgeServiceTest, AClosedCampaignTakesNoNewPledges) {
  ASSERT_THAT((Call<v1::Campaign, v1::CloseCampaignRequest>(
                  "name: 'campaigns/sanshuang' occurred_on { year: 2026 month: 11 day: 1 }")),
              IsOk());
  EXPECT_THAT((Call<Pledge, v1::CreatePledgeRequest>(
                  "pledge { campaign: 'campaigns/sanshuang' pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' "
                  "organization: 'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }")),
              HasReason(reasons::kCampaignClosed));
}

TEST_F(PledgeServiceTest, TheVerifierIsNotThePledger) {
  AddPublished("mine", "2026-03-01");
  ASSERT_THAT(Claim("mine", "1", "2026-04-01"), IsOk());
  int64_t before = LastRevision();
  EXPECT_THAT(Verify("mine", "1", "2026-04-02", "members/wang"), HasReason(reasons::kVerifierIsPledger));
  EXPECT_EQ(LastRevision(), before);

  AddPublished("ours", "2026-03-01", {"2026-12-31"},
               "pledger_kind: PLEDGER_KIND_ORGANIZATION pledger: 'organizations/east-branch' organization: "
               "'organizations/east'");
  ASSERT_THAT(Claim("ours", "1", "2026-04-01"), IsOk());
  before = LastRevision();
  EXPECT_THAT(Verify("ours", "1", "2026-04-02", "organizations/east-branch"), HasReason(reasons::kVerifierIsPledger));
  EXPECT_THAT(Verify("ours", "1", "2026-04-02", "members/li"), HasReason(reasons::kVerifierIsPledger));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_THAT(Verify("ours", "1", "2026-04-02", "members/zhao"), IsOk());
}

TEST_F(PledgeServiceTest, DueBeforePublicationAndIllegalStepsStoreNothing) {
  AddPledge("p", {"2026-06-30", "2026-12-31"});
  const std::string name = "name: 'pledges/p' ";
  int64_t before = LastRevision();
  EXPECT_THAT((Call<Pledge, v1::PublishPledgeRequest>(name + "published_on { year: 2026 month: 7 day: 1 }")),
              HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Claim("p", "1", "2026-07-01"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(LastRevision(), before);
  ASSERT_THAT((Call<Pledge, v1::SubmitPledgeRequest>(name + "occurred_on { year: 2026 month: 3 day: 1 }")), IsOk());
  ASSERT_THAT((Call<Pledge, v1::ReviewPledgeRequest>(
                  name + "reviewer: 'members/li' occurred_on { year: 2026 month: 3 day: 2 }")),
              IsOk());
  before = LastRevision();
  EXPECT_THAT((Call<Pledge, v1::PublishPledgeRequest>(name + "published_on { year: 2026 month: 7 day: 1 }")),
              HasReason(reasons::kDueBeforePublication));
  EXPECT_EQ(LastRevision(), before);
  EXPECT_EQ(Figure("pledge_items", "street", kYear), 0);
}

TEST_F(PledgeServiceTest, SupervisionIsTheDisciplineCommissions) {
  AddPublished("p", "2026-03-01");
  EXPECT_THAT((Call<Pledge, v1::RecordSupervisionCheckRequest>(
                  "name: 'pledges/p' check { supervisor: 'organizations/east' finding: '慢' checked_on { year: 2026 "
                  "month: 4 day: 1 } }")),
              HasReason(reasons::kNotADisciplineCommission));
  const auto checked = Call<Pledge, v1::RecordSupervisionCheckRequest>(
      "name: 'pledges/p' check { supervisor: 'organizations/discipline' finding: '慢' checked_on { year: 2026 month: 4 "
      "day: 1 } }");
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->supervision_checks(0).finding(), "慢");
}

TEST_F(PledgeServiceTest, ChangesAndDeletionsEndWithTheDraft) {
  AddPledge("p");
  EXPECT_THAT((Call<Pledge, v1::UpdatePledgeRequest>(
                  "pledge { name: 'pledges/p' items { text: '改' due_date { year: 2026 month: 12 day: 1 } } } "
                  "update_mask { paths: 'items' }")),
              IsOk());
  EXPECT_THAT((Call<Pledge, v1::UpdatePledgeRequest>(
                  "pledge { name: 'pledges/p' pledger: 'members/li' } update_mask { paths: 'pledger' }")),
              HasReason("IMMUTABLE_FIELD"));
  AddPublished("q", "2026-03-01");
  EXPECT_THAT((Call<Pledge, v1::UpdatePledgeRequest>(
                  "pledge { name: 'pledges/q' items { text: '改' due_date { year: 2026 month: 12 day: 1 } } } "
                  "update_mask { paths: 'items' }")),
              HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeletePledgeRequest>("name: 'pledges/q'")),
              HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeletePledgeRequest>("name: 'pledges/p'")), IsOk());
  EXPECT_THAT((Call<Pledge, v1::GetPledgeRequest>("name: 'pledges/p'")), HasReason("RECORD_NOT_FOUND"));
}

TEST_F(PledgeServiceTest, AStaleEtagIsRefused) {
  AddPledge("p");
  const std::string etag = (*Call<Pledge, v1::GetPledgeRequest>("name: 'pledges/p'")).etag();
  ASSERT_THAT((Call<Pledge, v1::SubmitPledgeRequest>(absl::StrCat("name: 'pledges/p' etag: '", etag, "'"))), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Pledge, v1::ReviewPledgeRequest>(
                  absl::StrCat("name: 'pledges/p' reviewer: 'members/li' etag: '", etag, "'"))),
              HasReason("STALE_ETAG"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(PledgeServiceTest, ARequestIdMakesARetrySafeAndIsNotReused) {
  const auto request = testing::Proto<v1::CreatePledgeRequest>(
      "request_id: 'once' pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: "
      "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }");
  const auto first = Call<Pledge>(request);
  ASSERT_THAT(first, IsOk());
  const int64_t revision = LastRevision();
  const auto again = Call<Pledge>(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(LastRevision(), revision);
  auto other = request;
  other.mutable_pledge()->mutable_items(0)->set_text("y");
  EXPECT_THAT(Call<Pledge>(other), HasReason("REQUEST_ID_REUSED"));
  EXPECT_EQ(LastRevision(), revision);
}

TEST_F(PledgeServiceTest, ABatchIsAllOrNothing) {
  const std::string good =
      "requests { pledge_id: 'a' pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: "
      "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } } } ";
  const std::string bad =
      "requests { pledge_id: 'b' pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/zhao' organization: "
      "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } } } ";
  EXPECT_THAT((Call<v1::BatchCreatePledgesResponse, v1::BatchCreatePledgesRequest>(good + bad)),
              HasReason(dangjian::reasons::kMemberNotInOrganization));
  EXPECT_THAT((Call<Pledge, v1::GetPledgeRequest>("name: 'pledges/a'")), HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT((Call<v1::BatchCreatePledgesResponse, v1::BatchCreatePledgesRequest>(good)), IsOk());
  const auto read = Call<v1::BatchGetPledgesResponse, v1::BatchGetPledgesRequest>("names: 'pledges/a'");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->pledges(0).name(), "pledges/a");
}

TEST_F(PledgeServiceTest, ValidateOnlyStoresNothing) {
  const int64_t before = LastRevision();
  EXPECT_THAT(
      (Call<Pledge, v1::CreatePledgeRequest>(
          "validate_only: true pledge { pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: "
          "'organizations/east' items { text: 'x' due_date { year: 2026 month: 12 day: 1 } } }")),
      IsOk());
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(PledgeServiceTest, AnAmendmentMovesTheFiguresFromRepublicationOn) {
  AddPublished("p", "2026-03-01", {"2026-06-30", "2026-12-31"});
  ASSERT_THAT((Call<Pledge, v1::AmendPledgeRequest>(
                  "name: 'pledges/p' reason: '任务调整' occurred_on { year: 2026 month: 5 day: 1 } "
                  "items { item_id: '1' text: '每月清理楼道' due_date { year: 2026 month: 6 day: 30 } } "
                  "items { text: '甲' due_date { year: 2026 month: 12 day: 1 } } "
                  "items { text: '乙' due_date { year: 2026 month: 12 day: 1 } }")),
              IsOk());
  EXPECT_EQ(Figure("pledge_items", "street", kYear), 2);
  const auto published =
      Call<Pledge, v1::PublishPledgeRequest>("name: 'pledges/p' published_on { year: 2026 month: 5 day: 10 }");
  ASSERT_THAT(published, IsOk());
  EXPECT_EQ(published->version(), 2);
  EXPECT_EQ(published->versions_size(), 1);
  EXPECT_EQ(Figure("pledge_items", "street", {Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)}), 2);
  EXPECT_EQ(Figure("pledge_items", "street", {Day::Of(2026, 5, 1), Day::Of(2026, 5, 31)}), 2);
  EXPECT_EQ(Figure("pledge_items_standing", "street", Day::Of(2026, 5, 9)), 2);
  EXPECT_EQ(Figure("pledge_items_standing", "street", Day::Of(2026, 5, 10)), 3);
}

// Random lives; the recount at the end of each round and of the test must find what was kept.
TEST_F(PledgeServiceTest, FiguresEqualARecountWhateverHappens) {
  uint32_t state = 20261120;
  const auto roll = [&state](uint32_t sides) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % sides;
  };
  const auto day = [&roll](int from_month) {
    return FormatDay(Day::Of(2026, from_month, 1) + static_cast<int32_t>(roll(60)));
  };
  for (int i = 0; i < 24; ++i) {
    const std::string id = absl::StrCat("r", i);
    const std::string name = absl::StrCat("name: 'pledges/", id, "' ");
    AddPledge(id, {day(5), day(7), day(10)});
    // Whatever the rules refuse leaves the record alone; only its figures matter here.
    (void)Call<Pledge, v1::SubmitPledgeRequest>(name + "occurred_on " + DateText(day(1)));
    (void)Call<Pledge, v1::ReviewPledgeRequest>(name + "reviewer: 'members/li' occurred_on " + DateText(day(2)));
    (void)Call<Pledge, v1::PublishPledgeRequest>(name + "published_on " + DateText(day(3)));
    for (int step = 0; step < 8; ++step) {
      const std::string item = absl::StrCat(1 + roll(3));
      switch (roll(5)) {
        case 0:
          (void)Claim(id, item, day(4));
          break;
        case 1:
          (void)Verify(id, item, day(8));
          break;
        case 2:
          (void)Call<Pledge, v1::RecordPledgeItemNotMetRequest>(
              absl::StrCat(name, "item_id: '", item, "' verifier: 'members/li' cause: NOT_MET_CAUSE_UNJUSTIFIED ",
                           "explanation: 'x' not_met_on ", DateText(day(8))));
          break;
        case 3:
          (void)Call<Pledge, v1::AmendPledgeRequest>(absl::StrCat(name, "reason: 'x' occurred_on ", DateText(day(5)),
                                                                  " items { item_id: '", item, "' text: '改' due_date ",
                                                                  DateText(day(9)), " }"));
          break;
        default:
          (void)Call<Pledge, v1::PublishPledgeRequest>(name + "published_on " + DateText(day(6)));
          break;
      }
    }
    if (i % 8 == 7) {
      ASSERT_EQ(Drift(), 0);
    }
  }
}

}  // namespace
}  // namespace dangjian::pledge
