#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/change/directory.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"
#include "dangjian/welfare/v1/home_visit.pb.h"
#include "dangjian/welfare/v1/job_placement.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"
#include "dangjian/welfare/v1/subsidised_job.pb.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

namespace dangjian::welfare {

// The records that are counted by person or household.
struct CountedTables {
  const storage::Table<v1::HomeVisit>& visits;
  const storage::Table<v1::AssistancePairing>& pairings;
  const storage::Table<v1::StockIssue>& issues;
  const storage::Table<v1::UnemploymentRegistration>& registrations;
  const storage::Table<v1::TrainingEnrolment>& enrolments;
  const storage::Table<v1::JobPlacement>& placements;
  const storage::Table<v1::SubsidisedJob>& jobs;
  const storage::Table<v1::MlsCase>& cases;
};

// The change::Directory::Follower of this service: what is counted under `name` gets the name under which it is counted
// now.
absl::Status FollowMerges(const change::Directory& directory, const CountedTables& tables, storage::Transaction& txn,
                          std::string_view name);

}  // namespace dangjian::welfare
