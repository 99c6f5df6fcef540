#include "services/registry/module.h"

#include "services/registry/assignment/assignment_service.h"
#include "services/registry/calendar/calendar_service.h"
#include "services/registry/dues/dues_service.h"
#include "services/registry/household/household_service.h"
#include "services/registry/identity_code/identity_code_service.h"
#include "services/registry/member/member_service.h"
#include "services/registry/organization/organization_service.h"
#include "services/registry/report_in/report_in_service.h"
#include "services/registry/resident/resident_service.h"
#include "services/registry/resident_unit/resident_unit_service.h"
#include "services/registry/tables.h"
#include "services/registry/transfer/transfer_service.h"
#include "services/registry/unit/unit_service.h"
#include "services/registry/vote/vote_service.h"

namespace dangjian::registry {

struct RegistryModule::Parts {
  explicit Parts(storage::Database& database) : tables(database) {}

  Tables tables;
  OrganizationService organizations{tables};
  MemberService members{tables};
  MemberTransferService transfers{tables};
  CommunityReportInService report_ins{tables};
  AssignmentService assignments{tables};
  CalendarService calendars{tables};
  UnitService units{tables};
  HouseholdService households{tables};
  ResidentService residents{tables};
  ResidentUnitService resident_units{tables};
  IdentityCodeService identity_codes;
  VoteService votes{tables};
  DuesService dues;
};

RegistryModule::RegistryModule() = default;
RegistryModule::~RegistryModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> RegistryModule::Services() const {
  return {v1::Organization::descriptor()->file()->FindServiceByName("OrganizationService"),
          v1::Member::descriptor()->file()->FindServiceByName("MemberService"),
          v1::MemberTransfer::descriptor()->file()->FindServiceByName("MemberTransferService"),
          v1::CommunityReportIn::descriptor()->file()->FindServiceByName("CommunityReportInService"),
          v1::Assignment::descriptor()->file()->FindServiceByName("AssignmentService"),
          v1::Calendar::descriptor()->file()->FindServiceByName("CalendarService"),
          v1::Unit::descriptor()->file()->FindServiceByName("UnitService"),
          v1::Household::descriptor()->file()->FindServiceByName("HouseholdService"),
          v1::Resident::descriptor()->file()->FindServiceByName("ResidentService"),
          v1::ResidentUnit::descriptor()->file()->FindServiceByName("ResidentUnitService"),
          v1::CheckIdentityCodeRequest::descriptor()->file()->FindServiceByName("IdentityCodeService"),
          v1::ComputeVoteThresholdsRequest::descriptor()->file()->FindServiceByName("VoteService"),
          v1::ComputeMembershipDuesRequest::descriptor()->file()->FindServiceByName("DuesService")};
}

absl::Status RegistryModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database);
  parts_->organizations.Register(context.router, context.page_tokens);
  parts_->members.Register(context.router, context.page_tokens);
  parts_->transfers.Register(context.router, context.page_tokens);
  parts_->report_ins.Register(context.router, context.page_tokens);
  parts_->assignments.Register(context.router, context.page_tokens);
  parts_->calendars.Register(context.router, context.page_tokens);
  parts_->units.Register(context.router, context.page_tokens);
  parts_->households.Register(context.router, context.page_tokens);
  parts_->residents.Register(context.router, context.page_tokens);
  parts_->resident_units.Register(context.router, context.page_tokens);
  parts_->identity_codes.Register(context.router);
  parts_->votes.Register(context.router);
  parts_->dues.Register(context.router);
  return absl::OkStatus();
}

}  // namespace dangjian::registry
