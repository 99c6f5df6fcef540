#include "services/pledge/pledge/pledge_rules.h"

#include <functional>
#include <map>

#include "common/testing/matchers.h"

namespace dangjian::pledge::pledge_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

constexpr char kPledge[] =
    "name: 'pledges/p' pledger_kind: PLEDGER_KIND_MEMBER pledger: 'members/wang' organization: 'organizations/east' "
    "items { text: '清理楼道' due_date { year: 2026 month: 6 day: 30 } } "
    "items { text: '帮扶一户' due_date { year: 2026 month: 12 day: 31 } evidence_required: true }";

Step On(int month, int day) {
  return {.day = Day::Of(2026, month, day),
          .today = Day::Of(2026, 11, 20),
          .actor = "clerk",
          .on_behalf_of = "",
          .reason = "原因"};
}

const Judge kBranch{.name = "organizations/east-branch"};

v1::Pledge Draft() {
  auto pledge = Proto<v1::Pledge>(kPledge);
  Initialize(pledge);
  return pledge;
}

google::protobuf::RepeatedPtrField<v1::Evidence> Photo() {
  google::protobuf::RepeatedPtrField<v1::Evidence> evidence;
  evidence.Add()->set_description("照片");
  return evidence;
}

// A pledge that the verbs brought into a state, in the first months of 2026.
v1::Pledge In(v1::PledgeState state) {
  v1::Pledge pledge = Draft();
  const auto is = [&](v1::PledgeState wanted) { return state == wanted; };
  if (is(v1::PLEDGE_STATE_DRAFT)) return pledge;
  if (is(v1::PLEDGE_STATE_WITHDRAWN)) {
    EXPECT_THAT(Withdraw(pledge, On(1, 5)), IsOk());
    return pledge;
  }
  EXPECT_THAT(Submit(pledge, On(1, 5)), IsOk());
  if (is(v1::PLEDGE_STATE_SUBMITTED)) return pledge;
  EXPECT_THAT(Review(pledge, On(1, 8)), IsOk());
  if (is(v1::PLEDGE_STATE_REVIEWED)) return pledge;
  EXPECT_THAT(Publish(pledge, On(1, 10)), IsOk());
  if (is(v1::PLEDGE_STATE_PUBLISHED)) return pledge;
  if (is(v1::PLEDGE_STATE_AMENDED)) {
    EXPECT_THAT(Amend(pledge, pledge.items(), On(2, 1)), IsOk());
    return pledge;
  }
  EXPECT_THAT(ClaimItem(pledge, "1", {}, On(3, 1)), IsOk());
  if (is(v1::PLEDGE_STATE_IN_PROGRESS)) return pledge;
  EXPECT_THAT(VerifyItem(pledge, "1", kBranch, On(3, 2)), IsOk());
  EXPECT_THAT(RecordNotMet(pledge, "2", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "拆迁", On(3, 2)), IsOk());
  return pledge;
}

const std::vector<v1::PledgeState> kStates = {
    v1::PLEDGE_STATE_DRAFT,       v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_PUBLISHED,
    v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_SETTLED,   v1::PLEDGE_STATE_AMENDED,  v1::PLEDGE_STATE_WITHDRAWN};

