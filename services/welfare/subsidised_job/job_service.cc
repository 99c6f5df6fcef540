#include "services/welfare/subsidised_job/job_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/welfare/subsidised_job/job_rules.h"
#include "services/welfare/tags.h"
#include "services/welfare/unemployment_registration/registration_steps.h"

namespace dangjian::welfare {

using v1::SubsidisedJob;
using v1::UnemploymentRegistration;

void SubsidisedJobService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<SubsidisedJob> options;
  options.on_create = [](rpc::CallContext& call, SubsidisedJob& created) {
    return job_rules::Open(created, StepOf(call, created.opened_on()));
  };
  options.on_update = [](rpc::CallContext&, const SubsidisedJob&, SubsidisedJob& updated) {
    return job_rules::CheckChange(updated);
  };
  options.on_delete = [](rpc::CallContext&, const SubsidisedJob& current) -> absl::Status {
    if (current.holders().empty()) return absl::OkStatus();
    return Error(reasons::kSubsidisedJobInUse, "people hold or held the posts", {{"resource", current.name()}});
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kSubsidisedJobByOrganization}};
  rpc::RegisterStandardMethods(router, *SubsidisedJob::descriptor()->file()->FindServiceByName("SubsidisedJobService"),
                               jobs_, tokens, std::move(options));
  router.Unary(this, &SubsidisedJobService::Assign);
  router.Unary(this, &SubsidisedJobService::Release);
  router.Unary(this, &SubsidisedJobService::Close);
}

absl::StatusOr<SubsidisedJob> SubsidisedJobService::Assign(rpc::CallContext& call,
                                                           const v1::AssignSubsidisedJobRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, jobs_, request, [&](SubsidisedJob& job) {
    return ChangeRegistration(
               call, registrations_, request.registration(),
               [&](UnemploymentRegistration& registration) { return job_rules::Assign(job, registration, step); })
        .status();
  });
}

absl::StatusOr<SubsidisedJob> SubsidisedJobService::Release(rpc::CallContext& call,
                                                            const v1::ReleaseSubsidisedJobHolderRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, jobs_, request, [&](SubsidisedJob& job) {
    return ChangeRegistration(
               call, registrations_, request.registration(),
               [&](UnemploymentRegistration& registration) { return job_rules::Release(job, registration, step); })
        .status();
  });
}

absl::StatusOr<SubsidisedJob> SubsidisedJobService::Close(rpc::CallContext& call,
                                                          const v1::CloseSubsidisedJobRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, jobs_, request, [&](SubsidisedJob& job) { return job_rules::Close(job, step); });
}

}  // namespace dangjian::welfare
