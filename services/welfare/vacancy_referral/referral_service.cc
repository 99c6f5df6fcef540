#include "services/welfare/vacancy_referral/referral_service.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "services/welfare/tags.h"
#include "services/welfare/unemployment_registration/registration_steps.h"

namespace dangjian::welfare {

using v1::UnemploymentRegistration;
using v1::VacancyReferral;

void VacancyReferralService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<VacancyReferral> options;
  options.on_create = [this](rpc::CallContext& call, VacancyReferral& created) { return Refer(call, created); };
  options.on_delete = [this](rpc::CallContext& call, const VacancyReferral& current) {
    return TakeBack(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kVacancyReferralByOrganization},
                          {.field = "registration", .index_tag = tags::kVacancyReferralByRegistration}};
  rpc::RegisterStandardMethods(router,
                               *VacancyReferral::descriptor()->file()->FindServiceByName("VacancyReferralService"),
                               referrals_, tokens, std::move(options));
  router.Unary(this, &VacancyReferralService::RecordOutcome);
}

absl::Status VacancyReferralService::Refer(rpc::CallContext& call, VacancyReferral& created) {
  const Step step = StepOf(call, created.referred_on());
  RETURN_IF_ERROR(referral_rules::Refer(created, step));
  const auto changed =
      ChangeRegistration(call, registrations_, created.registration(), [&](UnemploymentRegistration& registration) {
        return registration_rules::Begin(registration, v1::UNEMPLOYMENT_STATE_REFERRED, created.name(), step);
      });
  RETURN_IF_ERROR(changed.status());
  created.set_resident(changed->resident());
  created.set_organization(changed->organization());
  return absl::OkStatus();
}

absl::StatusOr<referral_rules::Refusals> VacancyReferralService::CountWith(rpc::CallContext& call,
                                                                           const VacancyReferral& referral,
                                                                           bool leave_out) const {
  const storage::KeyWriter prefix =
      storage::KeyWriter(tags::kVacancyReferralByRegistration).Text(referral.registration());
  ASSIGN_OR_RETURN(std::vector<VacancyReferral> all, referrals_.FindAll(call.reader(), prefix));
  std::erase_if(all, [&](const VacancyReferral& each) { return each.name() == referral.name(); });
  if (!leave_out) all.push_back(referral);
  return referral_rules::CountRefusals(std::move(all));
}

absl::Status VacancyReferralService::TakeBack(rpc::CallContext& call, const VacancyReferral& referral) {
  ASSIGN_OR_RETURN(const referral_rules::Refusals refusals, CountWith(call, referral, true));
  return ChangeRegistration(call, registrations_, referral.registration(),
                            [&](UnemploymentRegistration& registration) {
                              registration_rules::TakeBack(registration, referral.name(),
                                                           StepOf(call, call.today(), "referral deleted"));
                              referral_rules::Enter(registration, refusals);
                              return absl::OkStatus();
                            })
      .status();
}

absl::StatusOr<VacancyReferral> VacancyReferralService::RecordOutcome(rpc::CallContext& call,
                                                                      const v1::RecordReferralOutcomeRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, referrals_, request, [&](VacancyReferral& referral) -> absl::Status {
    RETURN_IF_ERROR(referral_rules::SetOutcome(referral, request.outcome(), step));
    ASSIGN_OR_RETURN(const referral_rules::Refusals refusals, CountWith(call, referral, false));
    return ChangeRegistration(call, registrations_, referral.registration(),
                              [&](UnemploymentRegistration& registration) {
                                referral_rules::Enter(registration, refusals);
                                return registration_rules::End(registration, referral.name(), step);
                              })
        .status();
  });
}

}  // namespace dangjian::welfare