TEST(PledgeRulesTest, EveryTransitionIsLegalOrRefused) {
  using Verb = std::function<absl::Status(v1::Pledge&)>;
  const Step step = On(4, 1);
  const v1::SupervisionCheck check = Proto<v1::SupervisionCheck>("supervisor: 'organizations/discipline'");
  const std::vector<std::pair<Verb, std::map<v1::PledgeState, v1::PledgeState>>> verbs = {
      {[&](v1::Pledge& p) { return Submit(p, step); }, {{v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_SUBMITTED}}},
      {[&](v1::Pledge& p) { return Review(p, step); }, {{v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_REVIEWED}}},
      {[&](v1::Pledge& p) { return Return(p, step); },
       {{v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_DRAFT},
        {v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_DRAFT},
        {v1::PLEDGE_STATE_AMENDED, v1::PLEDGE_STATE_PUBLISHED}}},
      {[&](v1::Pledge& p) { return Publish(p, step); },
       {{v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_PUBLISHED},
        {v1::PLEDGE_STATE_AMENDED, v1::PLEDGE_STATE_PUBLISHED}}},
      {[&](v1::Pledge& p) { return Withdraw(p, step); },
       {{v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_WITHDRAWN},
        {v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_WITHDRAWN},
        {v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_WITHDRAWN}}},
      {[&](v1::Pledge& p) { return Amend(p, p.items(), step); },
       {{v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_AMENDED},
        {v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_AMENDED}}},
      {[&](v1::Pledge& p) { return ClaimItem(p, "2", Photo(), step); },
       {{v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_IN_PROGRESS},
        {v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_IN_PROGRESS}}},
      {[&](v1::Pledge& p) { return VerifyItem(p, "1", kBranch, step); },
       {{v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_IN_PROGRESS}}},
      {[&](v1::Pledge& p) { return RecordNotMet(p, "1", kBranch, v1::NOT_MET_CAUSE_UNJUSTIFIED, "未做", step); },
       {{v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_IN_PROGRESS},
        {v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_IN_PROGRESS}}},
      {[&](v1::Pledge& p) { return AddSupervisionCheck(p, check, true, step); },
       {{v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_PUBLISHED},
        {v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_IN_PROGRESS},
        {v1::PLEDGE_STATE_SETTLED, v1::PLEDGE_STATE_SETTLED},
        {v1::PLEDGE_STATE_AMENDED, v1::PLEDGE_STATE_AMENDED}}},
      {[&](v1::Pledge& p) { return CheckEditable(p); }, {{v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_DRAFT}}},
      {[&](v1::Pledge& p) { return CheckDeletable(p); },
       {{v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_DRAFT}, {v1::PLEDGE_STATE_WITHDRAWN, v1::PLEDGE_STATE_WITHDRAWN}}},
  };
  for (size_t verb = 0; verb < verbs.size(); ++verb) {
    for (const v1::PledgeState state : kStates) {
      SCOPED_TRACE(::testing::Message() << "verb " << verb << " in " << v1::PledgeState_Name(state));
      v1::Pledge pledge = In(state);
      ASSERT_EQ(pledge.state(), state);
      const auto& [apply, legal] = verbs[verb];
      const auto to = legal.find(state);
      if (to == legal.end()) {
        EXPECT_THAT(apply(pledge), HasReason("ILLEGAL_TRANSITION"));
        EXPECT_THAT(pledge, testing::EqualsProto(In(state)));
      } else {
        EXPECT_THAT(apply(pledge), IsOk());
        EXPECT_EQ(pledge.state(), to->second);
      }
    }
  }
}

TEST(PledgeRulesTest, ItemStatesAreEnteredInOrder) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  EXPECT_THAT(VerifyItem(pledge, "1", kBranch, On(4, 1)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(ClaimItem(pledge, "1", {}, On(4, 1)), IsOk());
  EXPECT_THAT(ClaimItem(pledge, "1", {}, On(4, 2)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(VerifyItem(pledge, "1", kBranch, On(4, 3)), IsOk());
  EXPECT_THAT(RecordNotMet(pledge, "1", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "x", On(4, 4)),
              HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(RecordNotMet(pledge, "2", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "拆迁", On(4, 4)), IsOk());
  EXPECT_EQ(pledge.state(), v1::PLEDGE_STATE_SETTLED);
  EXPECT_THAT(ClaimItem(pledge, "2", Photo(), On(4, 5)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(pledge.items(1).fulfilment().explanation(), "拆迁");
}

TEST(PledgeRulesTest, AnUnknownItemIsNamed) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  EXPECT_THAT(ClaimItem(pledge, "9", {}, On(4, 1)), HasReason(reasons::kUnknownItem));
  const auto check = Proto<v1::SupervisionCheck>("supervisor: 'organizations/discipline' item_id: '9'");
  EXPECT_THAT(AddSupervisionCheck(pledge, check, true, On(4, 1)), HasReason(reasons::kUnknownItem));
}

TEST(PledgeRulesTest, AClaimNeedsTheEvidenceThatWasAskedFor) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  EXPECT_THAT(ClaimItem(pledge, "2", {}, On(4, 1)), HasReason(reasons::kEvidenceRequired));
  EXPECT_THAT(ClaimItem(pledge, "2", Photo(), On(4, 1)), IsOk());
}

TEST(PledgeRulesTest, APledgerDoesNotJudgeHimself) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_IN_PROGRESS);
  const Judge himself{.name = "members/wang"};
  EXPECT_THAT(VerifyItem(pledge, "1", himself, On(4, 1)), HasReason(reasons::kVerifierIsPledger));
  EXPECT_THAT(RecordNotMet(pledge, "2", himself, v1::NOT_MET_CAUSE_OBJECTIVE, "x", On(4, 1)),
              HasReason(reasons::kVerifierIsPledger));
  // A fellow member of the same branch may.
  EXPECT_THAT(VerifyItem(pledge, "1", {.name = "members/li", .organization = "organizations/east-branch"}, On(4, 1)),
              IsOk());
}

TEST(PledgeRulesTest, ACommitteeDoesNotVerifyItselfThroughItsMembers) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_IN_PROGRESS);
  pledge.set_pledger_kind(v1::PLEDGER_KIND_ORGANIZATION);
  pledge.set_pledger("organizations/east-branch");
  EXPECT_THAT(VerifyItem(pledge, "1", kBranch, On(4, 1)), HasReason(reasons::kVerifierIsPledger));
  EXPECT_THAT(VerifyItem(pledge, "1", {.name = "members/li", .organization = "organizations/east-branch"}, On(4, 1)),
              HasReason(reasons::kVerifierIsPledger));
  EXPECT_THAT(VerifyItem(pledge, "1", {.name = "members/zhao", .organization = "organizations/west"}, On(4, 1)),
              IsOk());
}

