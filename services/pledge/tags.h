#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the pledge service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::pledge::tags {

// Tables; an index has its table's tag plus its position.
inline constexpr uint16_t kCampaign = storage::keyspace::kPledgeFirst;
inline constexpr uint16_t kCampaignByOrganization = 0x0201;
inline constexpr uint16_t kPledge = 0x0210;
inline constexpr uint16_t kPledgeByOrganization = 0x0211;
inline constexpr uint16_t kPledgeByPledger = 0x0212;
inline constexpr uint16_t kDisclosure = 0x0220;
inline constexpr uint16_t kDisclosureByOrganization = 0x0221;
inline constexpr uint16_t kDisclosureByCampaign = 0x0222;
inline constexpr uint16_t kEvaluationRound = 0x0230;
inline constexpr uint16_t kEvaluationRoundByOrganization = 0x0231;
inline constexpr uint16_t kEvaluationRoundByCampaign = 0x0232;
inline constexpr uint16_t kTarget = 0x0240;
inline constexpr uint16_t kTargetByOrganization = 0x0241;
inline constexpr uint16_t kTargetByCampaign = 0x0242;
inline constexpr uint16_t kDemonstrationSite = 0x0250;
inline constexpr uint16_t kDemonstrationSiteByOrganization = 0x0251;
inline constexpr uint16_t kDemonstrationSiteByCampaign = 0x0252;
inline constexpr uint16_t kCampaignFund = 0x0260;
inline constexpr uint16_t kCampaignFundByOrganization = 0x0261;
inline constexpr uint16_t kCampaignFundByCampaign = 0x0262;

// Measures.
inline constexpr uint16_t kPledgeItems = 0x0201;
inline constexpr uint16_t kPledgeItemsStanding = 0x0202;
inline constexpr uint16_t kPledgeItemsOnSchedule = 0x0203;
inline constexpr uint16_t kPledgeItemsDue = 0x0204;
inline constexpr uint16_t kPledgeItemsVerified = 0x0205;
inline constexpr uint16_t kDisclosures = 0x0206;
inline constexpr uint16_t kEvaluationRounds = 0x0207;
inline constexpr uint16_t kMembersEvaluated = 0x0208;
inline constexpr uint16_t kTargets = 0x0209;
inline constexpr uint16_t kTargetProgress = 0x020A;
inline constexpr uint16_t kDemonstrationSites = 0x020B;
inline constexpr uint16_t kDemonstrationSitesMeetingStandard = 0x020C;
inline constexpr uint16_t kCampaignFundsAllotted = 0x020D;
inline constexpr uint16_t kCampaignFundsTransferred = 0x020E;

}  // namespace dangjian::pledge::tags
