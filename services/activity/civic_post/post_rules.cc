#include "services/activity/civic_post/post_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/civic_post_claim/claim_rules.h"

namespace dangjian::activity::post_rules {
namespace {

std::string_view NameOf(v1::CivicPostState state) {
  return StripPrefix(v1::CivicPostState_Name(state), "CIVIC_POST_STATE_");
}

absl::Status RequireOpen(const v1::CivicPost& post, std::string_view verb) {
  if (post.state() == v1::CIVIC_POST_STATE_OPEN) return absl::OkStatus();
  return IllegalTransition(post.name(), NameOf(post.state()), verb);
}

}  // namespace

void Initialize(v1::CivicPost& post) {
  post.set_state(v1::CIVIC_POST_STATE_OPEN);
  post.clear_closed_on();
  post.clear_transitions();
}

void CheckContent(const v1::CivicPost& post, Day today, Violations& violations) {
  if (DayOr(post.set_up_on(), today) <= today) return;
  violations.Add("civic_post.set_up_on", dangjian::reasons::kDateInFuture, "set up after today");
}

absl::Status CheckChange(const v1::CivicPost& updated, const std::vector<v1::CivicPostClaim>& claims, Day today) {
  RETURN_IF_ERROR(RequireOpen(updated, "an update"));
  for (const v1::CivicPostClaim& claim : claims) {
    if (DayOr(claim.offered_on(), Day::Max()) >= DayOr(updated.set_up_on(), Day::Min())) continue;
    return Error(reasons::kCivicPostNotOpen, absl::StrCat(claim.name(), " was offered before the post is set up"),
                 {{"resource", claim.name()}});
  }
  const int held = claim_rules::MostHeld(claims, today);
  if (held <= updated.quota()) return absl::OkStatus();
  return Error(reasons::kCivicPostFull, absl::StrCat(held, " people hold the post"),
               {{"resource", updated.name()}, {"quota", absl::StrCat(updated.quota())}});
}

absl::Status Close(v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& claims, const Step& step) {
  RETURN_IF_ERROR(RequireOpen(post, "closing"));
  Day not_before = DayOr(post.set_up_on(), Day::Min());
  for (const v1::CivicPostClaim& claim : claims) {
    if (claim.state() != v1::CIVIC_POST_CLAIM_STATE_RELEASED) {
      return Error(reasons::kCivicPostHeld, absl::StrCat(claim.name(), " is not released"),
                   {{"resource", claim.name()}});
    }
    not_before = std::max(not_before, DayOr(claim.released_on(), Day::Min()));
  }
  RETURN_IF_ERROR(CheckStep(step, not_before));
  post.set_state(v1::CIVIC_POST_STATE_CLOSED);
  *post.mutable_closed_on() = DayToProto(step.day);
  AddTransition(*post.mutable_transitions(), NameOf(post.state()), step);
  return absl::OkStatus();
}

}  // namespace dangjian::activity::post_rules
