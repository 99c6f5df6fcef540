#include "services/activity/module.h"

#include "services/activity/activity/activity_schema.h"
#include "services/activity/activity/activity_service.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/attendance/attendance_service.h"
#include "services/activity/team/team_schema.h"
#include "services/activity/team/team_service.h"
#include "services/activity/team_membership/membership_schema.h"
#include "services/activity/team_membership/membership_service.h"
#include "services/activity/volunteer/volunteer_schema.h"
#include "services/activity/volunteer/volunteer_service.h"
#include "services/activity/volunteer_certificate/certificate_schema.h"
#include "services/activity/volunteer_certificate/certificate_service.h"

namespace dangjian::activity {

// The tables are the database's; the services live here.
struct ActivityModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : teams(database.AddTable(TeamSchema())),
        memberships(database.AddTable(TeamMembershipSchema())),
        activities(database.AddTable(ActivitySchema())),
        attendances(database.AddTable(AttendanceSchema())),
        volunteers(database.AddTable(VolunteerSchema())),
        certificates(database.AddTable(VolunteerCertificateSchema())),
        team_service(teams, memberships),
        membership_service(memberships, teams, directory),
        activity_service(activities, attendances, directory),
        attendance_service(attendances, activities, directory),
        volunteer_service(volunteers, certificates, directory),
        certificate_service(certificates, volunteers, attendances) {}

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

ActivityModule::ActivityModule() = default;
ActivityModule::~ActivityModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> ActivityModule::Services() const {
  return {v1::Team::descriptor()->file()->service(0),      v1::TeamMembership::descriptor()->file()->service(0),
          v1::Activity::descriptor()->file()->service(0),  v1::Attendance::descriptor()->file()->service(0),
          v1::Volunteer::descriptor()->file()->service(0), v1::VolunteerCertificate::descriptor()->file()->service(0)};
}

absl::Status ActivityModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->team_service.Register(context.router, context.page_tokens);
  parts_->membership_service.Register(context.router, context.page_tokens);
  parts_->activity_service.Register(context.router, context.page_tokens);
  parts_->attendance_service.Register(context.router, context.page_tokens);
  parts_->volunteer_service.Register(context.router, context.page_tokens);
  parts_->certificate_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::activity
