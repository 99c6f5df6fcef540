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
inline constexpr uint16_t kHonourAward = 0x0270;
inline constexpr uint16_t kHonourAwardByOrganization = 0x0271;
inline constexpr uint16_t kHonourAwardByTitle = 0x0272;
inline constexpr uint16_t kHonourAwardByAwardee = 0x0273;
inline constexpr uint16_t kHonourAwardOnce = 0x0274;
inline constexpr uint16_t kHonourAwardByCounted = 0x0275;
inline constexpr uint16_t kRecurringDuty = 0x0280;
inline constexpr uint16_t kRecurringDutyByOrganization = 0x0281;
inline constexpr uint16_t kRecurringDutyByCampaign = 0x0282;
inline constexpr uint16_t kDutyFulfilment = 0x0288;
inline constexpr uint16_t kDutyFulfilmentByDuty = 0x0289;
inline constexpr uint16_t kDutyFulfilmentByMember = 0x028A;
inline constexpr uint16_t kDutyFulfilmentOfPeriod = 0x028B;
inline constexpr uint16_t kAnnualAssessment = 0x0290;
inline constexpr uint16_t kAnnualAssessmentByOrganization = 0x0291;
inline constexpr uint16_t kAnnualAssessmentOfYear = 0x0292;

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
inline constexpr uint16_t kHonours = 0x020F;
inline constexpr uint16_t kMembersCommendedDistrict = 0x0210;
inline constexpr uint16_t kMembersNamedAdvanced = 0x0211;
inline constexpr uint16_t kHouseholdsHonoured = 0x0212;
inline constexpr uint16_t kRecurringDuties = 0x0213;
inline constexpr uint16_t kDutyMembers = 0x0214;
inline constexpr uint16_t kDutyFulfilments = 0x0215;
inline constexpr uint16_t kAssessmentsFinal = 0x0216;

}  // namespace dangjian::pledge::tags
