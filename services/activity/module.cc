#include "services/activity/module.h"

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

namespace dangjian::activity {

// The tables are the database's; the services live here.
struct ActivityModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : civic_posts(database.AddTable(CivicPostSchema())),
        civic_post_claims(database.AddTable(CivicPostClaimSchema())),
        civic_post_service(civic_posts, civic_post_claims),
        civic_post_claim_service(civic_post_claims, civic_posts),
        patrol_shift_service(database.AddTable(PatrolShiftSchema())),
        agreement_service(database.AddTable(CoBuildingAgreementSchema())),
        joint_meeting_service(database.AddTable(JointMeetingSchema())),
        case_indicator_service(database.AddTable(CaseReportSchema()), directory) {}

  const storage::Table<v1::CivicPost>& civic_posts;
  const storage::Table<v1::CivicPostClaim>& civic_post_claims;
  CivicPostService civic_post_service;
  CivicPostClaimService civic_post_claim_service;
  PatrolShiftService patrol_shift_service;
  CoBuildingAgreementService agreement_service;
  JointMeetingService joint_meeting_service;
  CaseIndicatorService case_indicator_service;
};

ActivityModule::ActivityModule() = default;
ActivityModule::~ActivityModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> ActivityModule::Services() const {
  return {v1::CivicPost::descriptor()->file()->service(0),    v1::CivicPostClaim::descriptor()->file()->service(0),
          v1::PatrolShift::descriptor()->file()->service(0),  v1::CoBuildingAgreement::descriptor()->file()->service(0),
          v1::JointMeeting::descriptor()->file()->service(0), v1::CaseReport::descriptor()->file()->service(0)};
}

absl::Status ActivityModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->civic_post_service.Register(context.router, context.page_tokens);
  parts_->civic_post_claim_service.Register(context.router, context.page_tokens);
  parts_->patrol_shift_service.Register(context.router, context.page_tokens);
  parts_->agreement_service.Register(context.router, context.page_tokens);
  parts_->joint_meeting_service.Register(context.router, context.page_tokens);
  parts_->case_indicator_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::activity
