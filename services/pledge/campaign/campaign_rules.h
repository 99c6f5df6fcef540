#pragma once

#include "absl/status/status.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/campaign.pb.h"

// The life of a campaign. Pure.

namespace dangjian::pledge::campaign_rules {

// Sets what a new record starts with.
void Initialize(v1::Campaign& campaign);
// DATES_OUT_OF_ORDER.
absl::Status CheckContent(const v1::Campaign& campaign);
absl::Status CheckEditable(const v1::Campaign& campaign);
absl::Status Start(v1::Campaign& campaign, const Step& step);
absl::Status Close(v1::Campaign& campaign, const Step& step);

}  // namespace dangjian::pledge::campaign_rules
