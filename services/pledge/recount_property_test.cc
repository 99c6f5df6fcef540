#include <string>
#include <vector>

#include "common/server/testing/random_operations.h"
#include "services/pledge/testing/harness.h"

// Random work on every entity, refused or not, while branches and committees move between communities: after it each
// kept figure equals a recount of the records.

namespace dangjian::pledge {
namespace {

using server::RandomOperation;

constexpr char kPackage[] = "dangjian.pledge.v1";
#define PLACE "'organizations/<east|west|street|east-committee|east-branch>'"
#define COMMUNITY "'organizations/<east|west>'"
#define MEMBER "'members/<wang|li|zhao>'"
#define ITEMS \
  "items { item_id: '1' text: '清理楼道' due_date @later } <|items { item_id: '2' text: '修灯' due_date @later }>"
#define INDICATORS                                                                                                       \
  "indicators { code: 'WORK' title: '日常' part: ASSESSMENT_PART_ROUTINE full_marks_hundredths: 10000 } indicators { " \
  "code: 'CHECK' title: '检查' part: ASSESSMENT_PART_YEAR_END full_marks_hundredths: 10000 } "
#define SCHEME                                                                                                     \
  "scheme { grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'POOR' label: '差' } groups { code: " \
  "'RESIDENTS' label: '居民' weight_bps: 10000 minimum_ballots: 5 } } "

const std::vector<RandomOperation>& Operations() {
  static const auto* const kOperations = new std::vector<RandomOperation>{
      {"CreateCampaignFundRequest",
       "campaign_fund_id: '@id' campaign_fund { campaign: 'campaigns/sanshuang' organization: 'organizations/street' "
       "display_name: '经费' rate_fen: 5000 as_of_date @day allotments { organization: " COMMUNITY
       " headcount: 3 amount_fen: 15000 } }"},
      {"AllotCampaignFundRequest", "name: 'campaignFunds/@id' allotted_on @day"},
      {"RecordTransferRequest", "name: 'campaignFunds/@id' transfer { transfer_id: 't<1..2>' organization: " COMMUNITY
                                " amount_fen: <100..5000> transferred_on @day }"},
      {"ReverseTransferRequest", "name: 'campaignFunds/@id' transfer_id: 't<1..2>' reason: '误付'"},

      {"CreateDemonstrationSiteRequest",
       "demonstration_site_id: '@id' demonstration_site { programme: 'SANSHUANG' batch: <1..2> organization: " PLACE
       " display_name: '示范点' designated_on @day criteria { code: 'A' text: '甲' } }"},
      {"RecordCriterionCheckRequest",
       "name: 'demonstrationSites/@id' check { criterion: 'A' checked_on @day passed: <true|false> }"},
      {"RevokeDemonstrationSiteRequest", "name: 'demonstrationSites/@id' revoked_on @day reason: '不达标'"},
      {"DeleteDemonstrationSiteRequest", "name: 'demonstrationSites/@id'"},

      {"CreateDisclosureRequest",
       "disclosure_id: '@id' disclosure { organization: " PLACE
       " <category: DISCLOSURE_CATEGORY_PARTY_AFFAIRS period { days: <1..2> day_kind: DAY_KIND_NATURAL }|category: "
       "DISCLOSURE_CATEGORY_RESIDENTS_AFFAIRS period { days: 15 day_kind: DAY_KIND_NATURAL }> subject: '公示' scope: "
       "DISCLOSURE_SCOPE_PUBLIC body: '内容' channel: '公告栏' }"},
      {"ReviewDisclosureSecrecyRequest", "name: 'disclosures/@id' @on"},
      {"ApproveDisclosureRequest", "name: 'disclosures/@id' @on"},
      {"PostDisclosureRequest", "name: 'disclosures/@id' <|posted_on @day>"},
      {"CloseDisclosureRequest", "name: 'disclosures/@id' <|closed_on @day|closed_on @later>"},
      {"WithdrawDisclosureRequest", "name: 'disclosures/@id' reason: '有误' @on"},
      {"RedraftDisclosureRequest", "name: 'disclosures/@id' reason: '更正' @on"},

      {"CreateRecurringDutyRequest",
       "recurring_duty_id: '@id' recurring_duty { organization: " PLACE
       " title: '五个一' frequency: DUTY_FREQUENCY_<DAILY|MONTHLY|YEARLY> starts_on @day <|ends_on @later> }"},
      {"AssignMemberRequest",
       "name: 'recurringDuties/@id' member: " MEMBER " <assigned_from @day|assigned_from @day|> <|assigned_to @later>"},
      {"CreateDutyFulfilmentRequest",
       "duty_fulfilment_id: '@id' duty_fulfilment { duty: 'recurringDuties/@id' member: " MEMBER " occurred_on @day }",
       true},
      {"DeleteDutyFulfilmentRequest", "name: 'dutyFulfilments/@id'"},
      {"ReleaseMemberRequest", "name: 'recurringDuties/@id' member: " MEMBER " @on"},
      {"EndDutyRequest", "name: 'recurringDuties/@id' reason: '结束' @on"},
      {"DeleteRecurringDutyRequest", "name: 'recurringDuties/@id'"},

      {"CreateEvaluationRoundRequest",
       "evaluation_round_id: '@id' evaluation_round { <direction: EVALUATION_DIRECTION_COMMITTEES ratees: "
       "'organizations/east-branch'|direction: EVALUATION_DIRECTION_MEMBERS ratees: 'members/li'> organization: " PLACE
       " display_name: '评议' held_on @day " SCHEME "}"},
      {"OpenEvaluationRoundRequest", "name: 'evaluationRounds/@id' @on"},
      {"RecordTallySheetsRequest",
       "name: 'evaluationRounds/@id' tally_sheets { group: 'RESIDENTS' ratee: 'members/li' issued: 9 returned: 9 "
       "valid: 9 "
       "grades { grade: 'GOOD' ballots: 9 } }"},
      {"RecordTallySheetsRequest",
       "name: 'evaluationRounds/@id' tally_sheets { group: 'RESIDENTS' issued: 9 returned: 9 valid: 9 grades { grade: "
       "'GOOD' ballots: 9 } }"},
      {"CloseEvaluationRoundRequest", "name: 'evaluationRounds/@id' @on"},
      {"TallyEvaluationRoundRequest", "name: 'evaluationRounds/@id' @on"},
      {"RecordMemberResultsRequest",
       "name: 'evaluationRounds/@id' member_results { member: 'members/li' grade: 'GOOD' }"},
      {"ConfirmEvaluationRoundRequest", "name: 'evaluationRounds/@id' @on"},
      {"NotifyEvaluationRoundRequest", "name: 'evaluationRounds/@id' @on"},
      {"ReopenEvaluationRoundRequest", "name: 'evaluationRounds/@id' reason: '复核' @on"},

      {"CreateHonourAwardRequest",
       "honour_award_id: '@id' honour_award { organization: " PLACE
       " title_code: '<ADVANCED_MEMBER|OUTSTANDING>' title_label: '先进' level: HONOUR_LEVEL_<DISTRICT|SUB_DISTRICT> "
       "year: 2026 awarded_on @day awarding_body: '区委' awardee { <member: " MEMBER
       "|household: 'households/h-1'|organization: " PLACE "> } }"},
      {"RevokeHonourAwardRequest", "name: 'honourAwards/@id' revoked_on @day reason: '撤销'"},
      {"DeleteHonourAwardRequest", "name: 'honourAwards/@id'"},

      {"CreatePledgeRequest",
       "pledge_id: '@id' pledge { pledger_kind: PLEDGER_KIND_MEMBER <pledger: 'members/<wang|li>' organization: "
       "'organizations/<street|east-branch>'|pledger: 'members/zhao' organization: 'organizations/west'> " ITEMS " }"},
      {"SubmitPledgeRequest", "name: 'pledges/@id' @on"},
      {"ReturnPledgeRequest", "name: 'pledges/@id' reason: '补充' @on"},
      {"ReviewPledgeRequest", "name: 'pledges/@id' reviewer: 'organizations/east-branch' @on"},
      {"WithdrawPledgeRequest", "name: 'pledges/@id' reason: '误报' @on"},
      {"PublishPledgeRequest", "name: 'pledges/@id' <published_on @day|published_on @day|>"},
      {"AmendPledgeRequest", "name: 'pledges/@id' " ITEMS " reason: '调整' @on"},
      {"PublishPledgeRequest", "name: 'pledges/@id' <published_on @day|published_on @day|>"},
      {"ClaimPledgeItemRequest",
       "name: 'pledges/@id' item_id: '<1|1|2>' <|claimed_on @day> evidence { description: '照片' }"},
      {"VerifyPledgeItemRequest",
       "name: 'pledges/@id' item_id: '<1|1|2>' <|verified_on @day> verifier: 'organizations/east-branch'"},
      {"RecordPledgeItemNotMetRequest",
       "name: 'pledges/@id' item_id: '<1..2>' <|not_met_on @day> verifier: 'organizations/east-branch' cause: "
       "NOT_MET_CAUSE_OBJECTIVE explanation: '缺料'"},
      {"DeletePledgeRequest", "name: 'pledges/@id'"},

      {"CreateTargetRequest",
       "target_id: '@id' target { organization: " PLACE
       " indicator: '植树' unit: 'ge' direction: TARGET_DIRECTION_UP target_value: '100' period { start_date { year: "
       "2026 month: 1 day: 1 } end_date { year: 2026 month: 12 day: 31 } } }"},
      {"RecordTargetProgressRequest", "name: 'targets/@id' progress { date @day actual: '<1..99>' }"},
      {"DeleteTargetRequest", "name: 'targets/@id'"},

      {"CreateAnnualAssessmentRequest",
       "annual_assessment_id: '@id' annual_assessment { organization: " PLACE
       " year: <2001..2025> published_on { year: 2024 month: 2 day: 1 } formula { code: 'COMMUNITY' version: 1 "
       "routine_weight_bp: 5000 year_end_weight_bp: 5000 grades { code: 'GOOD' label: '好' minimum_hundredths: 6000 } "
       "grades { code: 'POOR' label: '差' } veto_cap_grade: 'POOR' } " INDICATORS "}"},
      {"StartAssessmentRequest", "name: 'annualAssessments/@id' @on"},
      {"RecordAssessmentPointsRequest",
       "name: 'annualAssessments/@id' points { indicator: 'WORK' quarter: 1 score_hundredths: 9000 source: '台账' } "
       "points { indicator: 'WORK' quarter: 2 score_hundredths: 9000 source: '台账' } points { indicator: 'WORK' "
       "quarter: 3 score_hundredths: 9000 source: '台账' } points { indicator: 'WORK' quarter: 4 score_hundredths: "
       "9000 "
       "source: '台账' } points { indicator: 'CHECK' score_hundredths: 8000 source: '检查' }"},
      {"SelfScoreAssessmentRequest", "name: 'annualAssessments/@id' scorer: 'members/li' @on"},
      {"VerifyAssessmentRequest", "name: 'annualAssessments/@id' verifier: 'members/wang' @on"},
      {"DeliberateAssessmentRequest", "name: 'annualAssessments/@id' @on"},
      {"PubliciseAssessmentRequest", "name: 'annualAssessments/@id' @on"},
      {"FinaliseAssessmentRequest", "name: 'annualAssessments/@id' @on"},
      {"DeleteAnnualAssessmentRequest", "name: 'annualAssessments/@id'"},
  };
  return *kOperations;
}

#undef PLACE
#undef COMMUNITY
#undef MEMBER
#undef ITEMS
#undef INDICATORS
#undef SCHEME

class RecountPropertyTest : public server::RecountTest<PledgeTest> {};

TEST_P(RecountPropertyTest, FiguresEqualARecount) {
  Run(kPackage, Operations(), 12000, [&](server::RandomOperations& random) {
    ASSERT_THAT(MoveOrganization(random.Expand("<east-branch|east-committee>"), random.Expand("<east|west>"),
                                 random.RandomDay()),
                testing::IsOk());
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecountPropertyTest, ::testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace dangjian::pledge
