#include "services/welfare/stop_list/stop_list_check.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "services/welfare/stop_list/as_of.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

// Why a resident or household in this state is not paid any more.
v1::HoldReason ReasonOf(registry::v1::ResidentState state) {
  switch (state) {
    case registry::v1::RESIDENT_STATE_DECEASED:
      return v1::HOLD_REASON_DECEASED;
    case registry::v1::RESIDENT_STATE_MOVED_OUT:
      return v1::HOLD_REASON_MOVED_OUT;
    case registry::v1::RESIDENT_STATE_MERGED_DUPLICATE:
      return v1::HOLD_REASON_DUPLICATE_PERSON;
    default:
      return v1::HOLD_REASON_UNSPECIFIED;
  }
}

// A household that was merged goes on under the record that stays.
v1::HoldReason ReasonOf(registry::v1::HouseholdState state) {
  switch (state) {
    case registry::v1::HOUSEHOLD_STATE_DECEASED:
      return v1::HOLD_REASON_DECEASED;
    case registry::v1::HOUSEHOLD_STATE_MOVED_OUT:
      return v1::HOLD_REASON_MOVED_OUT;
    default:
      return v1::HOLD_REASON_UNSPECIFIED;
  }
}

DayRange DaysOf(const registry::v1::Residence& residence) {
  return {DayOr(residence.start_date(), Day::Min()), DayOr(residence.end_date(), Day::Max())};
}

}  // namespace

template <class M>
absl::StatusOr<std::optional<M>> StopListCheck::Find(const storage::Table<M>& table, const std::string& name) const {
  absl::StatusOr<M> found = table.Get(reader_, name);
  if (absl::IsNotFound(found.status())) return std::optional<M>();
  RETURN_IF_ERROR(found.status());
  ASSIGN_OR_RETURN(const bool known, AsOf(table, reader_, revision_, *found));
  return known ? std::optional<M>(*std::move(found)) : std::nullopt;
}

absl::StatusOr<std::vector<Hit>> StopListCheck::Ask(const v1::MlsAward& award) {
  std::vector<Hit> hits;
  for (const std::string& person : award.persons()) {
    RETURN_IF_ERROR(AskList(person, hits));
    RETURN_IF_ERROR(AskRegister(person, award, hits));
  }
  RETURN_IF_ERROR(AskHousehold(award.household(), hits));
  RETURN_IF_ERROR(AskList(stop_list_rules::AccountSubject(award.payee_reference()), hits));
  RETURN_IF_ERROR(AskList(award.mls_case(), hits));
  return hits;
}

absl::Status StopListCheck::AskList(const std::string& subject, std::vector<Hit>& hits) {
  if (!asked_) {
    ASSIGN_OR_RETURN(const storage::RowPage first, entries_.core().ListAll(reader_, "", 1));
    asked_ = true;
    empty_ = first.rows.empty();
  }
  if (empty_) return absl::OkStatus();
  // All of them: those that ended stand beside the one that holds.
  ASSIGN_OR_RETURN(std::vector<v1::StopListEntry> entries,
                   entries_.FindAll(reader_, storage::KeyWriter(tags::kStopListEntryBySubject).Text(subject)));
  for (v1::StopListEntry& entry : entries) {
    ASSIGN_OR_RETURN(const bool known, AsOf(entries_, reader_, revision_, entry));
    if (!known || !stop_list_rules::HoldsOn(entry, day_)) continue;
    hits.push_back({stop_list_rules::HoldReasonOf(entry.reason()), entry.name()});
  }
  return absl::OkStatus();
}

absl::Status StopListCheck::AskRegister(const std::string& resident, const v1::MlsAward& award,
                                        std::vector<Hit>& hits) const {
  ASSIGN_OR_RETURN(const std::optional<registry::v1::Resident> row, Find(directory_.residents(), resident));
  if (!row.has_value()) return absl::OkStatus();
  const v1::HoldReason reason = ReasonOf(row->state());
  if (reason != v1::HOLD_REASON_UNSPECIFIED && DayOr(row->ended_on(), Day::Min()) <= day_) {
    hits.push_back({reason, resident});
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool died, HasDiedAsMember(row->member()));
  if (died) hits.push_back({v1::HOLD_REASON_DECEASED, row->member()});
  // One who never lived in the area, a student elsewhere, has not moved away from it.
  bool lived_here = false;
  for (const registry::v1::Residence& residence : row->residences()) {
    const DayRange days = DaysOf(residence);
    if (day_ < days.first) continue;
    const Day last = std::min(days.last, day_);
    if (!tree_.IsWithin(residence.organization(), award.organization(), last)) continue;
    if (days.Contains(day_)) return absl::OkStatus();
    lived_here = true;
  }
  if (lived_here) hits.push_back({v1::HOLD_REASON_MOVED_OUT, resident});
  return absl::OkStatus();
}

absl::StatusOr<bool> StopListCheck::HasDiedAsMember(const std::string& member) const {
  if (member.empty()) return false;
  ASSIGN_OR_RETURN(const std::optional<registry::v1::Member> row, Find(directory_.members(), member));
  if (!row.has_value() || row->status() != registry::v1::MEMBER_STATUS_DECEASED) return false;
  return row->transitions().empty() || DayOr(row->transitions().rbegin()->occurred_on(), Day::Min()) <= day_;
}

absl::Status StopListCheck::AskHousehold(const std::string& household, std::vector<Hit>& hits) const {
  ASSIGN_OR_RETURN(const std::optional<registry::v1::Household> row, Find(directory_.households(), household));
  if (!row.has_value()) return absl::OkStatus();
  const v1::HoldReason reason = ReasonOf(row->state());
  const bool ended = reason != v1::HOLD_REASON_UNSPECIFIED && DayOr(row->ended_on(), Day::Min()) <= day_;
  if (ended) hits.push_back({reason, household});
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