TEST(PledgeRulesTest, AMemberDoesNotReviewHisOwnPledge) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_SUBMITTED);
  Step step = On(4, 1);
  step.on_behalf_of = "members/wang";
  EXPECT_THAT(Review(pledge, step), HasReason(reasons::kReviewerIsPledger));
}

TEST(PledgeRulesTest, DueBeforePublicationIsRefusedForEveryItemAtOnce) {
  v1::Pledge pledge = Draft();
  ASSERT_THAT(Submit(pledge, On(1, 5)), IsOk());
  ASSERT_THAT(Review(pledge, On(1, 8)), IsOk());
  EXPECT_THAT(Publish(pledge, On(7, 1)), HasReason(reasons::kDueBeforePublication));
  EXPECT_EQ(pledge.state(), v1::PLEDGE_STATE_REVIEWED);
  EXPECT_THAT(Publish(pledge, On(6, 30)), IsOk());
}

TEST(PledgeRulesTest, DatesFollowEachOther) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_REVIEWED);
  EXPECT_THAT(Publish(pledge, On(1, 7)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Publish(pledge, On(1, 10)), IsOk());
  EXPECT_THAT(ClaimItem(pledge, "1", {}, On(1, 9)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(ClaimItem(pledge, "1", {}, On(12, 1)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(ClaimItem(pledge, "1", {}, On(5, 1)), IsOk());
  EXPECT_THAT(VerifyItem(pledge, "1", kBranch, On(4, 30)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  // Back-entry on another item is not held up by what happened to the first.
  EXPECT_THAT(ClaimItem(pledge, "2", Photo(), On(2, 1)), IsOk());
}

TEST(PledgeRulesTest, OnlyADisciplineCommissionSupervises) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  const auto check = Proto<v1::SupervisionCheck>("supervisor: 'organizations/east' finding: '进度慢'");
  EXPECT_THAT(AddSupervisionCheck(pledge, check, false, On(4, 1)), HasReason(reasons::kNotADisciplineCommission));
  EXPECT_THAT(AddSupervisionCheck(pledge, check, true, On(4, 1)), IsOk());
  EXPECT_EQ(pledge.supervision_checks_size(), 1);
}

TEST(PledgeRulesTest, AnAmendmentHoldsFromRepublicationAndKeepsTheOriginal) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_IN_PROGRESS);
  auto items = pledge.items();
  items[1].set_text("帮扶两户");
  items.Add()->CopyFrom(Proto<v1::PledgeItem>("text: '义务巡逻' due_date { year: 2026 month: 12 day: 1 }"));
  ASSERT_THAT(Amend(pledge, items, On(4, 1)), IsOk());
  EXPECT_EQ(pledge.items_size(), 2) << "the published items still hold";
  ASSERT_THAT(Publish(pledge, On(4, 10)), IsOk());
  EXPECT_EQ(pledge.state(), v1::PLEDGE_STATE_IN_PROGRESS);
  EXPECT_EQ(pledge.version(), 2);
  ASSERT_EQ(pledge.items_size(), 3);
  EXPECT_EQ(pledge.items(0).state(), v1::PLEDGE_ITEM_STATE_CLAIMED_DONE);
  EXPECT_EQ(pledge.items(1).text(), "帮扶两户");
  EXPECT_EQ(pledge.items(1).published_on().month(), 1);
  EXPECT_EQ(pledge.items(2).item_id(), "3");
  EXPECT_EQ(pledge.items(2).published_on().month(), 4);
  ASSERT_EQ(pledge.versions_size(), 1);
  EXPECT_EQ(pledge.versions(0).items(1).text(), "帮扶一户");
  EXPECT_EQ(pledge.versions(0).reason(), "原因");
  EXPECT_FALSE(pledge.has_amendment());
}

TEST(PledgeRulesTest, AnAmendmentLeavesClaimedItemsAlone) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_IN_PROGRESS);
  auto items = pledge.items();
  items[0].set_text("改写");
  EXPECT_THAT(Amend(pledge, items, On(4, 1)), HasReason(reasons::kAmendsClaimedItem));
  items.DeleteSubrange(0, 1);
  EXPECT_THAT(Amend(pledge, items, On(4, 1)), HasReason(reasons::kAmendsClaimedItem));
}

TEST(PledgeRulesTest, ANewItemDoesNotTakeTheNumberOfADroppedOne) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  google::protobuf::RepeatedPtrField<v1::PledgeItem> items;
  *items.Add() = pledge.items(0);
  ASSERT_THAT(Amend(pledge, items, On(2, 1)), IsOk());
  ASSERT_THAT(Publish(pledge, On(2, 2)), IsOk());
  items.Add()->CopyFrom(Proto<v1::PledgeItem>("text: '新' due_date { year: 2026 month: 12 day: 1 }"));
  ASSERT_THAT(Amend(pledge, items, On(3, 1)), IsOk());
  EXPECT_EQ(pledge.amendment().items(1).item_id(), "3");
}

