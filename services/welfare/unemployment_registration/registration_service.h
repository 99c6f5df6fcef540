#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/job_placement.pb.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "dangjian/welfare/v1/vacancy_referral.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.UnemploymentRegistrationService. Thread-safe.
class UnemploymentRegistrationService {
 public:
  // The tables whose records keep a registration from being deleted, and those that it needs; all outlive the service.
  struct Tables {
    const storage::Table<v1::UnemploymentRegistration>& registrations;
    const storage::Table<v1::TrainingEnrolment>& enrolments;
    const storage::Table<v1::VacancyReferral>& referrals;
    const storage::Table<v1::JobPlacement>& placements;
  };
  UnemploymentRegistrationService(const Tables& tables, const change::Directory& directory)
      : tables_(tables), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::UnemploymentRegistration> Activate(rpc::CallContext& call,
                                                        const v1::ActivateUnemploymentRegistrationRequest& request);
  absl::StatusOr<v1::UnemploymentRegistration> Certify(rpc::CallContext& call,
                                                       const v1::CertifyHardToEmployRequest& request);
  absl::StatusOr<v1::UnemploymentRegistration> EndCertification(rpc::CallContext& call,
                                                                const v1::EndHardToEmployCertificationRequest& request);
  absl::StatusOr<v1::UnemploymentRegistration> Close(rpc::CallContext& call,
                                                     const v1::CloseUnemploymentRegistrationRequest& request);

 private:
  // Names the person of a new registration. NAMES_MERGED_RECORD; UNIQUE_VIOLATION when one is open, under whatever
  // name.
  absl::Status CheckOnce(rpc::CallContext& call, v1::UnemploymentRegistration& created) const;
  absl::Status CheckUnused(rpc::CallContext& call, const v1::UnemploymentRegistration& registration) const;

  const Tables tables_;
  const change::Directory& directory_;
};

// What a fact follower of change::Directory does: the registrations of the person follow what the register says.
absl::Status FollowFacts(const change::Directory& directory,
                         const storage::Table<v1::UnemploymentRegistration>& registrations, storage::Transaction& txn,
                         std::string_view person);

}  // namespace dangjian::welfare
