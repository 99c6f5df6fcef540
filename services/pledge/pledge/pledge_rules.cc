#include "services/pledge/pledge/pledge_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "google/protobuf/util/message_differencer.h"

namespace dangjian::pledge::pledge_rules {
namespace {

using Items = google::protobuf::RepeatedPtrField<v1::PledgeItem>;

std::string_view NameOf(v1::PledgeState state) { return StripPrefix(v1::PledgeState_Name(state), "PLEDGE_STATE_"); }

std::string_view NameOf(v1::PledgeItemState state) {
  return StripPrefix(v1::PledgeItemState_Name(state), "PLEDGE_ITEM_STATE_");
}

absl::Status RequireState(const v1::Pledge& pledge, std::initializer_list<v1::PledgeState> allowed,
                          std::string_view verb) {
  if (std::find(allowed.begin(), allowed.end(), pledge.state()) != allowed.end()) return absl::OkStatus();
  return IllegalTransition(pledge.name(), NameOf(pledge.state()), verb);
}

// Checks the date of a step of the whole pledge and enters the state.
absl::Status Enter(v1::Pledge& pledge, v1::PledgeState state, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(pledge.transitions())));
  pledge.set_state(state);
  AddTransition(*pledge.mutable_transitions(), NameOf(state), step);
  return absl::OkStatus();
}

bool IsSettled(const v1::PledgeItem& item) {
  return item.state() == v1::PLEDGE_ITEM_STATE_VERIFIED || item.state() == v1::PLEDGE_ITEM_STATE_NOT_MET;
}

// The state of a published pledge, from its items.
v1::PledgeState StateFromItems(const Items& items) {
  if (std::all_of(items.begin(), items.end(), IsSettled)) return v1::PLEDGE_STATE_SETTLED;
  const bool untouched = std::all_of(items.begin(), items.end(), [](const v1::PledgeItem& item) {
    return item.state() == v1::PLEDGE_ITEM_STATE_PLEDGED;
  });
  return untouched ? v1::PLEDGE_STATE_PUBLISHED : v1::PLEDGE_STATE_IN_PROGRESS;
}

const v1::PledgeItem* FindItem(const Items& items, std::string_view item_id) {
  for (const v1::PledgeItem& item : items) {
    if (item.item_id() == item_id) return &item;
  }
  return nullptr;
}

v1::PledgeItem* FindItem(Items& items, std::string_view item_id) {
  return const_cast<v1::PledgeItem*>(FindItem(std::as_const(items), item_id));
}

absl::Status UnknownItem(std::string_view item_id) {
  Violations violations;
  violations.Add("item_id", reasons::kUnknownItem, absl::StrCat("the pledge has no item ", ToAbsl(item_id)));
  return violations.ToStatus();
}

// The item that a step is about, when the pledge and the item may take it.
absl::StatusOr<v1::PledgeItem*> ItemForStep(v1::Pledge& pledge, std::string_view item_id,
                                            std::initializer_list<v1::PledgeItemState> allowed, std::string_view verb) {
  RETURN_IF_ERROR(
      RequireState(pledge, {v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_SETTLED}, verb));
  v1::PledgeItem* item = FindItem(*pledge.mutable_items(), item_id);
  if (item == nullptr) return UnknownItem(item_id);
  if (std::find(allowed.begin(), allowed.end(), item->state()) == allowed.end()) {
    return IllegalTransition(absl::StrCat(pledge.name(), " item ", ToAbsl(item_id)), NameOf(item->state()), verb);
  }
  return item;
}

void EnterItem(v1::Pledge& pledge, v1::PledgeItem& item, v1::PledgeItemState state, const Step& step) {
  item.set_state(state);
  AddTransition(*pledge.mutable_transitions(), absl::StrCat(item.item_id(), ":", ToAbsl(NameOf(state))), step);
  pledge.set_state(StateFromItems(pledge.items()));
}

bool IsPledger(const v1::Pledge& pledge, const Judge& judge) {
  if (judge.name == pledge.pledger()) return true;
  // A committee does not verify itself through one of its own members.
  return pledge.pledger_kind() == v1::PLEDGER_KIND_ORGANIZATION && judge.organization == pledge.pledger();
}

absl::Status CheckJudge(const v1::Pledge& pledge, const Judge& judge) {
  if (!IsPledger(pledge, judge)) return absl::OkStatus();
  return Error(reasons::kVerifierIsPledger, absl::StrCat(judge.name, " is the pledger or belongs to it"),
               {{"pledge", pledge.name()}, {"verifier", judge.name}});
}

