#include "services/welfare/job_placement/placement_service.h"

#include <iterator>
#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/job_placement/placement_rules.h"
#include "services/welfare/tags.h"
#include "services/welfare/unemployment_registration/registration_steps.h"

namespace dangjian::welfare {

using v1::JobPlacement;
using v1::UnemploymentRegistration;

namespace {

absl::Status CheckContent(const JobPlacement& placement) {
  Violations violations;
  placement_rules::CheckContent(placement, violations);
  return violations.ToStatus();
}

}  // namespace

void JobPlacementService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<JobPlacement> options;
  options.on_create = [this](rpc::CallContext& call, JobPlacement& created) { return Start(call, created); };
  options.on_update = [](rpc::CallContext&, const JobPlacement&, JobPlacement& updated) {
    return CheckContent(updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const JobPlacement& current) {
    return Undo(call, current, StepOf(call, call.today(), "placement deleted"));
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kJobPlacementByOrganization},
                          {.field = "registration", .index_tag = tags::kJobPlacementByRegistration}};
  rpc::RegisterStandardMethods(router, *JobPlacement::descriptor()->file()->FindServiceByName("JobPlacementService"),
                               placements_, tokens, std::move(options));
  router.Unary(this, &JobPlacementService::FollowUp);
}

absl::Status JobPlacementService::Start(rpc::CallContext& call, JobPlacement& created) {
  RETURN_IF_ERROR(CheckContent(created));
  const Step step = StepOf(call, created.started_on());
  RETURN_IF_ERROR(placement_rules::Start(created, step));
  const auto changed = ChangeRegistration(
      call, registrations_, created.registration(), [&](UnemploymentRegistration& registration) -> absl::Status {
        RETURN_IF_ERROR(registration_rules::RequireOpen(registration));
        ASSIGN_OR_RETURN(const working_age::Person person, PersonOf(call, directory_, registration));
        RETURN_IF_ERROR(working_age::Check(person, step.day));
        return registration_rules::Place(registration, placement_rules::StateOf(created.kind()), created.name(), step);
      });
  RETURN_IF_ERROR(changed.status());
  created.set_resident(changed->resident());
  created.set_counted_resident(changed->counted_resident());
  created.set_organization(changed->organization());
  return absl::OkStatus();
}

absl::Status JobPlacementService::Undo(rpc::CallContext& call, const JobPlacement& placement, const Step& step) {
  // Those of the person, whatever record they name.
  const std::string& person = CountedName(placement.resident(), placement.counted_resident());
  std::vector<UnemploymentRegistration> all;
  for (const uint16_t tag : {tags::kUnemploymentRegistrationByResident, tags::kUnemploymentRegistrationByCounted}) {
    ASSIGN_OR_RETURN(std::vector<UnemploymentRegistration> some,
                     registrations_.FindAll(call.reader(), storage::KeyWriter(tag).Text(person)));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return ChangeRegistration(call, registrations_, placement.registration(),
                            [&](UnemploymentRegistration& registration) {
                              return registration_rules::UndoPlacement(registration, placement.name(), all, step);
                            })
      .status();
}

absl::StatusOr<JobPlacement> JobPlacementService::FollowUp(rpc::CallContext& call,
                                                           const v1::RecordPlacementFollowUpRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, placements_, request, [&](JobPlacement& placement) -> absl::Status {
    RETURN_IF_ERROR(placement_rules::FollowUp(placement, request.months(), request.result(), step));
    if (placement.state() != v1::JOB_PLACEMENT_STATE_FAILED) return absl::OkStatus();
    return Undo(call, placement, step);
  });
}

}  // namespace dangjian::welfare
