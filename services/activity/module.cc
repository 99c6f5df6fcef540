#include "services/activity/module.h"

#include "services/activity/activity/activity_schema.h"
#include "services/activity/activity/activity_service.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/attendance/attendance_service.h"
#include "services/activity/case_indicator/case_schema.h"
#include "services/activity/case_indicator/case_service.h"
#include "services/activity/civic_post/post_schema.h"
#include "services/activity/civic_post/post_service.h"
#include "services/activity/civic_post_claim/claim_schema.h"
#include "services/activity/civic_post_claim/claim_service.h"
#include "services/activity/co_building_agreement/agreement_schema.h"
#include "services/activity/co_building_agreement/agreement_service.h"
#include "services/activity/joint_meeting/meeting_schema.h"
#include "services/activity/joint_meeting/meeting_service.h"
#include "services/activity/patrol_shift/shift_schema.h"
#include "services/activity/patrol_shift/shift_service.h"
#include "services/activity/person/person.h"
#include "services/activity/team/team_schema.h"
#include "services/activity/team/team_service.h"
#include "services/activity/team_membership/membership_schema.h"
#include "services/activity/team_membership/membership_service.h"
#include "services/activity/volunteer/volunteer_schema.h"
#include "services/activity/volunteer/volunteer_service.h"
#include "services/activity/volunteer_certificate/certificate_schema.h"
#include "services/activity/volunteer_certificate/certificate_service.h"

namespace dangjian::activity {
namespace {

// Teams, what they do together and who took part. The tables are the database's; the services live here, as below.
struct Gatherings {
  Gatherings(storage::Database& database, const change::Directory& directory)
      : teams(database.AddTable(TeamSchema())),
        memberships(database.AddTable(TeamMembershipSchema())),
        activities(database.AddTable(ActivitySchema())),
        attendances(database.AddTable(AttendanceSchema())),
        volunteers(database.AddTable(VolunteerSchema())),
        certificates(database.AddTable(VolunteerCertificateSchema())),
        team_service(teams, memberships),
        membership_service(memberships, teams, directory),
        activity_service(activities, attendances, directory),
        attendance_service(attendances, activities, volunteers, directory),
        volunteer_service(volunteers, certificates, directory),
        certificate_service(certificates, volunteers, attendances) {}

  PersonTables People() const { return {memberships, attendances, volunteers, certificates}; }

  static std::vector<const google::protobuf::Descriptor*> Contracts() {
    return {v1::Team::descriptor(),       v1::TeamMembership::descriptor(), v1::Activity::descriptor(),
            v1::Attendance::descriptor(), v1::Volunteer::descriptor(),      v1::VolunteerCertificate::descriptor()};
  }

  void Register(rpc::Router& router, rpc::PageTokens& tokens) {
    team_service.Register(router, tokens);
    membership_service.Register(router, tokens);
    activity_service.Register(router, tokens);
    attendance_service.Register(router, tokens);
    volunteer_service.Register(router, tokens);
    certificate_service.Register(router, tokens);
  }

  const storage::Table<v1::Team>& teams;
  const storage::Table<v1::TeamMembership>& memberships;
  const storage::Table<v1::Activity>& activities;
  const storage::Table<v1::Attendance>& attendances;
  const storage::Table<v1::Volunteer>& volunteers;
  const storage::Table<v1::VolunteerCertificate>& certificates;
  TeamService team_service;
  TeamMembershipService membership_service;
  ActivityService activity_service;
  AttendanceService attendance_service;
  VolunteerService volunteer_service;
  VolunteerCertificateService certificate_service;
};

// Posts, patrols, agreements, meetings and the cases that the police report.
struct Cooperation {
  Cooperation(storage::Database& database, const change::Directory& directory)
      : civic_posts(database.AddTable(CivicPostSchema())),
        civic_post_claims(database.AddTable(CivicPostClaimSchema())),
        civic_post_service(civic_posts, civic_post_claims),
        civic_post_claim_service(civic_post_claims, civic_posts),
        patrol_shift_service(database.AddTable(PatrolShiftSchema()), directory),
        agreement_service(database.AddTable(CoBuildingAgreementSchema())),
        joint_meeting_service(database.AddTable(JointMeetingSchema())),
        case_indicator_service(database.AddTable(CaseReportSchema()), directory) {}

  static std::vector<const google::protobuf::Descriptor*> Contracts() {
    return {v1::CivicPost::descriptor(),           v1::CivicPostClaim::descriptor(), v1::PatrolShift::descriptor(),
            v1::CoBuildingAgreement::descriptor(), v1::JointMeeting::descriptor(),   v1::CaseReport::descriptor()};
  }

  void Register(rpc::Router& router, rpc::PageTokens& tokens) {
    civic_post_service.Register(router, tokens);
    civic_post_claim_service.Register(router, tokens);
    patrol_shift_service.Register(router, tokens);
    agreement_service.Register(router, tokens);
    joint_meeting_service.Register(router, tokens);
    case_indicator_service.Register(router, tokens);
  }

  const storage::Table<v1::CivicPost>& civic_posts;
  const storage::Table<v1::CivicPostClaim>& civic_post_claims;
  CivicPostService civic_post_service;
  CivicPostClaimService civic_post_claim_service;
  PatrolShiftService patrol_shift_service;
  CoBuildingAgreementService agreement_service;
  JointMeetingService joint_meeting_service;
  CaseIndicatorService case_indicator_service;
};

}  // namespace

struct ActivityModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : gatherings(database, directory), cooperation(database, directory) {}

  Gatherings gatherings;
  Cooperation cooperation;
};

ActivityModule::ActivityModule() = default;
ActivityModule::~ActivityModule() = default;

// Each contract file holds one service, found by a message of the file.
std::vector<const google::protobuf::ServiceDescriptor*> ActivityModule::Services() const {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto& contracts : {Gatherings::Contracts(), Cooperation::Contracts()}) {
    for (const auto* message : contracts) services.push_back(message->file()->service(0));
  }
  return services;
}

absl::Status ActivityModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->gatherings.Register(context.router, context.page_tokens);
  context.directory->AddFollower(
      [&directory = *context.directory, tables = parts_->gatherings.People()](
          storage::Transaction& txn, std::string_view name) { return RenamePerson(directory, tables, txn, name); });
  context.directory->AddFactFollower(
      [&directory = *context.directory, tables = parts_->gatherings.People()](
          storage::Transaction& txn, std::string_view name) { return FollowFacts(directory, tables, txn, name); });
  parts_->cooperation.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::activity
