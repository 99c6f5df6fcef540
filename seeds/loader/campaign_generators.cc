#include "seeds/loader/campaign_generators.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/disclosure.pb.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "seeds/loader/request_builder.h"

namespace dangjian::seeds {
namespace {

constexpr std::string_view kChannel = "社区公开栏";

// What a line of `pledges` says, for each of its pledgers.
struct PledgePlan {
  pledge::v1::Pledge common;  // campaign, kind, organisation, audiences
  std::string reviewer;
  std::string verifier;
  std::string supervisor;
  std::string phrases;
  Day starts_on;  // first day of submission
};

// When things happen to one item.
struct ItemPlan {
  Day due;
  bool done;  // claimed and verified before 2024-06-30
  Day claimed_on;
  Day verified_on;
};

// About a third of the items fall due in June and are done by then; of the others, due later in the year, one in five
// is done early. So on 2024-06-30 none is overdue.
ItemPlan PlanItem(const std::string& key) {
  const bool due_in_june = Roll(absl::StrCat(key, " due"), 100) < 35;
  const bool early = Roll(absl::StrCat(key, " early"), 100) < 20;
  ItemPlan plan;
  plan.due = due_in_june ? Day::Of(2024, 6, 15) + Roll(absl::StrCat(key, " june"), 14)
                         : Day::Of(2024, 9, 15) + 15 * Roll(absl::StrCat(key, " autumn"), 8);
  plan.done = due_in_june || early;
  plan.claimed_on = Day::Of(2024, 4, 20) + Roll(absl::StrCat(key, " claim"), 50);
  plan.verified_on = plan.claimed_on + 3 + Roll(absl::StrCat(key, " verify"), 10);
  return plan;
}

absl::StatusOr<pledge::v1::PledgeItem> MakeItem(const PledgePlan& plan, const std::string& pledge_id, int32_t index,
                                                const ItemPlan& item_plan, const Phrases& phrases) {
  ASSIGN_OR_RETURN(const Phrase phrase, phrases.Pick(plan.phrases, pledge_id, index));
  pledge::v1::PledgeItem item;
  item.set_item_id(absl::StrCat(index + 1));
  item.set_text(phrase.text);
  if (!phrase.quantity.empty()) {
    item.mutable_target()->set_value(phrase.quantity);
    item.mutable_target()->set_unit(phrase.unit);
  }
  *item.mutable_due_date() = DayToProto(item_plan.due);
  item.set_evidence_required(Roll(absl::StrCat(pledge_id, " evidence ", index), 4) == 0);
  return item;
}

// A claim, a verification or a check, to be sent in the order of days.
struct Event {
  Day day;
  enum { kClaim, kVerify, kCheck } kind;
  int32_t item;  // from 0
};

void AddEvent(Chain& chain, const PledgePlan& plan, const std::string& name, const Event& event) {
  const std::string item_id = absl::StrCat(event.item + 1);
  switch (event.kind) {
    case Event::kClaim: {
      auto& claim = chain.Add<pledge::v1::ClaimPledgeItemRequest>();
      claim.set_name(name);
      claim.set_item_id(item_id);
      *claim.mutable_claimed_on() = DayToProto(event.day);
      claim.add_evidence()->set_description("服务记录和照片");
      return;
    }
    case Event::kVerify: {
      auto& verify = chain.Add<pledge::v1::VerifyPledgeItemRequest>();
      verify.set_name(name);
      verify.set_item_id(item_id);
      *verify.mutable_verified_on() = DayToProto(event.day);
      verify.set_verifier(plan.verifier);
      return;
    }
    case Event::kCheck: {
      auto& check = chain.Add<pledge::v1::RecordSupervisionCheckRequest>();
      check.set_name(name);
      check.mutable_check()->set_supervisor(plan.supervisor);
      *check.mutable_check()->mutable_checked_on() = DayToProto(event.day);
      check.mutable_check()->set_finding("抽查践诺记录,进度符合承诺");
      return;
    }
  }
}

void AddPublication(Chain& chain, const PledgePlan& plan, const std::string& name, Day submitted_on) {
  auto& submit = chain.Add<pledge::v1::SubmitPledgeRequest>();
  submit.set_name(name);
  *submit.mutable_occurred_on() = DayToProto(submitted_on);
  auto& review = chain.Add<pledge::v1::ReviewPledgeRequest>();
  review.set_name(name);
  *review.mutable_occurred_on() = DayToProto(submitted_on + 3);
  review.set_reviewer(plan.reviewer);
  auto& publish = chain.Add<pledge::v1::PublishPledgeRequest>();
  publish.set_name(name);
  *publish.mutable_published_on() = DayToProto(submitted_on + 7);
  publish.set_channel(std::string(kChannel));
}

absl::StatusOr<Chain> GeneratePledge(const SeedRow& row, const PledgePlan& plan, const std::string& id,
                                     const std::string& pledger, int32_t items, const Phrases& phrases) {
  Chain chain(row.source);
  const std::string name = absl::StrCat("pledges/", id);
  auto& create = chain.Add<pledge::v1::CreatePledgeRequest>();
  create.set_pledge_id(id);
  *create.mutable_pledge() = plan.common;
  create.mutable_pledge()->set_pledger(pledger);
  std::vector<Event> events;
  for (int32_t i = 0; i < items; ++i) {
    const ItemPlan item_plan = PlanItem(absl::StrCat(id, " ", i));
    ASSIGN_OR_RETURN(*create.mutable_pledge()->add_items(), MakeItem(plan, id, i, item_plan, phrases));
    if (!item_plan.done) continue;
    events.push_back({item_plan.claimed_on, Event::kClaim, i});
    events.push_back({item_plan.verified_on, Event::kVerify, i});
  }
  if (Roll(absl::StrCat(id, " check"), 10) == 0) events.push_back({Day::Of(2024, 5, 16), Event::kCheck, 0});
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });

