#include "services/pledge/campaign/campaign_rules.h"

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::campaign_rules {
namespace {

std::string_view NameOf(v1::CampaignState state) {
  return StripPrefix(v1::CampaignState_Name(state), "CAMPAIGN_STATE_");
}

absl::Status Move(v1::Campaign& campaign, v1::CampaignState from, v1::CampaignState to, std::string_view verb,
                  const Step& step) {
  if (campaign.state() != from) return IllegalTransition(campaign.name(), NameOf(campaign.state()), verb);
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(campaign.transitions())));
  campaign.set_state(to);
  AddTransition(*campaign.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

}  // namespace

void Initialize(v1::Campaign& campaign) {
  campaign.set_state(v1::CAMPAIGN_STATE_DRAFT);
  campaign.clear_transitions();
}

absl::Status CheckContent(const v1::Campaign& campaign) {
  if (DayOr(campaign.start_date(), Day::Min()) <= DayOr(campaign.end_date(), Day::Max())) return absl::OkStatus();
  Violations violations;
  violations.Add("campaign.end_date", dangjian::reasons::kDatesOutOfOrder, "the campaign would end before it starts");
  return violations.ToStatus();
}

absl::Status CheckEditable(const v1::Campaign& campaign) {
  if (campaign.state() != v1::CAMPAIGN_STATE_CLOSED) return absl::OkStatus();
  return IllegalTransition(campaign.name(), NameOf(campaign.state()), "an update");
}

absl::Status Start(v1::Campaign& campaign, const Step& step) {
  return Move(campaign, v1::CAMPAIGN_STATE_DRAFT, v1::CAMPAIGN_STATE_RUNNING, "a start", step);
}

absl::Status Close(v1::Campaign& campaign, const Step& step) {
  return Move(campaign, v1::CAMPAIGN_STATE_RUNNING, v1::CAMPAIGN_STATE_CLOSED, "closing", step);
}

}  // namespace dangjian::pledge::campaign_rules
