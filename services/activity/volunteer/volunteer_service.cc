#include "services/activity/volunteer/volunteer_service.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/types/date.h"
#include "services/activity/tags.h"
#include "services/activity/volunteer/volunteer_rules.h"
#include "services/activity/volunteer_certificate/certificate_schema.h"

namespace dangjian::activity {
namespace {

template <class Request>
Step VerbStep(rpc::CallContext& call, const Request& request, std::string reason = {}) {
  Step step = StepOf(call, request.occurred_on(), std::move(reason));
  step.on_behalf_of = request.on_behalf_of();
  return step;
}

}  // namespace

absl::Status VolunteerService::Complete(rpc::CallContext& call, const v1::Volunteer* current,
                                        v1::Volunteer& volunteer) const {
  ASSIGN_OR_RETURN(*volunteer.mutable_canonical_person(), directory_.CanonicalName(call.reader(), volunteer.person()));
  ASSIGN_OR_RETURN(const std::optional<Day> birth, directory_.BirthOf(call.reader(), volunteer.person()));
  Violations violations;
  volunteer_rules::CheckTyped(volunteer, current, birth, violations);
  volunteer_rules::FollowRegister(volunteer, birth, call.today());
  volunteer_rules::CheckContent(volunteer, current, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return CheckOnce(call, volunteer);
}

absl::Status VolunteerService::CheckOnce(rpc::CallContext& call, const v1::Volunteer& volunteer) const {
  ASSIGN_OR_RETURN(
      const std::vector<v1::Volunteer> same,
      volunteers_.Find(call.reader(), storage::KeyWriter(tags::kVolunteerByPerson).Text(volunteer.canonical_person()),
                       std::numeric_limits<size_t>::max()));
  for (const v1::Volunteer& other : same) {
    if (other.name() == volunteer.name() || other.state() == v1::VOLUNTEER_STATE_LEFT) continue;
    return Error(dangjian::reasons::kUniqueViolation,
                 absl::StrCat(volunteer.canonical_person(), " is registered already, as ", other.name()),
                 {{"resource", other.name()}});
  }
  return absl::OkStatus();
}

void VolunteerService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Volunteer> options;
  options.on_create = [this](rpc::CallContext& call, v1::Volunteer& created) {
    volunteer_rules::Initialize(created);
    return Complete(call, /*current=*/nullptr, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::Volunteer& current,
                             v1::Volunteer& updated) -> absl::Status {
    RETURN_IF_ERROR(volunteer_rules::CheckEditable(current));
    return Complete(call, &current, updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::Volunteer& current) -> absl::Status {
    storage::KeyWriter prefix(tags::kVolunteerCertificateByVolunteer);
    prefix.Text(current.name());
    ASSIGN_OR_RETURN(const std::vector<v1::VolunteerCertificate> one, certificates_.Find(call.reader(), prefix, 1));
    if (one.empty()) return absl::OkStatus();
    return Error(reasons::kVolunteerHasCertificates, absl::StrCat(current.name(), " has certificates"),
                 {{"resource", current.name()}});
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kVolunteerByOrganization},
                          {.field = "canonical_person", .index_tag = tags::kVolunteerByPerson},
                          {.field = "volunteer_no", .index_tag = tags::kVolunteerByNumber},
                          {.field = "lacking_consent_in", .index_tag = tags::kVolunteerLackingConsent}};
  rpc::RegisterStandardMethods(router, *v1::Volunteer::descriptor()->file()->FindServiceByName("VolunteerService"),
                               volunteers_, tokens, std::move(options));
  router.Unary(this, &VolunteerService::Activate);
  router.Unary(this, &VolunteerService::Suspend);
  router.Unary(this, &VolunteerService::Withdraw);
}

absl::StatusOr<v1::Volunteer> VolunteerService::Activate(rpc::CallContext& call,
                                                         const v1::ActivateVolunteerRequest& request) {
  return ChangeRecord(call, volunteers_, request, [&](v1::Volunteer& row) -> absl::Status {
    const Step step = VerbStep(call, request);
    ASSIGN_OR_RETURN(const std::optional<Day> birth, directory_.BirthOf(call.reader(), row.person()));
    RETURN_IF_ERROR(volunteer_rules::CheckConsent(row, birth, step.day));
    return volunteer_rules::Activate(row, step);
  });
}

absl::StatusOr<v1::Volunteer> VolunteerService::Suspend(rpc::CallContext& call,
                                                        const v1::SuspendVolunteerRequest& request) {
  return ChangeRecord(call, volunteers_, request, [&](v1::Volunteer& row) {
    return volunteer_rules::Suspend(row, VerbStep(call, request, request.reason()));
  });
}

absl::StatusOr<v1::Volunteer> VolunteerService::Withdraw(rpc::CallContext& call,
                                                         const v1::WithdrawVolunteerRequest& request) {
  return ChangeRecord(call, volunteers_, request, [&](v1::Volunteer& row) {
    return volunteer_rules::Withdraw(row, VerbStep(call, request, request.reason()));
  });
}

}  // namespace dangjian::activity