  AddPublication(chain, plan, name, plan.starts_on + Roll(absl::StrCat(id, " submit"), 7));
  for (const Event& event : events) AddEvent(chain, plan, name, event);
  return chain;
}

absl::StatusOr<PledgePlan> ReadPledgePlan(const SeedRow& row) {
  PledgePlan plan;
  for (const char* field : {"campaign", "pledger_kind", "organization", "audiences"}) {
    ASSIGN_OR_RETURN(const std::string text, row.Text(field));
    RETURN_IF_ERROR(SetField(plan.common, field, text));
  }
  ASSIGN_OR_RETURN(plan.reviewer, row.Text("reviewer"));
  ASSIGN_OR_RETURN(plan.verifier, row.Text("verifier"));
  ASSIGN_OR_RETURN(plan.supervisor, row.Text("supervisor"));
  ASSIGN_OR_RETURN(plan.phrases, row.Text("phrases"));
  ASSIGN_OR_RETURN(const std::string starts_on, row.Text("starts_on"));
  ASSIGN_OR_RETURN(plan.starts_on, ParseDay(starts_on));
  return plan;
}

// A step of a verb method whose request has `name` and a day.
template <class Request>
Request& AddStep(Chain& chain, const std::string& name, google::type::Date* (Request::*mutable_day)(), Day day) {
  Request& request = chain.Add<Request>();
  request.set_name(name);
  *(request.*mutable_day)() = DayToProto(day);
  return request;
}

constexpr struct {
  const char* code;
  const char* label;
  int32_t points;
} kMemberGrades[] = {
    {"EXCELLENT", "优秀", 100}, {"QUALIFIED", "合格", 80}, {"BASIC", "基本合格", 60}, {"FAILED", "不合格", 0}};

