#include "services/activity/civic_post_claim/claim_rules.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::claim_rules {
namespace {

std::string_view NameOf(v1::CivicPostClaimState state) {
  return StripPrefix(v1::CivicPostClaimState_Name(state), "CIVIC_POST_CLAIM_STATE_");
}

absl::Status Move(v1::CivicPostClaim& claim, std::initializer_list<v1::CivicPostClaimState> from,
                  v1::CivicPostClaimState to, std::string_view verb, const Step& step) {
  if (std::find(from.begin(), from.end(), claim.state()) == from.end()) {
    return IllegalTransition(claim.name(), NameOf(claim.state()), verb);
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(claim.transitions())));
  claim.set_state(to);
  AddTransition(*claim.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

absl::Status CheckOpen(const v1::CivicPost& post, Day day) {
  if (post.state() == v1::CIVIC_POST_STATE_OPEN && day >= DayOr(post.set_up_on(), Day::Max())) return absl::OkStatus();
  return Error(reasons::kCivicPostNotOpen, absl::StrCat(post.name(), " is not open on ", FormatDay(day)),
               {{"resource", post.name()}});
}

}  // namespace

std::optional<DayRange> DaysHeld(const v1::CivicPostClaim& claim) {
  if (!claim.has_claimed_on()) return std::nullopt;
  return DayRange{DayOr(claim.claimed_on(), Day::Min()), DayOr(claim.released_on(), Day::Max())};
}

int MostHeld(const std::vector<v1::CivicPostClaim>& claims, Day from) {
  std::map<Day, int> changes;
  for (const v1::CivicPostClaim& claim : claims) {
    const std::optional<DayRange> held = DaysHeld(claim);
    if (!held.has_value() || held->last < from) continue;
    ++changes[std::max(held->first, from)];
    if (held->last != Day::Max()) --changes[held->last + 1];
  }
  int most = 0;
  int held = 0;
  for (const auto& [day, change] : changes) {
    held += change;
    most = std::max(most, held);
  }
  return most;
}

absl::Status Offer(v1::CivicPostClaim& claim, const v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& others,
                   const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  RETURN_IF_ERROR(CheckOpen(post, step.day));
  for (const v1::CivicPostClaim& other : others) {
    const bool open = other.state() != v1::CIVIC_POST_CLAIM_STATE_RELEASED;
    const std::optional<DayRange> held = DaysHeld(other);
    if (!open && (!held.has_value() || held->last < step.day)) continue;
    return Error(reasons::kCivicPostClaimedTwice, absl::StrCat(other.name(), " is the same person's claim"),
                 {{"resource", other.name()}});
  }
  claim.set_organization(post.organization());
  claim.set_state(v1::CIVIC_POST_CLAIM_STATE_OFFERED);
  claim.clear_claimed_on();
  claim.clear_started_on();
  claim.clear_released_on();
  claim.clear_transitions();
  AddTransition(*claim.mutable_transitions(), NameOf(claim.state()), step);
  return absl::OkStatus();
}

absl::Status Claim(v1::CivicPostClaim& claim, const v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& claims,
                   const Step& step) {
  RETURN_IF_ERROR(
      Move(claim, {v1::CIVIC_POST_CLAIM_STATE_OFFERED}, v1::CIVIC_POST_CLAIM_STATE_CLAIMED, "a claim", step));
  RETURN_IF_ERROR(CheckOpen(post, step.day));
  *claim.mutable_claimed_on() = DayToProto(step.day);
  std::vector<v1::CivicPostClaim> all{claim};
  for (const v1::CivicPostClaim& other : claims) {
    if (other.name() != claim.name()) all.push_back(other);
  }
  if (MostHeld(all, step.day) <= post.quota()) return absl::OkStatus();
  return Error(reasons::kCivicPostFull, absl::StrCat(post.name(), " has no more than ", post.quota(), " places"),
               {{"resource", post.name()}, {"quota", absl::StrCat(post.quota())}});
}

absl::Status Start(v1::CivicPostClaim& claim, const Step& step) {
  RETURN_IF_ERROR(
      Move(claim, {v1::CIVIC_POST_CLAIM_STATE_CLAIMED}, v1::CIVIC_POST_CLAIM_STATE_ACTIVE, "a start", step));
  *claim.mutable_started_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Release(v1::CivicPostClaim& claim, const Step& step) {
  RETURN_IF_ERROR(
      Move(claim,
           {v1::CIVIC_POST_CLAIM_STATE_OFFERED, v1::CIVIC_POST_CLAIM_STATE_CLAIMED, v1::CIVIC_POST_CLAIM_STATE_ACTIVE},
           v1::CIVIC_POST_CLAIM_STATE_RELEASED, "a release", step));
  *claim.mutable_released_on() = DayToProto(step.day);
  return absl::OkStatus();
}

}  // namespace dangjian::activity::claim_rules
