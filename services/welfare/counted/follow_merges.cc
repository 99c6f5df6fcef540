#include "services/welfare/counted/follow_merges.h"

#include "services/welfare/counted/counted.h"
#include "services/welfare/mls_case/mls_counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

template <class M>
absl::Status FollowHousehold(const change::Directory& directory, const storage::Table<M>& table,
                             storage::Transaction& txn, CountedIndexes indexes, std::string_view name) {
  return FollowMerge(
      directory, table, txn, indexes, name, [](const M& row) -> const std::string& { return row.household(); },
      [](M& row) { return row.mutable_counted_household(); });
}

template <class M>
absl::Status FollowResident(const change::Directory& directory, const storage::Table<M>& table,
                            storage::Transaction& txn, CountedIndexes indexes, std::string_view name) {
  return FollowMerge(
      directory, table, txn, indexes, name, [](const M& row) -> const std::string& { return row.resident(); },
      [](M& row) { return row.mutable_counted_resident(); });
}

// The jobs have no index of their holders: an area has some dozens of them.
absl::Status FollowHolders(const change::Directory& directory, const storage::Table<v1::SubsidisedJob>& jobs,
                           storage::Transaction& txn, std::string_view name) {
  std::vector<v1::SubsidisedJob> changed;
  RETURN_IF_ERROR(jobs.core().ForEach(txn.reader(), [&](const google::protobuf::Message& row) -> absl::Status {
    v1::SubsidisedJob job = static_cast<const v1::SubsidisedJob&>(row);
    bool any = false;
    for (v1::SubsidisedJobHolder& holder : *job.mutable_holders()) {
      if (CountedName(holder.resident(), holder.counted_resident()) != name) continue;
      ASSIGN_OR_RETURN(const std::string person, directory.CanonicalName(txn.reader(), holder.resident()));
      any = SetCounted(holder.resident(), person, *holder.mutable_counted_resident()) || any;
    }
    if (any) changed.push_back(std::move(job));
    return absl::OkStatus();
  }));
  for (v1::SubsidisedJob& job : changed) RETURN_IF_ERROR(jobs.Update(txn, job));
  return absl::OkStatus();
}

}  // namespace

absl::Status FollowMerges(const change::Directory& directory, const CountedTables& tables, storage::Transaction& txn,
                          std::string_view name) {
  if (name.starts_with("households/")) {
    RETURN_IF_ERROR(
        FollowHousehold(directory, tables.visits, txn, {tags::kHomeVisitByHousehold, tags::kHomeVisitByCounted}, name));
    RETURN_IF_ERROR(
        FollowHousehold(directory, tables.pairings, txn, {tags::kPairingByHousehold, tags::kPairingByCounted}, name));
    return FollowHousehold(directory, tables.cases, txn, {tags::kMlsCaseByHousehold, tags::kMlsCaseByCounted}, name);
  }
  RETURN_IF_ERROR(FollowMerge<v1::StockIssue>(
      directory, tables.issues, txn, {tags::kStockIssueByBeneficiary, tags::kStockIssueByCounted}, name,
      [](const v1::StockIssue& row) -> const std::string& { return row.beneficiary(); },
      [](v1::StockIssue& row) { return row.mutable_counted_beneficiary(); }));
  RETURN_IF_ERROR(FollowResident(directory, tables.registrations, txn,
                                 {tags::kUnemploymentRegistrationByResident, tags::kUnemploymentRegistrationByCounted},
                                 name));
  // These two have one index, by the name under which they are counted.
  RETURN_IF_ERROR(FollowResident(directory, tables.enrolments, txn,
                                 {tags::kTrainingEnrolmentByPerson, tags::kTrainingEnrolmentByPerson}, name));
  RETURN_IF_ERROR(FollowResident(directory, tables.placements, txn,
                                 {tags::kJobPlacementByPerson, tags::kJobPlacementByPerson}, name));
  RETURN_IF_ERROR(FollowHolders(directory, tables.jobs, txn, name));
  return mls::FollowPerson(directory, tables.cases, txn, name);
}

}  // namespace dangjian::welfare