// DUE_BEFORE_PUBLICATION for each item that would be due before it is public. An item that an amendment leaves as it
// was may already be past its due date.
absl::Status CheckDueDates(const Items& items, const Items& published, Day day) {
  Violations violations;
  for (int i = 0; i < items.size(); ++i) {
    const Day due = DayOr(items[i].due_date(), Day::Min());
    const v1::PledgeItem* before = FindItem(published, items[i].item_id());
    if (before != nullptr && DayOr(before->due_date(), Day::Min()) == due) continue;
    if (due < day) {
      violations.Add(absl::StrCat("items[", i, "].due_date"), reasons::kDueBeforePublication,
                     absl::StrCat("due ", FormatDay(due), " but published ", FormatDay(day)));
    }
  }
  return violations.ToStatus();
}

// The words of an item, without what the server keeps.
v1::PledgeItem Wording(const v1::PledgeItem& item) {
  v1::PledgeItem words = item;
  words.clear_state();
  words.clear_fulfilment();
  words.clear_published_on();
  words.clear_overdue();
  return words;
}

// AMENDS_CLAIMED_ITEM for each claimed or settled item that the proposal changes or leaves out.
absl::Status CheckClaimedItemsStay(const Items& published, const Items& proposed) {
  Violations violations;
  for (const v1::PledgeItem& item : published) {
    if (item.state() == v1::PLEDGE_ITEM_STATE_PLEDGED) continue;
    const v1::PledgeItem* next = FindItem(proposed, item.item_id());
    if (next == nullptr || !google::protobuf::util::MessageDifferencer::Equals(Wording(item), Wording(*next))) {
      violations.Add("items", reasons::kAmendsClaimedItem,
                     absl::StrCat("item ", item.item_id(), " is ", ToAbsl(NameOf(item.state())), " and must stay"));
    }
  }
  return violations.ToStatus();
}

void CheckItemIds(const Items& items, std::string_view path, Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < items.size(); ++i) {
    if (items[i].item_id().empty() || seen.insert(items[i].item_id()).second) continue;
    violations.Add(absl::StrCat(ToAbsl(path), "[", i, "].item_id"), reasons::kDuplicateItem,
                   absl::StrCat(items[i].item_id(), " is used twice"));
  }
}

// Every item id that the pledge has ever used: a new item must not take the number of one that was dropped.
absl::flat_hash_set<std::string> ItemIds(const v1::Pledge& pledge) {
  absl::flat_hash_set<std::string> ids;
  for (const v1::PledgeItem& item : pledge.items()) ids.insert(item.item_id());
  for (const v1::PledgeVersion& version : pledge.versions()) {
    for (const v1::PledgeItem& item : version.items()) ids.insert(item.item_id());
  }
  return ids;
}

// Puts the proposed items in force and files the earlier ones.
void Supersede(v1::Pledge& pledge, Day day) {
  v1::PledgeVersion& version = *pledge.add_versions();
  version.set_version(pledge.version());
  *version.mutable_published_on() =
      pledge.versions_size() == 1 ? pledge.published_on() : pledge.versions(pledge.versions_size() - 2).superseded_on();
  *version.mutable_superseded_on() = DayToProto(day);
  version.set_reason(pledge.amendment().reason());
  *version.mutable_items() = std::move(*pledge.mutable_items());
  Items next = std::move(*pledge.mutable_amendment()->mutable_items());
  for (v1::PledgeItem& item : next) {
    const v1::PledgeItem* before = FindItem(version.items(), item.item_id());
    if (before == nullptr) {
      *item.mutable_published_on() = DayToProto(day);
      continue;
    }
    *item.mutable_published_on() = before->published_on();
    item.set_state(before->state());
    if (before->has_fulfilment()) *item.mutable_fulfilment() = before->fulfilment();
  }
  *pledge.mutable_items() = std::move(next);
  pledge.clear_amendment();
}

}  // namespace

void InitializeItems(Items& items, absl::flat_hash_set<std::string> taken) {
  for (const v1::PledgeItem& item : items) taken.insert(item.item_id());
  int next = 1;
  for (v1::PledgeItem& item : items) {
    item = Wording(item);
    item.set_state(v1::PLEDGE_ITEM_STATE_PLEDGED);
    if (!item.item_id().empty()) continue;
    while (taken.contains(absl::StrCat(next))) ++next;
    item.set_item_id(absl::StrCat(next++));
  }
}

void Initialize(v1::Pledge& pledge) {
  InitializeItems(*pledge.mutable_items());
  pledge.set_state(v1::PLEDGE_STATE_DRAFT);
  pledge.clear_published_on();
  pledge.clear_version();
  pledge.clear_versions();
  pledge.clear_amendment();
  pledge.clear_supervision_checks();
  pledge.clear_back_entry();
  pledge.clear_import_digest();
  pledge.clear_transitions();
}

