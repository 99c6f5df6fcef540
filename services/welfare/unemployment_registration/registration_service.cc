#include "services/welfare/unemployment_registration/registration_service.h"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"
#include "services/welfare/unemployment_registration/registration_rules.h"
#include "services/welfare/unemployment_registration/registration_steps.h"

namespace dangjian::welfare {

using v1::UnemploymentRegistration;

void UnemploymentRegistrationService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<UnemploymentRegistration> options;
  options.on_create = [this](rpc::CallContext& call, UnemploymentRegistration& created) -> absl::Status {
    RETURN_IF_ERROR(CheckOnce(call, created));
    ASSIGN_OR_RETURN(const working_age::Person person, PersonOf(call, directory_, created));
    return registration_rules::Admit(created, person, StepOf(call, created.registered_on()));
  };
  options.on_delete = [this](rpc::CallContext& call, const UnemploymentRegistration& current) {
    return CheckUnused(call, current);
  };
  options.list_filters = {
      {.field = "organization", .index_tag = tags::kUnemploymentRegistrationByOrganization},
      {.field = "resident", .index_tag = tags::kUnemploymentRegistrationByResident},
      {.field = "age_contradicted_in", .index_tag = tags::kUnemploymentRegistrationAgeContradicted}};
  rpc::RegisterStandardMethods(
      router, *UnemploymentRegistration::descriptor()->file()->FindServiceByName("UnemploymentRegistrationService"),
      tables_.registrations, tokens, std::move(options));
  router.Unary(this, &UnemploymentRegistrationService::Activate);
  router.Unary(this, &UnemploymentRegistrationService::Certify);
  router.Unary(this, &UnemploymentRegistrationService::EndCertification);
  router.Unary(this, &UnemploymentRegistrationService::Close);
}

absl::Status UnemploymentRegistrationService::CheckOnce(rpc::CallContext& call,
                                                        UnemploymentRegistration& created) const {
  RETURN_IF_ERROR(CheckNotMerged(directory_, call.reader(), created.resident()));
  ASSIGN_OR_RETURN(const std::string person, directory_.CanonicalName(call.reader(), created.resident()));
  SetCounted(created.resident(), person, *created.mutable_counted_resident());
  for (const uint16_t tag : {tags::kUnemploymentRegistrationByResident, tags::kUnemploymentRegistrationByCounted}) {
    ASSIGN_OR_RETURN(const auto same, tables_.registrations.Find(call.reader(), storage::KeyWriter(tag).Text(person),
                                                                 std::numeric_limits<size_t>::max()));
    for (const UnemploymentRegistration& other : same) {
      if (other.has_closed_on()) continue;
      return Error(dangjian::reasons::kUniqueViolation, "the person has an open registration already",
                   {{"resource", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status UnemploymentRegistrationService::CheckUnused(rpc::CallContext& call,
                                                          const UnemploymentRegistration& registration) const {
  const auto prefix = [&](uint16_t tag) { return storage::KeyWriter(tag).Text(registration.name()); };
  ASSIGN_OR_RETURN(const auto enrolments,
                   tables_.enrolments.Find(call.reader(), prefix(tags::kTrainingEnrolmentByRegistration), 1));
  ASSIGN_OR_RETURN(const auto referrals,
                   tables_.referrals.Find(call.reader(), prefix(tags::kVacancyReferralByRegistration), 1));
  ASSIGN_OR_RETURN(const auto placements,
                   tables_.placements.Find(call.reader(), prefix(tags::kJobPlacementByRegistration), 1));
  if (enrolments.empty() && referrals.empty() && placements.empty() && registration.subsidised_job().empty()) {
    return absl::OkStatus();
  }
  return Error(reasons::kUnemploymentRegistrationInUse, "other records rest on the registration; delete those first",
               {{"resource", registration.name()}});
}

absl::StatusOr<UnemploymentRegistration> UnemploymentRegistrationService::Activate(
    rpc::CallContext& call, const v1::ActivateUnemploymentRegistrationRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, tables_.registrations, request,
                      [&](UnemploymentRegistration& row) { return registration_rules::Activate(row, step); });
}

absl::StatusOr<UnemploymentRegistration> UnemploymentRegistrationService::Certify(
    rpc::CallContext& call, const v1::CertifyHardToEmployRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  v1::HardToEmployCertification certification;
  certification.set_type(request.type());
  certification.set_evidence(request.evidence());
  *certification.mutable_evidence_on() = request.evidence_on();
  return ChangeRecord(call, tables_.registrations, request, [&](UnemploymentRegistration& row) -> absl::Status {
    RETURN_IF_ERROR(registration_rules::Certify(row, certification, step));
    if (!registration_rules::RestsOnAge(request.type())) return absl::OkStatus();
    ASSIGN_OR_RETURN(const working_age::Person person, PersonOf(call, directory_, row));
    return registration_rules::CheckTypeAge(request.type(), person, step.day);
  });
}

absl::StatusOr<UnemploymentRegistration> UnemploymentRegistrationService::EndCertification(
    rpc::CallContext& call, const v1::EndHardToEmployCertificationRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, tables_.registrations, request, [&](UnemploymentRegistration& row) -> absl::Status {
    RETURN_IF_ERROR(registration_rules::EndCertification(row, request.type(), step));
    const absl::StatusOr<working_age::Person> person = PersonOf(call, directory_, row);
    if (person.ok()) registration_rules::FollowRegister(row, *person);
    return absl::OkStatus();
  });
}

absl::StatusOr<UnemploymentRegistration> UnemploymentRegistrationService::Close(
    rpc::CallContext& call, const v1::CloseUnemploymentRegistrationRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, tables_.registrations, request, [&](UnemploymentRegistration& row) -> absl::Status {
    if (request.outcome() != v1::UNEMPLOYMENT_STATE_RETIRED) {
      return registration_rules::Close(row, request.outcome(), step);
    }
    ASSIGN_OR_RETURN(const working_age::Person person, PersonOf(call, directory_, row));
    return registration_rules::Retire(row, person, step);
  });
}

absl::Status FollowFacts(const change::Directory& directory,
                         const storage::Table<UnemploymentRegistration>& registrations, storage::Transaction& txn,
                         std::string_view person) {
  for (const uint16_t tag : {tags::kUnemploymentRegistrationByResident, tags::kUnemploymentRegistrationByCounted}) {
    ASSIGN_OR_RETURN(std::vector<UnemploymentRegistration> rows,
                     registrations.FindAll(txn.reader(), storage::KeyWriter(tag).Text(person)));
    for (UnemploymentRegistration& row : rows) {
      ASSIGN_OR_RETURN(const registry::v1::Resident resident, directory.Resident(txn.reader(), row.resident()));
      const auto known = registration_rules::PersonOf(resident, row.post_category());
      if (!known.ok()) continue;  // what was known when the person registered stands
      const std::string before = row.SerializeAsString();
      registration_rules::FollowRegister(row, *known);
      if (row.SerializeAsString() != before) RETURN_IF_ERROR(registrations.Update(txn, row));
    }
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
