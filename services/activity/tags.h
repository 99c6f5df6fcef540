#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the activity service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::activity::tags {

// Tables; an index has its table's tag plus its position.
inline constexpr uint16_t kTeam = storage::keyspace::kActivityFirst;
inline constexpr uint16_t kTeamByOrganization = 0x0401;
inline constexpr uint16_t kTeamMembership = 0x0408;
inline constexpr uint16_t kTeamMembershipByTeam = 0x0409;
inline constexpr uint16_t kTeamMembershipByPerson = 0x040A;
inline constexpr uint16_t kActivity = 0x0410;
inline constexpr uint16_t kActivityByOrganization = 0x0411;
inline constexpr uint16_t kActivityByCampaign = 0x0412;
inline constexpr uint16_t kActivityBySeries = 0x0413;
inline constexpr uint16_t kAttendance = 0x0420;
inline constexpr uint16_t kAttendanceByActivity = 0x0421;
inline constexpr uint16_t kAttendanceByPerson = 0x0422;
inline constexpr uint16_t kVolunteer = 0x0428;
inline constexpr uint16_t kVolunteerByOrganization = 0x0429;
inline constexpr uint16_t kVolunteerByPerson = 0x042A;
inline constexpr uint16_t kVolunteerLackingConsent = 0x042D;
// 0x042B is free: by person there is no unique index, since a merge of two registered volunteers has to go through.
inline constexpr uint16_t kVolunteerByNumber = 0x042C;
inline constexpr uint16_t kVolunteerCertificate = 0x0430;
inline constexpr uint16_t kVolunteerCertificateByBody = 0x0431;
inline constexpr uint16_t kVolunteerCertificateByVolunteer = 0x0432;
inline constexpr uint16_t kVolunteerCertificateByNumber = 0x0433;
inline constexpr uint16_t kCivicPost = 0x0440;
inline constexpr uint16_t kCivicPostByOrganization = 0x0441;
inline constexpr uint16_t kCivicPostClaim = 0x0448;
inline constexpr uint16_t kCivicPostClaimByPost = 0x0449;
inline constexpr uint16_t kCivicPostClaimByPerson = 0x044A;
inline constexpr uint16_t kCivicPostClaimByOrganization = 0x044B;
inline constexpr uint16_t kPatrolShift = 0x0450;
inline constexpr uint16_t kPatrolShiftByOrganization = 0x0451;
inline constexpr uint16_t kPatrolShiftByTeam = 0x0452;
// 0x0453 was an index by day.
inline constexpr uint16_t kPatrolShiftByParticipant = 0x0454;
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
inline constexpr uint16_t kTeams = 0x0401;
inline constexpr uint16_t kCultureTeamMembers = 0x0402;
inline constexpr uint16_t kVolunteerTeamMembers = 0x0403;
inline constexpr uint16_t kPatrolTeamMembers = 0x0404;
inline constexpr uint16_t kTeamMemberships = 0x0405;
inline constexpr uint16_t kActivities = 0x0406;
inline constexpr uint16_t kWorks = 0x0407;
inline constexpr uint16_t kFulfilments = 0x0408;
inline constexpr uint16_t kVolunteersParticipating = 0x0409;
inline constexpr uint16_t kVolunteerAttendances = 0x040A;
inline constexpr uint16_t kVolunteerHours = 0x040B;
inline constexpr uint16_t kParticipants = 0x040C;
inline constexpr uint16_t kAttendances = 0x040D;
inline constexpr uint16_t kRegisteredVolunteers = 0x040E;
inline constexpr uint16_t kCertificatesIssued = 0x040F;
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