void CheckContent(const v1::Pledge& pledge, std::string_view path, Violations& violations) {
  const bool by_organization = pledge.pledger_kind() == v1::PLEDGER_KIND_ORGANIZATION;
  if (by_organization != (pledge.pledger().rfind("organizations/", 0) == 0)) {
    violations.Add(
        absl::StrCat(ToAbsl(path), ".pledger"), reasons::kPledgerKindMismatch,
        by_organization ? "an organisation pledges: name an organisation" : "a member pledges: name a member");
  }
  CheckItemIds(pledge.items(), absl::StrCat(ToAbsl(path), ".items"), violations);
}

absl::Status CheckEditable(const v1::Pledge& pledge) {
  return RequireState(pledge, {v1::PLEDGE_STATE_DRAFT}, "an update");
}

absl::Status CheckDeletable(const v1::Pledge& pledge) {
  return RequireState(pledge, {v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_WITHDRAWN}, "deletion");
}

absl::Status Submit(v1::Pledge& pledge, const Step& step) {
  RETURN_IF_ERROR(RequireState(pledge, {v1::PLEDGE_STATE_DRAFT}, "submission"));
  return Enter(pledge, v1::PLEDGE_STATE_SUBMITTED, step);
}

absl::Status Review(v1::Pledge& pledge, const Step& step) {
  RETURN_IF_ERROR(RequireState(pledge, {v1::PLEDGE_STATE_SUBMITTED}, "review"));
  // A branch reviews its own pledge before it goes out; a member never does.
  if (pledge.pledger_kind() != v1::PLEDGER_KIND_ORGANIZATION && step.on_behalf_of == pledge.pledger()) {
    return Error(reasons::kReviewerIsPledger, absl::StrCat(step.on_behalf_of, " is the pledger"),
                 {{"pledge", pledge.name()}, {"reviewer", step.on_behalf_of}});
  }
  return Enter(pledge, v1::PLEDGE_STATE_REVIEWED, step);
}

absl::Status Return(v1::Pledge& pledge, const Step& step) {
  RETURN_IF_ERROR(RequireState(
      pledge, {v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_AMENDED}, "a return"));
  const bool amended = pledge.state() == v1::PLEDGE_STATE_AMENDED;
  RETURN_IF_ERROR(Enter(pledge, amended ? StateFromItems(pledge.items()) : v1::PLEDGE_STATE_DRAFT, step));
  if (amended) pledge.clear_amendment();
  return absl::OkStatus();
}

absl::Status Publish(v1::Pledge& pledge, const Step& step) {
  RETURN_IF_ERROR(RequireState(pledge, {v1::PLEDGE_STATE_REVIEWED, v1::PLEDGE_STATE_AMENDED}, "publication"));
  const bool again = pledge.state() == v1::PLEDGE_STATE_AMENDED;
  RETURN_IF_ERROR(again ? CheckDueDates(pledge.amendment().items(), pledge.items(), step.day)
                        : CheckDueDates(pledge.items(), {}, step.day));
  RETURN_IF_ERROR(Enter(pledge, v1::PLEDGE_STATE_PUBLISHED, step));
  if (again) {
    Supersede(pledge, step.day);
    pledge.set_state(StateFromItems(pledge.items()));
  } else {
    *pledge.mutable_published_on() = DayToProto(step.day);
    for (v1::PledgeItem& item : *pledge.mutable_items()) *item.mutable_published_on() = pledge.published_on();
  }
  pledge.set_version(pledge.version() + 1);
  return absl::OkStatus();
}

absl::Status Withdraw(v1::Pledge& pledge, const Step& step) {
  RETURN_IF_ERROR(RequireState(pledge, {v1::PLEDGE_STATE_DRAFT, v1::PLEDGE_STATE_SUBMITTED, v1::PLEDGE_STATE_REVIEWED},
                               "withdrawal"));
  return Enter(pledge, v1::PLEDGE_STATE_WITHDRAWN, step);
}

absl::Status Amend(v1::Pledge& pledge, const Items& items, const Step& step) {
  RETURN_IF_ERROR(RequireState(pledge, {v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_IN_PROGRESS}, "an amendment"));
  Violations violations;
  CheckItemIds(items, "items", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckClaimedItemsStay(pledge.items(), items));
  RETURN_IF_ERROR(Enter(pledge, v1::PLEDGE_STATE_AMENDED, step));
  v1::PledgeAmendment& amendment = *pledge.mutable_amendment();
  *amendment.mutable_amended_on() = DayToProto(step.day);
  *amendment.mutable_items() = items;
  InitializeItems(*amendment.mutable_items(), ItemIds(pledge));
  amendment.set_reason(step.reason);
  return absl::OkStatus();
}

