#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the welfare service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::welfare::tags {

// Tables; an index has its table's tag plus its position.

// Minimum living security: 0x0300–0x034F.
inline constexpr uint16_t kMlsAward = storage::keyspace::kWelfareFirst;
inline constexpr uint16_t kMlsAwardByCase = 0x0301;
inline constexpr uint16_t kMlsAwardByOrganization = 0x0302;

// Charity store: 0x03C0–0x03D7.
inline constexpr uint16_t kDonationReceipt = 0x03C0;
inline constexpr uint16_t kDonationReceiptByOrganization = 0x03C1;
inline constexpr uint16_t kDonationReceiptByNumber = 0x03C2;
inline constexpr uint16_t kStockLot = 0x03C8;
inline constexpr uint16_t kStockLotByOrganization = 0x03C9;
inline constexpr uint16_t kStockLotByDonation = 0x03CA;
inline constexpr uint16_t kStockLotInStockByItem = 0x03CB;
inline constexpr uint16_t kStockIssue = 0x03D0;
inline constexpr uint16_t kStockIssueByOrganization = 0x03D1;
inline constexpr uint16_t kStockIssueByBeneficiary = 0x03D2;
inline constexpr uint16_t kPointsEntry = 0x03D4;
inline constexpr uint16_t kPointsEntryByOrganization = 0x03D5;
inline constexpr uint16_t kPointsEntryByAccount = 0x03D6;

// Pairings, assistance, visits: 0x03D8–0x03EF.
inline constexpr uint16_t kPairing = 0x03D8;
inline constexpr uint16_t kPairingByOrganization = 0x03D9;
inline constexpr uint16_t kPairingByHousehold = 0x03DA;
inline constexpr uint16_t kAssistanceAction = 0x03E0;
inline constexpr uint16_t kAssistanceActionByOrganization = 0x03E1;
inline constexpr uint16_t kAssistanceActionByPairing = 0x03E2;
inline constexpr uint16_t kAssistanceActionByMember = 0x03E3;
inline constexpr uint16_t kHomeVisit = 0x03E8;
inline constexpr uint16_t kHomeVisitByOrganization = 0x03E9;
inline constexpr uint16_t kHomeVisitByHousehold = 0x03EA;
inline constexpr uint16_t kHomeVisitByClientId = 0x03EB;

// Measures.

// Visits, pairings, charity store: 0x0341–0x035F.
inline constexpr uint16_t kHouseholdsVisited = 0x0341;
inline constexpr uint16_t kHomeVisits = 0x0342;
inline constexpr uint16_t kHomeVisitsByReason = 0x0343;
inline constexpr uint16_t kPairedMembers = 0x0344;
inline constexpr uint16_t kPairedHouseholds = 0x0345;
inline constexpr uint16_t kPairings = 0x0346;
inline constexpr uint16_t kAssistanceValue = 0x0347;
inline constexpr uint16_t kAssistanceActions = 0x0348;
inline constexpr uint16_t kDonatedGoods = 0x0349;
inline constexpr uint16_t kDonatedCash = 0x034A;
inline constexpr uint16_t kCharityBeneficiaries = 0x034B;
inline constexpr uint16_t kStockIssues = 0x034C;
inline constexpr uint16_t kStockOnHand = 0x034D;

}  // namespace dangjian::welfare::tags
