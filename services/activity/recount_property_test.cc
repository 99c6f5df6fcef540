#include <string>
#include <vector>

#include "common/server/testing/random_operations.h"
#include "services/activity/testing/people_fixture.h"

// Random work on every entity, refused or not, while committees and branches move between communities and people are
// found to be members: after it each kept figure equals a recount of the records.

namespace dangjian::activity {
namespace {

using server::RandomOperation;

constexpr char kPackage[] = "dangjian.activity.v1";
// Alternatives of the street.
#define PLACE "'organizations/<east|west|street|east-committee|east-branch>'"
#define PERSON "'<members/wang|members/li|members/zhao|residents/zhang-1|residents/sun|residents/chen-1>'"
#define HOURS "start_time: '0<6..8>:00' end_time: '<10..17>:30' hours: '<1|2|2.5>'"
#define QUANTITY "quantity { value: '<1..60>' unit: '<ge|square_metre>' <|qualifier: QUALIFIER_AT_LEAST> }"

const std::vector<RandomOperation>& Operations() {
  static const auto* const kOperations = new std::vector<RandomOperation>{
      {"CreateTeamRequest",
       "team_id: '@id' team { <kind: TEAM_KIND_VOLUNTEER|kind: TEAM_KIND_PATROL|kind: TEAM_KIND_CULTURE "
       "culture_kind: CULTURE_KIND_CHOIR> organization: " PLACE " display_name: '队' formed_on @day }"},
      {"UpdateTeamRequest", "team { name: 'teams/@id' formed_on @day } update_mask { paths: 'formed_on' }"},
      {"CreateTeamMembershipRequest",
       "team_membership_id: '@id' team_membership { team: 'teams/@id' person: " PERSON
       " start_date @day <|end_date @later> }",
       true},
      {"UpdateTeamMembershipRequest",
       "team_membership { name: 'teamMemberships/@id' start_date @day } update_mask { paths: 'start_date' }"},
      {"EndTeamMembershipRequest", "name: 'teamMemberships/@id' @on"},
      {"DeleteTeamMembershipRequest", "name: 'teamMemberships/@id'"},
      {"DisbandTeamRequest", "name: 'teams/@id' @on"},
      {"DeleteTeamRequest", "name: 'teams/@id'"},

      {"CreateActivityRequest",
       "activity_id: '@id' activity { kind: ACTIVITY_KIND_<VOLUNTEER_SERVICE|VOLUNTEER_SERVICE|<ENVIRONMENT|PUBLICITY|"
       "MEETING>> display_name: '活动' organization: " PLACE " starts_on @day <held: true||> "
       "<|outputs { work_kind: 'TREES' " QUANTITY " actor: '<organizations/east|members/li>' }> "
       "<|fulfils: '<pledges/p|recurringDuties/d|pairings/a|homeVisits/v>'> }"},
      {"ApproveActivityRequest", "name: 'activities/@id' @on"},
      {"OpenActivityRequest", "name: 'activities/@id' @on"},
      {"CreateAttendanceRequest",
       "attendance_id: '@id' attendance { activity: 'activities/@id' person: " PERSON
       " voluntary: <true|true|false> <|team: 'teams/@id'> <|||attended: true <|" HOURS ">> }",
       true},
      {"CheckInAttendanceRequest", "name: 'attendances/@id' time: '0<6..9>:00'"},
      {"CheckOutAttendanceRequest", "name: 'attendances/@id' time: '<10..17>:30'"},
      {"ProposeAttendanceHoursRequest", "name: 'attendances/@id' hours: '<1|1.5>' @on"},
      {"HoldActivityRequest", "name: 'activities/@id' @on"},
      {"ConfirmAttendanceRequest", "name: 'attendances/@id' @on"},
      {"CreateAttendanceRequest",
       "attendance_id: '@id-<a|b>' attendance { activity: 'activities/@id' person: " PERSON
       " voluntary: true attended: true " HOURS " }",
       true},
      {"DisputeAttendanceRequest", "name: 'attendances/@id<||-a|-b>' reason: '时长不符' @on"},
      {"CorrectAttendanceRequest", "name: 'attendances/@id<||-a|-b>' hours: '<1|1.5>' reason: '核实' @on"},
      {"DeleteAttendanceRequest", "name: 'attendances/@id<|-a|-b>'"},
      {"UpdateActivityRequest",
       "activity { name: 'activities/@id' starts_on @day outputs { work_kind: 'TREES' " QUANTITY
       " } <|fulfils: 'pledges/p'> } update_mask { <paths: 'starts_on'|paths: 'outputs'|paths: 'fulfils'> }"},
      {"ReportActivityRequest", "name: 'activities/@id' @on"},
      {"VerifyActivityRequest", "name: 'activities/@id' @on"},
      {"CancelActivityRequest", "name: 'activities/@id' reason: '下雨' @on"},
      {"DeleteActivityRequest", "name: 'activities/@id'"},

      // There is one volunteer for each person, so that they have few names.
      {"CreateVolunteerRequest", "volunteer_id: 'v-<1..6>' volunteer { volunteer_no: 'ZY-000<1..9>' person: " PERSON
                                 " organization: " PLACE " skills: '理发' consented_on @day registered_on @day }"},
      {"UpdateVolunteerRequest",
       "volunteer { name: 'volunteers/v-<1..6>' registered_on @day } update_mask { paths: 'registered_on' }"},
      {"ActivateVolunteerRequest", "name: 'volunteers/v-<1..6>' @on"},
      {"SuspendVolunteerRequest", "name: 'volunteers/v-<1..6>' reason: '休息' @on"},
      {"WithdrawVolunteerRequest", "name: 'volunteers/v-<1..6>' @on"},
      {"DeleteVolunteerRequest", "name: 'volunteers/v-<1..6>'"},

      {"CreateVolunteerCertificateRequest",
       "volunteer_certificate_id: '@id' volunteer_certificate { certificate_no: 'ZM-<1000..9999>' volunteer: "
       "'volunteers/v-<1..6>' recording_body: " PLACE
       " content: '环境整治' period { start_date { year: 2026 month: 1 day: 1 "
       "} end_date { year: 2026 month: <6..10> day: 30 } } <||issued_on @day> }"},
      {"RevokeVolunteerCertificateRequest", "name: 'volunteerCertificates/@id' reason: '误开' @on"},

      {"CreateCivicPostRequest",
       "civic_post_id: '@id' civic_post { organization: " PLACE " title: '岗' quota: <1..2> set_up_on @day }"},
      {"UpdateCivicPostRequest",
       "civic_post { name: 'civicPosts/@id' quota: <1..3> set_up_on @day } update_mask { paths: 'quota' paths: "
       "'set_up_on' }"},
      {"CreateCivicPostClaimRequest",
       "civic_post_claim_id: '@id' civic_post_claim { civic_post: 'civicPosts/@id' person: " PERSON
       " offered_on @day }",
       true},
      {"ClaimCivicPostRequest", "name: 'civicPostClaims/@id' @on"},
      {"StartCivicPostClaimRequest", "name: 'civicPostClaims/@id' @on"},
      {"ReleaseCivicPostClaimRequest", "name: 'civicPostClaims/@id' @on"},
      {"DeleteCivicPostClaimRequest", "name: 'civicPostClaims/@id'"},
      {"CloseCivicPostRequest", "name: 'civicPosts/@id' closed_on @day"},
      {"DeleteCivicPostRequest", "name: 'civicPosts/@id'"},

      {"CreatePatrolShiftRequest",
       "patrol_shift_id: '@id' patrol_shift { organization: " PLACE " participants: " PERSON
       " start_minute: <0..700> end_minute: <600..1440> date @day <|findings { text: '灯坏' kind: "
       "PATROL_FINDING_KIND_FACILITY }> }"},
      {"UpdatePatrolShiftRequest",
       "patrol_shift { name: 'patrolShifts/@id' participants: " PERSON
       " start_minute: <0..700> end_minute: <600..1440> "
       "date @day } update_mask { paths: 'participants' paths: 'start_minute' paths: 'end_minute' paths: 'date' paths: "
       "'findings' }"},
      {"DeletePatrolShiftRequest", "name: 'patrolShifts/@id'"},

      {"CreateCoBuildingAgreementRequest",
       "co_building_agreement_id: '@id' co_building_agreement { organization: " PLACE
       " party: 'residentUnits/u-<1..60>' "
       "items { item_id: 'a' side: AGREEMENT_SIDE_UNIT kind: AGREEMENT_ITEM_KIND_DUTY text: '事' } valid_from @later "
       "<valid_to { year: 2027 month: <1..6> day: 1 }|valid_to { year: 2026 month: 11 day: <1..19> }|> "
       "<||signed_on { year: 2026 month: 1 day: 1 }> }"},
      {"SignCoBuildingAgreementRequest", "name: 'coBuildingAgreements/@id' signed_on @day"},
      {"EnterCoBuildingAgreementIntoForceRequest", "name: 'coBuildingAgreements/@id' <|occurred_on @later>"},
      {"FulfilAgreementItemRequest", "name: 'coBuildingAgreements/@id' item_id: 'a' <|done_on @later>"},
      {"ReopenAgreementItemRequest", "name: 'coBuildingAgreements/@id' item_id: 'a' reason: '误录'"},
      {"ExpireCoBuildingAgreementRequest", "name: 'coBuildingAgreements/@id' <|occurred_on @later>"},
      {"TerminateCoBuildingAgreementRequest", "name: 'coBuildingAgreements/@id' reason: '迁出' @on"},
      {"RenewCoBuildingAgreementRequest",
       "name: 'coBuildingAgreements/@id' successor_id: '@id-next' <signed_on @day valid_from @later|signed_on { year: "
       "2026 month: 11 day: 20 } valid_from { year: 2026 month: 12 day: <1..9> }>"},
      {"DeleteCoBuildingAgreementRequest", "name: 'coBuildingAgreements/@id'"},

      {"CreateJointMeetingRequest",
       "joint_meeting_id: '@id' joint_meeting { kind: JOINT_MEETING_KIND_<OTHER|JOINT_PARTY_MEETING> "
       "organization: " PLACE " <planned_on @day|held_on @day resolutions { resolution_id: 'a' text: '甲' }> }"},
      {"UpdateJointMeetingRequest",
       "joint_meeting { name: 'jointMeetings/@id' resolutions { resolution_id: 'a' text: '甲' } <|resolutions { "
       "resolution_id: 'b' text: '乙' }> } update_mask { paths: 'resolutions' }"},
      {"CancelJointMeetingRequest", "name: 'jointMeetings/@id'"},
      {"HoldJointMeetingRequest",
       "name: 'jointMeetings/@id' held_on @day <|resolutions { resolution_id: 'a' text: '甲' }>"},
      {"CompleteResolutionRequest", "name: 'jointMeetings/@id' resolution_id: 'a' done_on @day"},
      {"CloseJointMeetingRequest", "name: 'jointMeetings/@id'"},
      {"DeleteJointMeetingRequest", "name: 'jointMeetings/@id'"},

      {"CreateCaseReportRequest",
       "case_report_id: '@id' case_report { organization: " PLACE
       " kind: CASE_KIND_<CRIMINAL|PUBLIC_SECURITY> count: <0..50> source_document: '月报' period { start_date { year: "
       "<2025|2026> month: 1 day: 1 } end_date { year: <2025|2026> month: <1|3> day: 31 } } }"},
      {"UpdateCaseReportRequest",
       "case_report { name: 'caseReports/@id' count: <0..50> } update_mask { paths: 'count' }"},
      {"DeleteCaseReportRequest", "name: 'caseReports/@id'"},
  };
  return *kOperations;
}

#undef PLACE
#undef PERSON
#undef HOURS
#undef QUANTITY

class RecountPropertyTest : public server::RecountTest<PeopleTest> {};

TEST_P(RecountPropertyTest, FiguresEqualARecount) {
  ASSERT_THAT(AddPerson("sun"), testing::IsOk());
  for (int unit = 1; unit <= 60; ++unit) {
    ASSERT_THAT(AddResidentUnit("u-" + std::to_string(unit), "east"), testing::IsOk());
  }
  Run(kPackage, Operations(), 12000, [&](server::RandomOperations& random) {
    ASSERT_THAT(MoveOrganization(random.Expand("<east-branch|east-committee>"), random.Expand("<east|west>"),
                                 random.RandomDay()),
                testing::IsOk());
    ASSERT_THAT(LinkToMember("residents/sun", random.Expand("<|members/li>")), testing::IsOk());
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecountPropertyTest, ::testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace dangjian::activity
