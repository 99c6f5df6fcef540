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
inline constexpr uint16_t kMlsRuleSet = 0x0310;
inline constexpr uint16_t kMlsRuleSetByOrganization = 0x0311;
inline constexpr uint16_t kMlsCase = 0x0320;
inline constexpr uint16_t kMlsCaseByOrganization = 0x0321;
inline constexpr uint16_t kMlsCaseByHousehold = 0x0322;
inline constexpr uint16_t kMlsCaseByCounted = 0x0323;
inline constexpr uint16_t kMlsCaseByPerson = 0x0324;
inline constexpr uint16_t kMlsCaseLackingAuthorisation = 0x0325;
inline constexpr uint16_t kMlsCoverage = 0x0328;

// Payments: 0x0350–0x037F.
inline constexpr uint16_t kPaymentBatch = 0x0350;
inline constexpr uint16_t kPaymentBatchByOrganization = 0x0351;
inline constexpr uint16_t kPaymentLine = 0x0360;
inline constexpr uint16_t kPaymentLineByBatch = 0x0361;
inline constexpr uint16_t kPaymentLineByCase = 0x0362;
inline constexpr uint16_t kPaymentLineByPayee = 0x0363;
inline constexpr uint16_t kPaymentLineWaiting = 0x0364;
inline constexpr uint16_t kPaymentLineByAccount = 0x0365;
inline constexpr uint16_t kPaymentLineDisputed = 0x0366;
inline constexpr uint16_t kLedgerEntry = 0x0370;
inline constexpr uint16_t kLedgerEntryByBatch = 0x0371;
inline constexpr uint16_t kLedgerEntryByOrganization = 0x0372;
inline constexpr uint16_t kStopListEntry = 0x0378;
inline constexpr uint16_t kStopListEntryBySubject = 0x0379;

// Re-employment, stations, facilities: 0x0380–0x03BF.
inline constexpr uint16_t kUnemploymentRegistration = 0x0380;
inline constexpr uint16_t kUnemploymentRegistrationByOrganization = 0x0381;
inline constexpr uint16_t kUnemploymentRegistrationByResident = 0x0382;
inline constexpr uint16_t kUnemploymentRegistrationOpen = 0x0383;
inline constexpr uint16_t kUnemploymentRegistrationByCounted = 0x0384;
inline constexpr uint16_t kUnemploymentRegistrationAgeContradicted = 0x0385;
inline constexpr uint16_t kTrainingCourse = 0x0388;
inline constexpr uint16_t kTrainingCourseByOrganization = 0x0389;
inline constexpr uint16_t kTrainingEnrolment = 0x0390;
inline constexpr uint16_t kTrainingEnrolmentByOrganization = 0x0391;
inline constexpr uint16_t kTrainingEnrolmentByCourse = 0x0392;
inline constexpr uint16_t kTrainingEnrolmentByRegistration = 0x0393;
inline constexpr uint16_t kTrainingEnrolmentOnce = 0x0394;
inline constexpr uint16_t kTrainingEnrolmentByPerson = 0x0395;
inline constexpr uint16_t kVacancyReferral = 0x0398;
inline constexpr uint16_t kVacancyReferralByOrganization = 0x0399;
inline constexpr uint16_t kVacancyReferralByRegistration = 0x039A;
inline constexpr uint16_t kJobPlacement = 0x03A0;
inline constexpr uint16_t kJobPlacementByOrganization = 0x03A1;
inline constexpr uint16_t kJobPlacementByRegistration = 0x03A2;
inline constexpr uint16_t kJobPlacementByPerson = 0x03A3;
inline constexpr uint16_t kSubsidisedJob = 0x03A8;
inline constexpr uint16_t kSubsidisedJobByOrganization = 0x03A9;
inline constexpr uint16_t kLabourStation = 0x03B0;
inline constexpr uint16_t kLabourStationByOrganization = 0x03B1;
inline constexpr uint16_t kFacility = 0x03B8;
inline constexpr uint16_t kFacilityByOrganization = 0x03B9;

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
inline constexpr uint16_t kStockIssueByCounted = 0x03D3;
inline constexpr uint16_t kPointsEntry = 0x03D4;
inline constexpr uint16_t kPointsEntryByOrganization = 0x03D5;
inline constexpr uint16_t kPointsEntryByAccount = 0x03D6;

// Pairings, assistance, visits: 0x03D8–0x03EF.
inline constexpr uint16_t kPairing = 0x03D8;
inline constexpr uint16_t kPairingByOrganization = 0x03D9;
inline constexpr uint16_t kPairingByHousehold = 0x03DA;
inline constexpr uint16_t kPairingByCounted = 0x03DB;
inline constexpr uint16_t kAssistanceAction = 0x03E0;
inline constexpr uint16_t kAssistanceActionByOrganization = 0x03E1;
inline constexpr uint16_t kAssistanceActionByPairing = 0x03E2;
inline constexpr uint16_t kAssistanceActionByMember = 0x03E3;
inline constexpr uint16_t kHomeVisit = 0x03E8;
inline constexpr uint16_t kHomeVisitByOrganization = 0x03E9;
inline constexpr uint16_t kHomeVisitByHousehold = 0x03EA;
inline constexpr uint16_t kHomeVisitByClientId = 0x03EB;
inline constexpr uint16_t kHomeVisitByCounted = 0x03EC;

// Measures.
inline constexpr uint16_t kMlsHouseholdsGranted = 0x0301;
inline constexpr uint16_t kMlsPersonsGranted = 0x0302;
inline constexpr uint16_t kMlsHouseholds = 0x0303;
inline constexpr uint16_t kMlsPersons = 0x0304;
inline constexpr uint16_t kMlsApplications = 0x0305;
inline constexpr uint16_t kLedgerBalance = 0x0311;
inline constexpr uint16_t kMlsPaid = 0x0312;
inline constexpr uint16_t kMlsLinesFailed = 0x0313;

// Re-employment, stations, facilities: 0x0321–0x033F.
inline constexpr uint16_t kRegisteredUnemployed = 0x0321;
inline constexpr uint16_t kHardToEmployPersons = 0x0322;
inline constexpr uint16_t kTrainedPersons = 0x0323;
inline constexpr uint16_t kTrainingCompletions = 0x0324;
inline constexpr uint16_t kReferrals = 0x0325;
inline constexpr uint16_t kPlacedPersons = 0x0326;
inline constexpr uint16_t kPlacements = 0x0327;
inline constexpr uint16_t kSubsidisedJobs = 0x0328;
inline constexpr uint16_t kSubsidisedJobHolders = 0x0329;
inline constexpr uint16_t kLabourSecurityStations = 0x032A;
inline constexpr uint16_t kFacilities = 0x032B;

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