absl::Status ClaimItem(v1::Pledge& pledge, std::string_view item_id,
                       const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence, const Step& step) {
  ASSIGN_OR_RETURN(v1::PledgeItem * item, ItemForStep(pledge, item_id, {v1::PLEDGE_ITEM_STATE_PLEDGED}, "a claim"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(item->published_on(), Day::Min())));
  if (item->evidence_required() && evidence.empty()) {
    Violations violations;
    violations.Add("evidence", reasons::kEvidenceRequired, absl::StrCat("item ", ToAbsl(item_id), " needs evidence"));
    return violations.ToStatus();
  }
  *item->mutable_fulfilment()->mutable_claimed_on() = DayToProto(step.day);
  *item->mutable_fulfilment()->mutable_evidence() = evidence;
  EnterItem(pledge, *item, v1::PLEDGE_ITEM_STATE_CLAIMED_DONE, step);
  return absl::OkStatus();
}

absl::Status VerifyItem(v1::Pledge& pledge, std::string_view item_id, const Judge& verifier, const Step& step) {
  ASSIGN_OR_RETURN(v1::PledgeItem * item,
                   ItemForStep(pledge, item_id, {v1::PLEDGE_ITEM_STATE_CLAIMED_DONE}, "verification"));
  RETURN_IF_ERROR(CheckJudge(pledge, verifier));
  RETURN_IF_ERROR(CheckStep(step, DayOr(item->fulfilment().claimed_on(), Day::Min())));
  *item->mutable_fulfilment()->mutable_verified_on() = DayToProto(step.day);
  item->mutable_fulfilment()->set_verifier(verifier.name);
  EnterItem(pledge, *item, v1::PLEDGE_ITEM_STATE_VERIFIED, step);
  return absl::OkStatus();
}

absl::Status RecordNotMet(v1::Pledge& pledge, std::string_view item_id, const Judge& verifier, v1::NotMetCause cause,
                          std::string_view explanation, const Step& step) {
  ASSIGN_OR_RETURN(v1::PledgeItem * item,
                   ItemForStep(pledge, item_id, {v1::PLEDGE_ITEM_STATE_PLEDGED, v1::PLEDGE_ITEM_STATE_CLAIMED_DONE},
                               "a finding of not met"));
  RETURN_IF_ERROR(CheckJudge(pledge, verifier));
  const Day published = DayOr(item->published_on(), Day::Min());
  RETURN_IF_ERROR(CheckStep(step, DayOr(item->fulfilment().claimed_on(), published)));
  v1::Fulfilment& fulfilment = *item->mutable_fulfilment();
  *fulfilment.mutable_not_met_on() = DayToProto(step.day);
  fulfilment.set_verifier(verifier.name);
  fulfilment.set_not_met_cause(cause);
  fulfilment.set_explanation(std::string(explanation));
  EnterItem(pledge, *item, v1::PLEDGE_ITEM_STATE_NOT_MET, step);
  return absl::OkStatus();
}

absl::Status AddSupervisionCheck(v1::Pledge& pledge, const v1::SupervisionCheck& check, bool is_discipline_commission,
                                 const Step& step) {
  RETURN_IF_ERROR(RequireState(
      pledge,
      {v1::PLEDGE_STATE_PUBLISHED, v1::PLEDGE_STATE_IN_PROGRESS, v1::PLEDGE_STATE_SETTLED, v1::PLEDGE_STATE_AMENDED},
      "a supervision check"));
  if (!is_discipline_commission) {
    return Error(reasons::kNotADisciplineCommission, absl::StrCat(check.supervisor(), " is no discipline commission"),
                 {{"organization", check.supervisor()}});
  }
  if (!check.item_id().empty() && FindItem(std::as_const(pledge).items(), check.item_id()) == nullptr) {
    return UnknownItem(check.item_id());
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(pledge.published_on(), Day::Min())));
  *pledge.add_supervision_checks() = check;
  AddTransition(*pledge.mutable_transitions(),
                absl::StrCat(check.item_id().empty() ? "pledge" : check.item_id(), ":SUPERVISION_CHECK"), step);
  return absl::OkStatus();
}

bool IsOverdue(const v1::PledgeItem& item, Day today) {
  return item.state() == v1::PLEDGE_ITEM_STATE_PLEDGED && item.has_published_on() &&
         DayOr(item.due_date(), Day::Max()) < today;
}

void DeriveOverdue(v1::Pledge& pledge, Day today) {
  for (v1::PledgeItem& item : *pledge.mutable_items()) item.set_overdue(IsOverdue(item, today));
}

}  // namespace dangjian::pledge::pledge_rules
