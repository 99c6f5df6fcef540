#include "services/welfare/module.h"

#include "services/welfare/assistance_action/assistance_schema.h"
#include "services/welfare/assistance_action/assistance_service.h"
#include "services/welfare/charity_donation/donation_schema.h"
#include "services/welfare/charity_donation/donation_service.h"
#include "services/welfare/counted/follow_merges.h"
#include "services/welfare/facility/facility_schema.h"
#include "services/welfare/facility/facility_service.h"
#include "services/welfare/home_visit/visit_schema.h"
#include "services/welfare/home_visit/visit_service.h"
#include "services/welfare/job_placement/placement_schema.h"
#include "services/welfare/job_placement/placement_service.h"
#include "services/welfare/labour_station/station_schema.h"
#include "services/welfare/labour_station/station_service.h"
#include "services/welfare/ledger/ledger.h"
#include "services/welfare/ledger/ledger_schema.h"
#include "services/welfare/ledger/ledger_service.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
#include "services/welfare/mls_case/case_schema.h"
#include "services/welfare/mls_case/case_service.h"
#include "services/welfare/mls_case/mls_ages.h"
#include "services/welfare/mls_case/mls_coverage.h"
#include "services/welfare/mls_rule_set/rule_set_schema.h"
#include "services/welfare/mls_rule_set/rule_set_service.h"
#include "services/welfare/pairing/pairing_schema.h"
#include "services/welfare/pairing/pairing_service.h"
#include "services/welfare/payment_batch/batch_schema.h"
#include "services/welfare/payment_batch/batch_service.h"
#include "services/welfare/payment_line/line_schema.h"
#include "services/welfare/payment_line/line_service.h"
#include "services/welfare/points/points_schema.h"
#include "services/welfare/points/points_service.h"
#include "services/welfare/stock_issue/issue_schema.h"
#include "services/welfare/stock_issue/issue_service.h"
#include "services/welfare/stock_lot/lot_schema.h"
#include "services/welfare/stock_lot/lot_service.h"
#include "services/welfare/stop_list/stop_list_schema.h"
#include "services/welfare/stop_list/stop_list_service.h"
#include "services/welfare/subsidised_job/job_schema.h"
#include "services/welfare/subsidised_job/job_service.h"
#include "services/welfare/training_course/course_schema.h"
#include "services/welfare/training_course/course_service.h"
#include "services/welfare/training_enrolment/enrolment_schema.h"
#include "services/welfare/training_enrolment/enrolment_service.h"
#include "services/welfare/unemployment_registration/registration_schema.h"
#include "services/welfare/unemployment_registration/registration_service.h"
#include "services/welfare/vacancy_referral/referral_schema.h"
#include "services/welfare/vacancy_referral/referral_service.h"

namespace dangjian::welfare {
namespace {

// 低保: from the rules to the bank and back. The tables are the database's; the services live here, as below.
struct LivingSecurity {
  LivingSecurity(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        rule_sets(database.AddTable(MlsRuleSetSchema())),
        cases(database.AddTable(MlsCaseSchema())),
        coverages(database.AddTable(MlsCoverageSchema())),
        ledger_entries(database.AddTable(LedgerEntrySchema())),
        stop_list(database.AddTable(StopListEntrySchema())),
        ledger(ledger_entries),
        payments{.batches = database.AddTable(PaymentBatchSchema()),
                 .lines = database.AddTable(PaymentLineSchema()),
                 .awards = awards,
                 .cases = cases,
                 .stop_list = stop_list,
                 .ledger = ledger,
                 .directory = directory},
        award_service(awards),
        rule_set_service(rule_sets),
        case_service(cases, awards, coverages, rule_sets, directory),
        ledger_service(ledger_entries),
        stop_list_service(stop_list),
        payment_batch_service(payments),
        payment_line_service(payments) {}

  static std::vector<const google::protobuf::Descriptor*> Contracts() {
    return {v1::MlsAward::descriptor(),     v1::MlsRuleSet::descriptor(),
            v1::MlsCase::descriptor(),      v1::AdjustMlsCaseRequest::descriptor(),
            v1::LedgerEntry::descriptor(),  v1::StopListEntry::descriptor(),
            v1::PaymentBatch::descriptor(), v1::PaymentLine::descriptor()};
  }

  void Register(rpc::Router& router, rpc::PageTokens& tokens) {
    award_service.Register(router, tokens);
    rule_set_service.Register(router, tokens);
    case_service.Register(router, tokens);
    ledger_service.Register(router, tokens);
    stop_list_service.Register(router, tokens);
    payment_batch_service.Register(router, tokens);
    payment_line_service.Register(router, tokens);
  }

  const storage::Table<v1::MlsAward>& awards;
  const storage::Table<v1::MlsRuleSet>& rule_sets;
  const storage::Table<v1::MlsCase>& cases;
  const storage::Table<v1::MlsCoverage>& coverages;
  const storage::Table<v1::LedgerEntry>& ledger_entries;
  const storage::Table<v1::StopListEntry>& stop_list;
  const Ledger ledger;
  const BatchTables payments;
  MlsAwardService award_service;
  MlsRuleSetService rule_set_service;
  MlsCaseService case_service;
  LedgerService ledger_service;
  StopListService stop_list_service;
  PaymentBatchService payment_batch_service;
  PaymentLineService payment_line_service;
};

// 再就业 and the places where it is done; facilities.
struct Employment {
  Employment(storage::Database& database, const change::Directory& directory)
      : registrations(database.AddTable(UnemploymentRegistrationSchema())),
        courses(database.AddTable(TrainingCourseSchema())),
        enrolments(database.AddTable(TrainingEnrolmentSchema())),
        referrals(database.AddTable(VacancyReferralSchema())),
        placements(database.AddTable(JobPlacementSchema())),
        jobs(database.AddTable(SubsidisedJobSchema())),
        registration_service({registrations, enrolments, referrals, placements}, directory),
        course_service(courses, enrolments),
        enrolment_service(enrolments, courses, registrations, directory),
        referral_service(referrals, registrations),
        placement_service(placements, registrations, directory),
        job_service(jobs, registrations),
        station_service(database.AddTable(LabourStationSchema())),
        facility_service(database.AddTable(FacilitySchema())) {}

