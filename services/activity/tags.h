#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the activity service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::activity::tags {

// Tables; an index has its table's tag plus its position.
inline constexpr uint16_t kCivicPost = 0x0440;
inline constexpr uint16_t kCivicPostByOrganization = 0x0441;
inline constexpr uint16_t kCivicPostClaim = 0x0448;
inline constexpr uint16_t kCivicPostClaimByPost = 0x0449;
inline constexpr uint16_t kCivicPostClaimByPerson = 0x044A;
inline constexpr uint16_t kCivicPostClaimByOrganization = 0x044B;
inline constexpr uint16_t kPatrolShift = 0x0450;
inline constexpr uint16_t kPatrolShiftByOrganization = 0x0451;
inline constexpr uint16_t kPatrolShiftByTeam = 0x0452;
inline constexpr uint16_t kPatrolShiftByDate = 0x0453;
inline constexpr uint16_t kCoBuildingAgreement = 0x0458;
inline constexpr uint16_t kCoBuildingAgreementByOrganization = 0x0459;
inline constexpr uint16_t kCoBuildingAgreementByParty = 0x045A;
inline constexpr uint16_t kJointMeeting = 0x0460;
inline constexpr uint16_t kJointMeetingByOrganization = 0x0461;
inline constexpr uint16_t kJointMeetingByCampaign = 0x0462;
inline constexpr uint16_t kCaseReport = 0x0470;
inline constexpr uint16_t kCaseReportByOrganization = 0x0471;
inline constexpr uint16_t kCaseReportByKindAndEnd = 0x0472;

// Measures.
inline constexpr uint16_t kCivicPosts = 0x0421;
inline constexpr uint16_t kCivicPostHolders = 0x0422;
inline constexpr uint16_t kPatrolShifts = 0x0423;
inline constexpr uint16_t kPatrolAttendances = 0x0424;
inline constexpr uint16_t kPatrolHours = 0x0425;
inline constexpr uint16_t kPatrolFindings = 0x0426;
inline constexpr uint16_t kCoBuildingAgreements = 0x0427;
inline constexpr uint16_t kAgreementsSigned = 0x0428;
inline constexpr uint16_t kAgreementItemsFulfilled = 0x0429;
inline constexpr uint16_t kMeetings = 0x042A;
inline constexpr uint16_t kResolutions = 0x042B;
inline constexpr uint16_t kResolutionsDone = 0x042C;
inline constexpr uint16_t kCases = 0x042D;

}  // namespace dangjian::activity::tags