// Ballots of the branch on one of its members; each member is rated by the others.
pledge::v1::TallySheet MakeMemberSheet(const std::string& member, int32_t members) {
  const int32_t issued = members - 1;
  const int32_t returned = issued - Roll(absl::StrCat(member, " absent"), 4);
  const int32_t blank = Roll(absl::StrCat(member, " blank"), 2);
  const int32_t valid = returned - blank;
  const int32_t excellent = valid * (30 + Roll(absl::StrCat(member, " excellent"), 45)) / 100;
  const int32_t basic = Roll(absl::StrCat(member, " basic"), 3);
  pledge::v1::TallySheet sheet;
  sheet.set_group("MEMBERS");
  sheet.set_ratee(member);
  sheet.set_issued(issued);
  sheet.set_returned(returned);
  sheet.set_valid(valid);
  sheet.set_blank(blank);
  const std::pair<const char*, int32_t> counts[] = {
      {"EXCELLENT", excellent}, {"QUALIFIED", valid - excellent - basic}, {"BASIC", basic}};
  for (const auto& [grade, ballots] : counts) {
    auto& count = *sheet.add_grades();
    count.set_grade(grade);
    count.set_ballots(ballots);
  }
  return sheet;
}

absl::Status FillRound(const SeedRow& row, const std::vector<std::string>& members,
                       pledge::v1::EvaluationRound& round) {
  for (const char* field : {"campaign", "organization", "display_name", "held_on"}) {
    ASSIGN_OR_RETURN(const std::string text, row.Text(field));
    RETURN_IF_ERROR(SetField(round, field, text));
  }
  round.set_direction(pledge::v1::EVALUATION_DIRECTION_MEMBERS);
  for (const std::string& member : members) round.add_ratees(member);
  for (const auto& grade : kMemberGrades) {
    auto& added = *round.mutable_scheme()->add_grades();
    added.set_code(grade.code);
    added.set_label(grade.label);
    added.set_points(grade.points);
  }
  auto& group = *round.mutable_scheme()->add_groups();
  group.set_code("MEMBERS");
  group.set_label("支部党员");
  group.set_weight_bps(10000);
  // The meeting is valid when more than half of the branch votes.
  group.set_minimum_ballots(static_cast<int32_t>(members.size()) / 2);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Chain>> GeneratePledges(const SeedRow& row, const Phrases& phrases) {
  ASSIGN_OR_RETURN(const PledgePlan plan, ReadPledgePlan(row));
  ASSIGN_OR_RETURN(const std::string prefix, row.Text("prefix"));
  ASSIGN_OR_RETURN(const std::string pledgers, row.Text("pledgers"));
  ASSIGN_OR_RETURN(const int32_t items, row.Count("items"));
  const bool single = row.Get("count").empty();
  int32_t count = 1;
  if (!single) {
    ASSIGN_OR_RETURN(count, row.Count("count"));
  }
  if (count < 1 || items < count) {
    return absl::InvalidArgumentError(absl::StrCat(row.source, ": ", items, " items for ", count, " pledgers"));
  }
  std::vector<Chain> chains;
  for (int32_t i = 1; i <= count; ++i) {
    const int32_t own_items = items / count + (i <= items % count ? 1 : 0);
    const std::string id = single ? prefix : absl::StrFormat("%s-%03d", prefix, i);
    const std::string pledger = single ? pledgers : absl::StrFormat("%s-%03d", pledgers, i);
    ASSIGN_OR_RETURN(Chain chain, GeneratePledge(row, plan, id, pledger, own_items, phrases));
    chains.push_back(std::move(chain));
  }
  return chains;
}

absl::StatusOr<std::vector<Chain>> GenerateDisclosures(const SeedRow& row, const Phrases&) {
  using pledge::v1::ApproveDisclosureRequest;
  using pledge::v1::CloseDisclosureRequest;
  using pledge::v1::PostDisclosureRequest;
  using pledge::v1::ReviewDisclosureSecrecyRequest;
  ASSIGN_OR_RETURN(const std::string id, row.Text("id"));
  ASSIGN_OR_RETURN(const std::string posted_text, row.Text("posted_on"));
  ASSIGN_OR_RETURN(const Day posted_on, ParseDay(posted_text));
  std::vector<Chain> chains;
  chains.emplace_back(row.source);
  Chain& chain = chains.front();
  auto& create = chain.Add<pledge::v1::CreateDisclosureRequest>();
  create.set_disclosure_id(id);
  pledge::v1::Disclosure& disclosure = *create.mutable_disclosure();
  for (const char* field :
       {"campaign", "organization", "category", "subject", "scope", "body", "period.days", "period.day_kind"}) {
    ASSIGN_OR_RETURN(const std::string text, row.Text(field));
    RETURN_IF_ERROR(SetField(disclosure, field, text));
  }
  disclosure.set_channel(std::string(kChannel));
  const std::string name = absl::StrCat("disclosures/", id);
  AddStep(chain, name, &ReviewDisclosureSecrecyRequest::mutable_occurred_on, posted_on - 3);
  AddStep(chain, name, &ApproveDisclosureRequest::mutable_occurred_on, posted_on - 1);
  AddStep(chain, name, &PostDisclosureRequest::mutable_posted_on, posted_on);
  AddStep(chain, name, &CloseDisclosureRequest::mutable_closed_on, posted_on + 40).set_comment("公示期内未收到异议");
  return chains;
}

absl::StatusOr<std::vector<Chain>> GenerateMemberEvaluations(const SeedRow& row, const Phrases&) {
  using pledge::v1::CloseEvaluationRoundRequest;
  using pledge::v1::ConfirmEvaluationRoundRequest;
  using pledge::v1::NotifyEvaluationRoundRequest;
  using pledge::v1::OpenEvaluationRoundRequest;
  using pledge::v1::TallyEvaluationRoundRequest;
  ASSIGN_OR_RETURN(const std::string id, row.Text("id"));
  ASSIGN_OR_RETURN(const std::string prefix, row.Text("prefix"));
  ASSIGN_OR_RETURN(const int32_t count, row.Count("count"));
  ASSIGN_OR_RETURN(const std::string held_text, row.Text("held_on"));
  ASSIGN_OR_RETURN(const Day held_on, ParseDay(held_text));
  std::vector<std::string> members;
  for (int32_t i = 1; i <= count; ++i) members.push_back(absl::StrFormat("members/%s-%03d", prefix, i));

  std::vector<Chain> chains;
  chains.emplace_back(row.source);
  Chain& chain = chains.front();
  auto& create = chain.Add<pledge::v1::CreateEvaluationRoundRequest>();
  create.set_evaluation_round_id(id);
  RETURN_IF_ERROR(FillRound(row, members, *create.mutable_evaluation_round()));
  const std::string name = absl::StrCat("evaluationRounds/", id);
  AddStep(chain, name, &OpenEvaluationRoundRequest::mutable_occurred_on, held_on);
  auto& tally = chain.Add<pledge::v1::RecordTallySheetsRequest>();
  tally.set_name(name);
  for (const std::string& member : members) *tally.add_tally_sheets() = MakeMemberSheet(member, count);
  AddStep(chain, name, &CloseEvaluationRoundRequest::mutable_occurred_on, held_on);
  AddStep(chain, name, &TallyEvaluationRoundRequest::mutable_occurred_on, held_on + 1);
  auto& results = chain.Add<pledge::v1::RecordMemberResultsRequest>();
  results.set_name(name);
  for (int32_t i = 0; i < count; ++i) {
    auto& result = *results.add_member_results();
    result.set_member(members[static_cast<size_t>(i)]);
    result.set_grade(i < count / 4 ? "EXCELLENT" : "QUALIFIED");  // at most a third may be excellent
  }
  AddStep(chain, name, &ConfirmEvaluationRoundRequest::mutable_occurred_on, held_on + 5);
  AddStep(chain, name, &NotifyEvaluationRoundRequest::mutable_occurred_on, held_on + 7);
  return chains;
}

}  // namespace dangjian::seeds
