#include "services/welfare/testing/recount_operations.h"

namespace dangjian::welfare {
namespace {

using server::RandomOperation;

// Alternatives of the street.
// Some day, often one of the last before today.
#define DAY "<@day|{ year: 2026 month: 11 day: <10..20> }>"
#define PLACE "'organizations/<east|west|street|east-committee|east-branch>'"
#define MEMBER "'members/<wang|li|zhao>'"
#define HOUSEHOLD "'households/<h-1|h-2|h-3|h-4>'"
#define RESIDENT "'residents/<zhang-1|zhang-2|chen-1|gao-1|he|lin>'"
#define JOBLESS "'residents/<he|lin|sun|he-2|zhou|boy>'"
#define REASONS "reasons: HOME_VISIT_REASON_<HARDSHIP|ILLNESS|ROUTINE>"
#define GOODS                                                                                                        \
  "goods { item_code: 'COAT' category: GOODS_CATEGORY_<GARMENT|BEDDING> quantity { value: '<5..40>' unit: 'ge' } <|" \
  "fair_value_fen: 900 fair_value_method: FAIR_VALUE_METHOD_INVOICE> }"
#define GIVEN                                                                                                         \
  "<kind: ASSISTANCE_KIND_CASH cash_fen: <1..9>00|kind: ASSISTANCE_KIND_GOODS goods { text: '米' quantity { value: " \
  "'<1..9>' unit: 'ge' } value_fen: <0..500> }|kind: ASSISTANCE_KIND_SERVICE service_hours: '<1..3>.5'>"
#define HARD "HARD_TO_EMPLOY_TYPE_<FORTY_FIFTY|LAND_LOST>"
#define REGISTRATION "'unemploymentRegistrations/u-<1..16>'"
#define RULES                                                                                                       \
  "standard_fen: <60..90>000 method: MLS_METHOD_DIFFERENCE work_cost_bp: 1000 stacking: MLS_STACKING_HIGHEST_ONLY " \
  "clocks { start_survey: 3 start_check: 3 county_opinion: 10 refusal_notice: 3 whole: 30 whole_special: 45 } "     \
  "publicity_days: 7 publicity_day_kind: MLS_DAY_KIND_NATURAL review_months_stable: 12 review_months_irregular: 6 " \
  "grace_months: 2 grace_pays_former_amount: true refusals_before_cut: 1"

void AddVisitsAndPairings(std::vector<RandomOperation>& list) {
  const std::vector<RandomOperation> more = {
      {"CreateHomeVisitRequest",
       "home_visit_id: 'v-<1..40>' home_visit { organization: " PLACE " household: " HOUSEHOLD " visitors: " MEMBER
       " found: HOME_VISIT_FINDING_<HOME|HOME|NOT_AT_HOME> " REASONS " occurred_on @day }"},
      {"UpdateHomeVisitRequest", "home_visit { name: 'homeVisits/v-<1..40>' visitors: " MEMBER " " REASONS
                                 " occurred_on @day } update_mask { <paths: 'occurred_on'|paths: 'reasons'|paths: "
                                 "'visitors'> }"},
      {"DeleteHomeVisitRequest", "name: 'homeVisits/v-<1..40>'"},
      {"PlanVisitRequest", "home_visit_id: 'v-<1..40>' organization: " PLACE " household: " HOUSEHOLD " " REASONS
                           " occurred_on @day due_on @day"},
      {"PlanVisitRequest", "home_visit_id: 'v-<1..40>' organization: " PLACE " household: " HOUSEHOLD " " REASONS
                           " occurred_on @day due_on @day"},
      {"CompleteVisitRequest", "name: 'homeVisits/v-<1..40>' visitors: " MEMBER " @on"},
      {"CompleteVisitRequest", "name: 'homeVisits/v-<1..40>' visitors: " MEMBER},
      {"RecordNotAtHomeRequest", "name: 'homeVisits/v-<1..40>' visitors: " MEMBER " @on"},
      {"CloseVisitRequest", "name: 'homeVisits/v-<1..40>' outcome: '已办' @on"},

      {"CreateAssistancePairingRequest", "pairing_id: 'p-<1..10>' pairing { organization: " PLACE " members: " MEMBER
                                         " <|members: 'members/zhao'> household: " HOUSEHOLD " proposed_on @day }"},
      {"UpdateAssistancePairingRequest", "pairing { name: 'pairings/p-<1..10>' members: " MEMBER
                                         " proposed_on @day plan: '走访' } update_mask { <paths: 'members'|paths: "
                                         "'proposed_on'|paths: 'plan'> }"},
      {"DeleteAssistancePairingRequest", "name: 'pairings/p-<1..10>'"},
      {"ActivatePairingRequest", "name: 'pairings/p-<1..10>' @on"},
      {"ActivatePairingRequest", "name: 'pairings/p-<1..10>' occurred_on @day"},
      {"PausePairingRequest", "name: 'pairings/p-<1..10>' reason: '外出' @on"},
      {"ResumePairingRequest", "name: 'pairings/p-<1..10>' @on"},
      {"ResumePairingRequest", "name: 'pairings/p-<1..10>'"},
      {"EndPairingRequest", "name: 'pairings/p-<1..10>' end_reason: PAIRING_END_REASON_<LIFTED_OUT|MOVED> @on"},

      {"CreateAssistanceActionRequest",
       "assistance_action_id: '@id' assistance_action { pairing: 'pairings/p-<1..10>' member: " MEMBER
       " occurred_on " DAY " " GIVEN " }"},
      {"CreateAssistanceActionRequest",
       "assistance_action_id: '@id' assistance_action { pairing: 'pairings/p-<1..10>' member: " MEMBER
       " occurred_on " DAY " " GIVEN " }"},
      {"CreateAssistanceActionRequest",
       "assistance_action_id: '@id' assistance_action { pairing: 'pairings/p-<1..10>' member: " MEMBER
       " occurred_on " DAY " " GIVEN " }"},
      {"UpdateAssistanceActionRequest", "assistance_action { name: 'assistanceActions/@id' occurred_on " DAY
                                        " member: " MEMBER " } update_mask { <paths: 'occurred_on'|paths: 'member'> }"},
      {"UpdateAssistanceActionRequest",
       "assistance_action { name: 'assistanceActions/@id' note: '好' } update_mask { paths: 'note' }"},
      {"DeleteAssistanceActionRequest", "name: 'assistanceActions/@id'"},
  };
  list.insert(list.end(), more.begin(), more.end());
}

void AddEmployment(std::vector<RandomOperation>& list) {
  const std::vector<RandomOperation> more = {
      {"CreateUnemploymentRegistrationRequest",
       "unemployment_registration_id: 'u-<1..16>' unemployment_registration { resident: " JOBLESS
       " organization: " PLACE " post_category: POST_CATEGORY_WORKER cause: UNEMPLOYMENT_CAUSE_LAID_OFF registered_on "
       "{ year: 2026 month: <1..3> day: <1..28> } }"},
      {"UpdateUnemploymentRegistrationRequest",
       "unemployment_registration { name: " REGISTRATION
       " cause: UNEMPLOYMENT_CAUSE_<LAND_LOST|OTHER> } update_mask { paths: 'cause' }"},
      {"DeleteUnemploymentRegistrationRequest", "name: " REGISTRATION},
      {"ActivateUnemploymentRegistrationRequest",
       "name: " REGISTRATION " occurred_on { year: 2026 month: <3..5> day: <1..28> }"},
      {"CertifyHardToEmployRequest", "name: " REGISTRATION " type: " HARD
                                     " evidence: '表' evidence_on { year: 2026 month: 1 day: 1 } occurred_on " DAY},
      {"EndHardToEmployCertificationRequest", "name: " REGISTRATION " type: " HARD " reason: '就业' @on"},
      {"CloseUnemploymentRegistrationRequest",
       "name: " REGISTRATION " outcome: UNEMPLOYMENT_STATE_<WITHDRAWN|RETIRED> @on"},

      {"CreateTrainingCourseRequest",
       "training_course_id: '@id' training_course { organization: " PLACE
       " title: '家政' skill: '家政' hours: 40 provider: '学校' capacity: <1..4> start_date { year: 2026 month: <1..4> "
       "day: 1 } end_date { year: 2026 month: <5..8> day: 1 } }"},
      {"UpdateTrainingCourseRequest",
       "training_course { name: 'trainingCourses/@id' capacity: <1..5> start_date { "
       "year: 2026 month: <1..4> day: 2 } } update_mask { <paths: 'capacity'|paths: "
       "'start_date'> }"},
      {"DeleteTrainingCourseRequest", "name: 'trainingCourses/@id'"},
      {"CreateTrainingEnrolmentRequest",
       "training_enrolment_id: 'e-<1..8>' training_enrolment { course: 'trainingCourses/@id' "
       "<registration: " REGISTRATION "|resident: " RESIDENT "> enrolled_on " DAY " }"},
      {"CompleteTrainingRequest", "name: 'trainingEnrolments/e-<1..8>' certificate: 'JZ-1' @on"},
      {"DropTrainingRequest", "name: 'trainingEnrolments/e-<1..8>' reason: '生病' @on"},
      {"DeleteTrainingEnrolmentRequest", "name: 'trainingEnrolments/e-<1..8>'"},

      {"CreateVacancyReferralRequest", "vacancy_referral_id: 'v-<1..12>' vacancy_referral { registration: " REGISTRATION
                                       " employer: '超市' post: '理货员' referred_on " DAY " }"},
      {"UpdateVacancyReferralRequest",
       "vacancy_referral { name: 'vacancyReferrals/v-<1..12>' post: '收银员' } update_mask { paths: 'post' }"},
      {"RecordReferralOutcomeRequest",
       "name: 'vacancyReferrals/v-<1..12>' outcome: "
       "REFERRAL_OUTCOME_<NOT_HIRED|HIRED|REFUSED_WITHOUT_REASON> reason: '远' @on"},
      {"DeleteVacancyReferralRequest", "name: 'vacancyReferrals/v-<1..12>'"},

      {"CreateJobPlacementRequest",
       "job_placement_id: 'w-<1..16>' job_placement { registration: " REGISTRATION
       " kind: PLACEMENT_KIND_<EMPLOYED|SELF_EMPLOYED|FLEXIBLE> employer: '超市' evidence: "
       "PLACEMENT_EVIDENCE_CONTRACT evidence_number: 'HT-1' started_on { year: 2026 month: <4..9> day: <1..28> } }"},
      {"UpdateJobPlacementRequest",
       "job_placement { name: 'jobPlacements/w-<1..16>' evidence_number: 'HT-2' } update_mask { paths: "
       "'evidence_number' }"},
      {"RecordPlacementFollowUpRequest",
       "name: 'jobPlacements/w-<1..16>' months: <1|3|6> result: FOLLOW_UP_RESULT_<IN_WORK|NOT_IN_WORK|UNREACHABLE> "
       "@on"},
      {"DeleteJobPlacementRequest", "name: 'jobPlacements/w-<1..16>'"},

      {"CreateSubsidisedJobRequest",
       "subsidised_job_id: 'j-<1..3>' subsidised_job { organization: " PLACE
       " title: '保洁' quota: <1..3> wage_source: WAGE_SOURCE_EMPLOYER monthly_wage_fen: 200000 opened_on { year: "
       "2026 month: <1..6> day: 1 } }"},
      {"UpdateSubsidisedJobRequest",
       "subsidised_job { name: 'subsidisedJobs/j-<1..3>' quota: <1..4> } update_mask { paths: 'quota' }"},
      {"AssignSubsidisedJobRequest", "name: 'subsidisedJobs/j-<1..3>' registration: " REGISTRATION " @on"},
      {"AssignSubsidisedJobRequest", "name: 'subsidisedJobs/j-<1..3>' registration: " REGISTRATION " @on"},
      {"ReleaseSubsidisedJobHolderRequest", "name: 'subsidisedJobs/j-<1..3>' registration: " REGISTRATION " @on"},
      {"ReleaseSubsidisedJobHolderRequest", "name: 'subsidisedJobs/j-<1..3>' registration: " REGISTRATION},
      {"CloseSubsidisedJobRequest", "name: 'subsidisedJobs/j-<1..3>' @on"},
      {"DeleteSubsidisedJobRequest", "name: 'subsidisedJobs/j-<1..3>'"},
  };
  list.insert(list.end(), more.begin(), more.end());
}

void AddFacilities(std::vector<RandomOperation>& list) {
  const std::vector<RandomOperation> more = {
      {"CreateFacilityRequest", "facility_id: '@id' facility { organization: " PLACE
                                " kind: FACILITY_KIND_<DAY_CARE_CENTRE|CULTURE_ROOM> display_name: '中心' capacity: "
                                "30 planned_on @day }"},
      {"UpdateFacilityRequest",
       "facility { name: 'facilities/@id' capacity: <1..90> } update_mask { paths: 'capacity' }"},
      {"SecureFacilityPremisesRequest", "name: 'facilities/@id' @on"},
      {"FitOutFacilityRequest", "name: 'facilities/@id' @on"},
      {"OpenFacilityRequest", "name: 'facilities/@id' @on"},
      {"CloseFacilityRequest", "name: 'facilities/@id' @on"},
      {"DeleteFacilityRequest", "name: 'facilities/@id'"},

      {"CreateLabourStationRequest", "labour_station_id: '@id' labour_station { organization: " PLACE
                                     " display_name: '服务所' staff: " MEMBER " opened_on @day }"},
      {"UpdateLabourStationRequest",
       "labour_station { name: 'labourStations/@id' staff: " RESIDENT " } update_mask { paths: 'staff' }"},
      {"CloseLabourStationRequest", "name: 'labourStations/@id' @on"},
      {"DeleteLabourStationRequest", "name: 'labourStations/@id'"},
  };
  list.insert(list.end(), more.begin(), more.end());
}

void AddCharity(std::vector<RandomOperation>& list) {
  const std::vector<RandomOperation> more = {
      {"CreateDonationReceiptRequest",
       "donation_receipt_id: 'd-<1..9>' donation_receipt { organization: 'organizations/<east|west|east-committee>' "
       "receipt_no: 'R-<1000..9999>' <anonymous: true|donor: 'members/li'|donor: 'residents/he'> received_on @day "
       "<cash_fen: <1..9>00|" GOODS "|cash_fen: 100 " GOODS " " GOODS "> }"},
      {"UpdateDonationReceiptRequest", "donation_receipt { name: 'donationReceipts/d-<1..9>' received_on @day " GOODS
                                       " } update_mask { <paths: 'received_on'|paths: 'goods'> }"},
      {"DeleteDonationReceiptRequest", "name: 'donationReceipts/d-<1..9>'"},
      {"AcceptDonationRequest", "name: 'donationReceipts/d-<1..9>' @on"},
      {"AcceptDonationRequest", "name: 'donationReceipts/d-<1..9>' occurred_on @day"},
      {"ReopenDonationRequest", "name: 'donationReceipts/d-<1..9>' reason: '误收' @on"},
      {"AdjustStockLotRequest",
       "name: 'stockLots/d-<1..9>-1' kind: STOCK_ADJUSTMENT_KIND_<LOSS|COUNT_DIFFERENCE> "
       "quantity: '<1|2|-1>' reason: '盘点' @on"},
      // Of the few receipts above each is accepted early; what is rejected must not be.
      {"CreateDonationReceiptRequest",
       "donation_receipt_id: '@id' donation_receipt { organization: 'organizations/<east|west>' "
       "receipt_no: '@id' anonymous: true received_on @day cash_fen: <1..9>00 }"},
      {"RejectDonationRequest", "name: 'donationReceipts/@id' reason: '破损' @on"},

      {"CreatePointsEntryRequest", "points_entry { organization: 'organizations/<east|west>' resident: " RESIDENT
                                   " kind: POINTS_KIND_<EARNED|CORRECTION> points: <5|20|-3> reason: '服务' "
                                   "occurred_on @day }"},
      {"CreateStockIssueRequest",
       "stock_issue_id: 'i-<1..12>' stock_issue { organization: 'organizations/<east|west|east-committee>' "
       "beneficiary: " RESIDENT " eligibility: ISSUE_ELIGIBILITY_<HARDSHIP|MLS> approver: 'members/wang' keeper: "
       "'members/<li|zhao>' issued_on " DAY " items { item_code: 'COAT' "
       "quantity: '<1..3>' unit: 'ge' } <||points_used: 1> <|quota_period { start_date { year: 2026 month: 1 day: 1 } "
       "end_date { year: 2026 month: 12 day: 31 } }> }"},
      {"CancelIssueRequest", "name: 'stockIssues/i-<1..12>' reason: '误发' @on"},
  };
  list.insert(list.end(), more.begin(), more.end());
}

void AddRules(std::vector<RandomOperation>& list) {
  const std::vector<RandomOperation> more = {
      {"CreateMlsRuleSetRequest",
       "mls_rule_set_id: 's-<1..30>' mls_rule_set { version: <1..9> effective_from { year: <2026|2027> month: <1..12> "
       "day: 1 } organization: 'organizations/<street|east>' " RULES " }"},
      {"UpdateMlsRuleSetRequest",
       "mls_rule_set { name: 'mlsRuleSets/s-<1..30>' standard_fen: <60..90>000 } update_mask { paths: 'standard_fen' "
       "}"},
      {"DeleteMlsRuleSetRequest", "name: 'mlsRuleSets/s-<1..30>'"},
      {"CreateStopListEntryRequest",
       "stop_list_entry_id: 'x-<1..30>' stop_list_entry { <mls_case: 'mlsCases/c-<0..2>'|payee_reference: "
       "'acct-h-1<0..2>'|resident: " RESIDENT "> reason: STOP_LIST_REASON_<DECEASED|MOVED_OUT|IN_CUSTODY> start_date "
       "@day <|end_date @day> source: '公安' }"},
      {"EndStopListEntryRequest", "name: 'stopListEntries/x-<1..30>' end_date @day"},
  };
  list.insert(list.end(), more.begin(), more.end());
}

#undef RULES

// Where a case stands before it is decided and after it.
#define NAME "name: 'mlsCases/@case' "
#define ON NAME "occurred_on @next "
#define NOTE NAME "note { decided_on @soon prepared_by: 'staff/zhao' decided_by: 'staff/sun' reason: '核查' } "
#define GRANTED "CONFIRMED ACTIVE"
#define INPUTS "inputs { @family <|incomes { kind: MLS_INCOME_KIND_TRANSFER amount_fen: <100..300>000 months: 12 }> } "

void AddApplicationSteps(std::vector<CaseOperation>& list) {
  const std::vector<CaseOperation> more = {
      {"DRAFT SUBMITTED INVESTIGATING",
       {"UpdateMlsCaseRequest", "mls_case { " NAME INPUTS "} update_mask { paths: 'inputs' }"}},
      {"DRAFT", {"DeleteMlsCaseRequest", NAME}},
      {"DRAFT", {"SubmitMlsCaseRequest", ON}},
      {"SUBMITTED", {"AcceptMlsCaseRequest", ON "special: <true|false>"}},
      {"SUBMITTED", {"AcceptMlsCaseRequest", ON}},
      {"SUBMITTED", {"WithdrawMlsCaseRequest", ON "reason: '撤回'"}},
      {"ACCEPTED", {"RequestMlsSupplementRequest", ON "missing: '收入证明'"}},
      {"SUPPLEMENT_REQUESTED", {"ReceiveMlsSupplementRequest", ON}},
      {"SUPPLEMENT_REQUESTED RE_INVESTIGATION", {"TerminateMlsCaseRequest", ON "reason: '不配合'"}},
      {"ACCEPTED RE_INVESTIGATION",
       {"InvestigateMlsCaseRequest", ON "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }"}},
      {"INVESTIGATING", {"FailMlsCheckRequest", ON "reason: '收入不符'"}},
      {"CHECK_FAILED", {"RebutMlsCheckRequest", ON "reason: '更正'"}},
      {"CHECK_FAILED", {"CloseMlsCaseRequest", ON "reason: '收入不符'"}},
      {"INVESTIGATING DELIBERATION",
       {"RecordMlsPrelimOpinionRequest", ON "prepared_by: 'staff/zhao' refuses: <false|false|false|true>"}},
      {"PRELIM_OPINION", {"PostMlsPublicityRequest", ON}},
      {"IN_PUBLICITY", {"ObjectToMlsCaseRequest", ON "text: '有车'"}},
      {"OBJECTED RE_INVESTIGATION DELIBERATION PRELIM_OPINION",
       {"AnswerMlsObjectionRequest", ON "number: 1 reply: '已核实' upheld: <true|false>"}},
      {"OBJECTED", {"ReinvestigateMlsCaseRequest", ON}},
      {"OBJECTED RE_INVESTIGATION",
       {"DeliberateMlsCaseRequest", ON "participants: 9 in_favour: <5..9> summary: '评议'"}},
      {"IN_PUBLICITY PRELIM_OPINION", {"SendMlsCaseToCountyRequest", NAME "occurred_on @later"}},
      {"IN_PUBLICITY PRELIM_OPINION", {"SendMlsCaseToCountyRequest", NAME "occurred_on @later"}},
      {"TO_COUNTY", {"ConfirmMlsCaseRequest", NAME "note { decided_on @next decided_by: 'staff/sun' }"}},
      {"TO_COUNTY", {"ConfirmMlsCaseRequest", NAME "note { decided_on @next decided_by: 'staff/sun' }"}},
      {"TO_COUNTY", {"ConfirmMlsCaseRequest", NAME "note { decided_on @next decided_by: 'staff/sun' }"}},
      {"TO_COUNTY", {"ConfirmMlsCaseRequest", NAME "note { decided_on @next decided_by: 'staff/sun' }"}},
      {"TO_COUNTY", {"RefuseMlsCaseRequest", NAME "note { decided_on @next decided_by: 'staff/sun' reason: '超标' }"}},
  };
  list.insert(list.end(), more.begin(), more.end());
}

void AddBenefitSteps(std::vector<CaseOperation>& list) {
  const std::vector<CaseOperation> more = {
      {GRANTED " GRACE SUSPENDED",
       {"NotifyMlsHearingRequest", ON "matter: '拟定' <intended: MLS_DECISION_KIND_ADJUST intended_amount_fen: 1|"
                                      "intended: MLS_DECISION_KIND_<STOP|GRACE>|intended: MLS_DECISION_KIND_CAP "
                                      "intended_amount_fen: 1 resident: '@person'>"}},
      // Twice: a hearing of this kind is all that a grace period waits for.
      {"ACTIVE", {"NotifyMlsHearingRequest", ON "matter: '复核' intended: MLS_DECISION_KIND_GRACE"}},
      {"ACTIVE", {"NotifyMlsHearingRequest", ON "matter: '复核' intended: MLS_DECISION_KIND_GRACE"}},
      {GRANTED,
       {"NotifyMlsHearingRequest",
        ON "matter: '核减' intended: MLS_DECISION_KIND_CAP intended_amount_fen: 1 resident: '@person'"}},
      {GRANTED " GRACE SUSPENDED",
       {"RecordMlsHearingRequest",
        ON "number: @hearing outcome: MLS_HEARING_OUTCOME_OPINION_RECORDED opinion: '无异议'"}},
      {GRANTED " GRACE SUSPENDED",
       {"RecordMlsHearingRequest",
        ON "number: @hearing outcome: MLS_HEARING_OUTCOME_OPINION_RECORDED opinion: '无异议'"}},
      {GRANTED, {"AdjustMlsCaseRequest", NOTE INPUTS "<|restored_shares: '@person'>"}},
      {GRANTED, {"RecalculateMlsCaseRequest", NOTE}},
      {GRANTED, {"RecordMlsWorkRefusalRequest", NAME "refusal { resident: '@person' refused_on @next offer: '保洁' }"}},
      {GRANTED, {"CutMlsShareRequest", NOTE "resident: '@person'"}},
      {GRANTED, {"CutMlsShareRequest", NOTE "resident: '@person'"}},
      {GRANTED, {"CutMlsShareRequest", NOTE "resident: '@person'"}},
      {"ACTIVE", {"StartMlsGraceRequest", NOTE}},
      {"ACTIVE", {"StartMlsGraceRequest", NOTE}},
      {"GRACE", {"EndMlsGraceRequest", NOTE INPUTS}},
      {"ACTIVE", {"SuspendMlsCaseRequest", NOTE}},
      {"SUSPENDED", {"ResumeMlsCaseRequest", NOTE "withhold_suspended_months: <true|false>"}},
      {GRANTED " GRACE SUSPENDED", {"StopMlsCaseRequest", NOTE}},
      {GRANTED " NOT_CONFIRMED STOPPED", {"NotifyMlsDecisionRequest", ON "number: @decision"}},
      {"ACTIVE GRACE SUSPENDED", {"ReviewMlsCaseRequest", ON "reviewed_by: 'staff/zhao' finding: '不变'"}},
      {"IN_PUBLICITY " GRANTED, {"ChangeMlsPayeeRequest", ON "payee_name: '某某' payee_reference: 'token-<1..9>'"}},
  };
  list.insert(list.end(), more.begin(), more.end());
}

#undef PLACE
#undef MEMBER
#undef HOUSEHOLD
#undef RESIDENT
#undef JOBLESS
#undef REASONS
#undef GOODS
#undef GIVEN
#undef HARD
#undef DAY
#undef REGISTRATION
#undef NAME
#undef ON
#undef NOTE
#undef GRANTED
#undef INPUTS

}  // namespace

const std::vector<RandomOperation>& RecountOperations() {
  static const auto* const kOperations = [] {
    auto* list = new std::vector<RandomOperation>();
    AddVisitsAndPairings(*list);
    AddEmployment(*list);
    AddFacilities(*list);
    AddCharity(*list);
    AddRules(*list);
    return list;
  }();
  return *kOperations;
}

const std::vector<CaseOperation>& RecountCaseOperations() {
  static const auto* const kOperations = [] {
    auto* list = new std::vector<CaseOperation>();
    AddApplicationSteps(*list);
    AddBenefitSteps(*list);
    return list;
  }();
  return *kOperations;
}

}  // namespace dangjian::welfare
