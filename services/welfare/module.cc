#include "services/welfare/module.h"

#include "services/welfare/facility/facility_schema.h"
#include "services/welfare/facility/facility_service.h"
#include "services/welfare/job_placement/placement_schema.h"
#include "services/welfare/job_placement/placement_service.h"
#include "services/welfare/labour_station/station_schema.h"
#include "services/welfare/labour_station/station_service.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
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

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        award_service(awards),
        registrations(database.AddTable(UnemploymentRegistrationSchema())),
        courses(database.AddTable(TrainingCourseSchema())),
        enrolments(database.AddTable(TrainingEnrolmentSchema())),
        referrals(database.AddTable(VacancyReferralSchema())),
        placements(database.AddTable(JobPlacementSchema())),
        registration_service({registrations, enrolments, referrals, placements}, directory),
        course_service(courses, enrolments),
        enrolment_service(enrolments, courses, registrations),
        referral_service(referrals, registrations),
        placement_service(placements, registrations, directory),
        job_service(database.AddTable(SubsidisedJobSchema()), registrations),
        station_service(database.AddTable(LabourStationSchema())),
        facility_service(database.AddTable(FacilitySchema())) {}

  const storage::Table<v1::MlsAward>& awards;
  MlsAwardService award_service;
  const storage::Table<v1::UnemploymentRegistration>& registrations;
  const storage::Table<v1::TrainingCourse>& courses;
  const storage::Table<v1::TrainingEnrolment>& enrolments;
  const storage::Table<v1::VacancyReferral>& referrals;
  const storage::Table<v1::JobPlacement>& placements;
  UnemploymentRegistrationService registration_service;
  TrainingCourseService course_service;
  TrainingEnrolmentService enrolment_service;
  VacancyReferralService referral_service;
  JobPlacementService placement_service;
  SubsidisedJobService job_service;
  LabourStationService station_service;
  FacilityService facility_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {v1::MlsAward::descriptor()->file()->service(0),
          v1::UnemploymentRegistration::descriptor()->file()->service(0),
          v1::TrainingCourse::descriptor()->file()->service(0),
          v1::TrainingEnrolment::descriptor()->file()->service(0),
          v1::VacancyReferral::descriptor()->file()->service(0),
          v1::JobPlacement::descriptor()->file()->service(0),
          v1::SubsidisedJob::descriptor()->file()->service(0),
          v1::LabourStation::descriptor()->file()->service(0),
          v1::Facility::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  parts_->registration_service.Register(context.router, context.page_tokens);
  parts_->course_service.Register(context.router, context.page_tokens);
  parts_->enrolment_service.Register(context.router, context.page_tokens);
  parts_->referral_service.Register(context.router, context.page_tokens);
  parts_->placement_service.Register(context.router, context.page_tokens);
  parts_->job_service.Register(context.router, context.page_tokens);
  parts_->station_service.Register(context.router, context.page_tokens);
  parts_->facility_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