  static std::vector<const google::protobuf::Descriptor*> Contracts() {
    return {v1::UnemploymentRegistration::descriptor(),
            v1::TrainingCourse::descriptor(),
            v1::TrainingEnrolment::descriptor(),
            v1::VacancyReferral::descriptor(),
            v1::JobPlacement::descriptor(),
            v1::SubsidisedJob::descriptor(),
            v1::LabourStation::descriptor(),
            v1::Facility::descriptor()};
  }

  void Register(rpc::Router& router, rpc::PageTokens& tokens) {
    registration_service.Register(router, tokens);
    course_service.Register(router, tokens);
    enrolment_service.Register(router, tokens);
    referral_service.Register(router, tokens);
    placement_service.Register(router, tokens);
    job_service.Register(router, tokens);
    station_service.Register(router, tokens);
    facility_service.Register(router, tokens);
  }

  const storage::Table<v1::UnemploymentRegistration>& registrations;
  const storage::Table<v1::TrainingCourse>& courses;
  const storage::Table<v1::TrainingEnrolment>& enrolments;
  const storage::Table<v1::VacancyReferral>& referrals;
  const storage::Table<v1::JobPlacement>& placements;
  const storage::Table<v1::SubsidisedJob>& jobs;
  UnemploymentRegistrationService registration_service;
  TrainingCourseService course_service;
  TrainingEnrolmentService enrolment_service;
  VacancyReferralService referral_service;
  JobPlacementService placement_service;
  SubsidisedJobService job_service;
  LabourStationService station_service;
  FacilityService facility_service;
};

// What people give and do for each other: pairings, visits, the charity store.
struct Assistance {
  Assistance(storage::Database& database, const change::Directory& directory)
      : pairings(database.AddTable(PairingSchema())),
        assistance_actions(database.AddTable(AssistanceActionSchema())),
        stock_lots(database.AddTable(StockLotSchema())),
        visits(database.AddTable(HomeVisitSchema())),
        issues(database.AddTable(StockIssueSchema())),
        pairing_service(pairings, assistance_actions, directory),
        assistance_service(assistance_actions, pairings, directory),
        visit_service(visits, directory),
        donation_service(database.AddTable(DonationReceiptSchema()), stock_lots, directory),
        lot_service(stock_lots),
        points_service(database.AddTable(PointsEntrySchema())),
        issue_service(issues, stock_lots, points_service, directory) {}

  static std::vector<const google::protobuf::Descriptor*> Contracts() {
    return {v1::AssistancePairing::descriptor(), v1::AssistanceAction::descriptor(), v1::HomeVisit::descriptor(),
            v1::DonationReceipt::descriptor(),   v1::StockLot::descriptor(),         v1::PointsEntry::descriptor(),
            v1::StockIssue::descriptor()};
  }

  void Register(rpc::Router& router, rpc::PageTokens& tokens) {
    pairing_service.Register(router, tokens);
    assistance_service.Register(router, tokens);
    visit_service.Register(router, tokens);
    donation_service.Register(router, tokens);
    lot_service.Register(router, tokens);
    points_service.Register(router, tokens);
    issue_service.Register(router, tokens);
  }

  const storage::Table<v1::AssistancePairing>& pairings;
  const storage::Table<v1::AssistanceAction>& assistance_actions;
  const storage::Table<v1::StockLot>& stock_lots;
  const storage::Table<v1::HomeVisit>& visits;
  const storage::Table<v1::StockIssue>& issues;
  PairingService pairing_service;
  AssistanceActionService assistance_service;
  HomeVisitService visit_service;
  DonationService donation_service;
  StockLotService lot_service;
  PointsService points_service;
  StockIssueService issue_service;
};

}  // namespace

struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : living_security(database, directory), employment(database, directory), assistance(database, directory) {}

  CountedTables Counted() const {
    return {.visits = assistance.visits,
            .pairings = assistance.pairings,
            .issues = assistance.issues,
            .registrations = employment.registrations,
            .enrolments = employment.enrolments,
            .placements = employment.placements,
            .jobs = employment.jobs,
            .cases = living_security.cases};
  }

  LivingSecurity living_security;
  Employment employment;
  Assistance assistance;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

// Each contract file holds one service, found by a message of the file.
std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto& contracts : {LivingSecurity::Contracts(), Employment::Contracts(), Assistance::Contracts()}) {
    for (const auto* message : contracts) services.push_back(message->file()->service(0));
  }
  return services;
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->living_security.Register(context.router, context.page_tokens);
  parts_->employment.Register(context.router, context.page_tokens);
  parts_->assistance.Register(context.router, context.page_tokens);
  context.directory->AddFollower(
      [&directory = *context.directory, counted = parts_->Counted()](storage::Transaction& txn, std::string_view name) {
        return FollowMerges(directory, counted, txn, name);
      });
  context.directory->AddFactFollower([&directory = *context.directory, &parts = *parts_](
                                         storage::Transaction& txn, std::string_view name) -> absl::Status {
    const LivingSecurity& living = parts.living_security;
    RETURN_IF_ERROR(mls::FollowFacts(directory, living.coverages, living.cases, txn, name));
    return FollowFacts(directory, parts.employment.registrations, txn, name);
  });
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
