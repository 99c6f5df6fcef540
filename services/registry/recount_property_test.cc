#include <string>
#include <vector>

#include "common/server/testing/random_operations.h"
#include "services/registry/testing/harness.h"

// Random work on every entity, refused or not, with moves and dissolutions of organisations and with duplicates merged
// and parted again: after it each kept figure equals a recount of the records.

namespace dangjian::registry {
namespace {

using server::RandomOperation;

constexpr char kPackage[] = "dangjian.registry.v1";
#define TODAY "{ year: 2026 month: 11 day: 20 }"
#define PLACE "'organizations/<east|west|street|committee|branch|@id>'"
#define COMMUNITY "'organizations/<east|west|@id>'"
#define BRANCH "'organizations/<branch|branch-2|branch|@id>'"
#define TAG(kinds) "tags { kind: KIND_<" kinds "> source: '走访' start_date @day <|end_date @day> }"

const std::vector<RandomOperation>& Operations() {
  static const auto* const kOperations = new std::vector<RandomOperation>{
      {"CreateOrganizationRequest",
       "organization_id: '@id' organization { kind: ORGANIZATION_KIND_<COMMUNITY|BRANCH|RESIDENTS_COMMITTEE> "
       "display_name: '组织<1..999>' <|approved_on @day|activated_on @day> <|parents { parent: "
       "'organizations/<east|west|street>' kind: EDGE_KIND_<ADMINISTRATIVE|PARTY> <|start_date @day> }> "
       "<|areas { square_kilometres: '1.5' start_date @day }> }"},
      {"UpdateOrganizationRequest",
       "organization { name: 'organizations/<east|west|@id>' areas { square_kilometres: '<1..9>.25' start_date @day } "
       "} "
       "update_mask { paths: 'areas' }"},
      {"ApproveOrganizationRequest", "name: 'organizations/@id' occurred_on " TODAY},  // it was proposed today
      {"ActivateOrganizationRequest", "name: 'organizations/@id' occurred_on <@day|" TODAY ">"},
      {"SuspendOrganizationRequest", "name: 'organizations/@id' occurred_on <@day|" TODAY "> reason: '整顿'"},
      {"ResumeOrganizationRequest", "name: 'organizations/@id' occurred_on <@day|" TODAY ">"},
      {"DissolveOrganizationRequest", "name: 'organizations/@id' occurred_on <@day|" TODAY "> reason: '撤并'"},
      {"MoveOrganizationRequest",
       "name: 'organizations/<committee|branch|branch-2|@id>' parent: 'organizations/<east|west|street|@id>' kind: "
       "EDGE_KIND_<ADMINISTRATIVE|PARTY> occurred_on @day"},
      {"RelocateOrganizationRequest", "name: " PLACE " address: '东风路<1..99>号' occurred_on @day"},
      {"RenameOrganizationRequest", "name: 'organizations/@id' display_name: '组织<1..999>' occurred_on @day"},

      {"CreateMemberRequest",
       "member_id: '@id' member { display_name: '党员' admitted_on { year: <2024|2025> month: <1..6> day: 1 } "
       "<||full_on @day> relations { organization: " BRANCH " } }"},
      {"ExtendProbationRequest",
       "name: 'members/@id' occurred_on @day probation_due_on { <year: 2026 month: 1|year: 2026 month: 12|year: 2027 "
       "month: 1> "
       "day: 1 } reason: '考察'"},
      {"ConfirmMemberRequest", "name: 'members/@id' occurred_on @day"},
      {"CancelMembershipRequest", "name: 'members/@id' occurred_on @day reason: '不合格'"},
      {"CreateMemberTransferRequest",
       "member_transfer_id: '@id' member_transfer { member: 'members/<@id|wang>' to_organization: " BRANCH
       " requested_on @day }",
       true},
      {"IssueMemberTransferRequest", "name: 'memberTransfers/@id' occurred_on @day"},
      {"RejectMemberTransferRequest", "name: 'memberTransfers/@id' occurred_on @day reason: '有误'"},
      {"ReceiveMemberTransferRequest", "name: 'memberTransfers/@id' occurred_on @day"},
      {"SuspendMemberRequest", "name: 'members/<@id|wang>' occurred_on @day reason: '失联'"},
      {"RestoreMemberRequest", "name: 'members/<@id|wang>' occurred_on @day"},
      {"RemoveMemberRequest", "name: 'members/@id' occurred_on @day kind: REMOVAL_KIND_WITHDRAWAL reason: '申请'"},
      {"RecordDeathRequest", "name: 'members/@id' occurred_on @day"},

      {"CreateAssignmentRequest",
       "assignment_id: '@id' assignment { kind: "
       "ASSIGNMENT_KIND_<SECRETARY|LEADING_GROUP_CHAIR|COMMITTEE_LIAISON|"
       "PARTY_BUILDING_INSTRUCTOR|LEADING_GROUP_MEMBER> member: 'members/<wang|li|@id>' organization: " PLACE
       " start_date @day <|end_date @day> }"},
      {"EndAssignmentRequest", "name: 'assignments/@id' end_date @day"},

      {"CreateCommunityReportInRequest",
       "community_report_in_id: '@id' community_report_in { organization: " COMMUNITY
       " <member: 'members/<wang|li|@id>'|person_name: '党员' employer: '学校'> reported_on @day }"},
      {"MoveCommunityReportInRequest", "name: 'communityReportIns/@id' organization: " COMMUNITY " occurred_on @day"},
      {"EndCommunityReportInRequest", "name: 'communityReportIns/@id' occurred_on @day"},

      {"CreateHouseholdRequest", "household_id: '@id<|a>' household { organization: " PLACE
                                 " kind: HOUSEHOLD_KIND_<REGISTERED|SHARED_LIVING> registered_on @day <|" TAG(
                                     "HARDSHIP|ZERO_EMPLOYMENT|MARGINAL") "> }"},
      {"UpdateHouseholdRequest",
       "household { name: 'households/@id<|a>' organization: " PLACE " registered_on @day " TAG(
           "HARDSHIP|MARGINAL") " } update_mask { <paths: 'tags'|paths: 'organization'|paths: 'registered_on'> }"},
      {"MergeDuplicateHouseholdRequest",
       "name: 'households/@id<|a>' into: 'households/@id<|a>' occurred_on @day reason: '重复'"},
      {"UnmergeHouseholdRequest", "name: 'households/@id<|a>' occurred_on @day reason: '误并'"},
      {"MoveOutHouseholdRequest", "name: 'households/@id<|a>' occurred_on @day"},
      {"CloseDeceasedHouseholdRequest", "name: 'households/@id<|a>' occurred_on @day"},

      {"CreateResidentRequest",
       "resident_id: '@id<|a>' resident { display_name: '居民' <|member: 'members/<wang|@id>'> residences { "
       "organization: " PLACE " kind: RESIDENCE_KIND_<PERMANENT|TEMPORARY|REGISTERED_ONLY> start_date @day } <|"
       "memberships { household: 'households/@id<|a>' relation_code: '99' start_date @day }> <|" TAG(
           "DISABLED|VETERAN|LAID_OFF") "> }"},
      {"UpdateResidentRequest",
       "resident { name: 'residents/@id<|a>' " TAG("DISABLED|VETERAN") " } update_mask { paths: 'tags' }"},
      {"MoveResidentRequest",
       "name: 'residents/@id<|a>' occurred_on @day organization: " PLACE " kind: RESIDENCE_KIND_<PERMANENT|TEMPORARY>"},
      {"MergeDuplicateResidentRequest",
       "name: 'residents/@id<|a>' into: 'residents/@id<|a>' occurred_on @day reason: '重复'"},
      {"UnmergeResidentRequest", "name: 'residents/@id<|a>' occurred_on @day reason: '误并'"},
      {"MoveOutResidentRequest", "name: 'residents/@id<|a>' occurred_on @day"},
      {"RecordResidentDeathRequest", "name: 'residents/@id<|a>' occurred_on @day"},

      {"CreateResidentUnitRequest", "resident_unit_id: '@id' resident_unit { organization: " PLACE
                                    " display_name: '学校' kind: RESIDENT_UNIT_KIND_<PUBLIC_INSTITUTION|ENTERPRISE> "
                                    "located_on @day <|left_on @day> }"},
      {"UpdateResidentUnitRequest",
       "resident_unit { name: 'residentUnits/@id' organization: " PLACE
       " located_on @day left_on @day } update_mask { <paths: 'organization'|paths: 'located_on'|paths: 'left_on'> }"},
  };
  return *kOperations;
}

#undef TODAY
#undef PLACE
#undef COMMUNITY
#undef BRANCH
#undef TAG

class RecountPropertyTest : public server::RecountTest<RegistryTest> {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(RegistryTest::SetUp());
    const auto under = [](const std::string& parent, const std::string& kind) {
      return "parents { parent: 'organizations/" + parent + "' kind: EDGE_KIND_" + kind + " }";
    };
    ASSERT_NO_FATAL_FAILURE(AddOrganization("street", "SUB_DISTRICT"));
    for (const char* id : {"east", "west"}) {
      ASSERT_NO_FATAL_FAILURE(AddOrganization(id, "COMMUNITY", under("street", "ADMINISTRATIVE")));
    }
    ASSERT_NO_FATAL_FAILURE(AddOrganization("committee", "RESIDENTS_COMMITTEE", under("east", "ADMINISTRATIVE")));
    ASSERT_NO_FATAL_FAILURE(AddOrganization("branch", "BRANCH", under("east", "PARTY")));
    ASSERT_NO_FATAL_FAILURE(AddOrganization("branch-2", "BRANCH", under("west", "PARTY")));
    for (const char* id : {"wang", "li"}) ASSERT_NO_FATAL_FAILURE(AddMember(id, "branch"));
  }
};

TEST_P(RecountPropertyTest, FiguresEqualARecount) {
  Run(kPackage, Operations(), 12000, [](server::RandomOperations&) {});
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecountPropertyTest, ::testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace dangjian::registry