TEST(PledgeRulesTest, AnAmendedDueDateMustNotLieBeforeRepublication) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_PUBLISHED);
  auto items = pledge.items();
  *items[1].mutable_due_date() = Proto<google::type::Date>("year: 2026 month: 7 day: 1");
  ASSERT_THAT(Amend(pledge, items, On(7, 1)), IsOk());
  // The first item is overdue since 30 June, but the amendment leaves it as it was.
  EXPECT_THAT(Publish(pledge, On(7, 2)), HasReason(reasons::kDueBeforePublication));
  EXPECT_THAT(Publish(pledge, On(7, 1)), IsOk());
}

TEST(PledgeRulesTest, ContentViolationsComeTogether) {
  auto pledge = Proto<v1::Pledge>(
      "pledger_kind: PLEDGER_KIND_ORGANIZATION pledger: 'members/wang' items { item_id: 'a' } items { item_id: 'a' }");
  Violations violations;
  CheckContent(pledge, "pledge", violations);
  const absl::Status status = violations.ToStatus();
  EXPECT_THAT(status, HasReason(reasons::kPledgerKindMismatch));
  violations = {};
  pledge.set_pledger("organizations/east");
  CheckContent(pledge, "pledge", violations);
  EXPECT_THAT(violations.ToStatus(), HasReason(reasons::kDuplicateItem));
}

TEST(PledgeRulesTest, OverdueFollowsFromTheClock) {
  v1::Pledge pledge = In(v1::PLEDGE_STATE_IN_PROGRESS);
  DeriveOverdue(pledge, Day::Of(2027, 1, 1));
  EXPECT_FALSE(pledge.items(0).overdue()) << "claimed";
  EXPECT_TRUE(pledge.items(1).overdue());
  DeriveOverdue(pledge, Day::Of(2026, 12, 31));
  EXPECT_FALSE(pledge.items(1).overdue()) << "the due date itself is in time";
  v1::Pledge draft = Draft();
  DeriveOverdue(draft, Day::Of(2027, 1, 1));
  EXPECT_FALSE(draft.items(0).overdue()) << "not published";
}

TEST(PledgeRulesTest, WhatACallerSaysAboutTheLifeIsDropped) {
  auto pledge = Proto<v1::Pledge>(
      "state: PLEDGE_STATE_PUBLISHED version: 7 back_entry: true import_digest: 'x' "
      "items { item_id: 'b' state: PLEDGE_ITEM_STATE_VERIFIED fulfilment { verifier: 'members/li' } } items {}");
  Initialize(pledge);
  EXPECT_THAT(pledge, testing::EqualsText("state: PLEDGE_STATE_DRAFT items { item_id: 'b' state: "
                                          "PLEDGE_ITEM_STATE_PLEDGED } items { item_id: '1' state: "
                                          "PLEDGE_ITEM_STATE_PLEDGED }"));
}

}  // namespace
}  // namespace dangjian::pledge::pledge_rules
