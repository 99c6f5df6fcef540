#include "services/welfare/stop_list/stop_list_check.h"

#include <limits>

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "services/welfare/stop_list/as_of.h"
#include "services/welfare/stop_list/stop_list_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

absl::StatusOr<v1::HoldReason> StopListCheck::Ask(const v1::MlsAward& award) {
  for (const std::string& person : award.persons()) {
    ASSIGN_OR_RETURN(const v1::HoldReason listed, AskList(person));
    if (listed != v1::HOLD_REASON_UNSPECIFIED) return listed;
    ASSIGN_OR_RETURN(const v1::HoldReason known, AskDirectory(person));
    if (known != v1::HOLD_REASON_UNSPECIFIED) return known;
  }
  ASSIGN_OR_RETURN(const v1::HoldReason account, AskList(stop_list_rules::AccountSubject(award.payee_reference())));
  return account != v1::HOLD_REASON_UNSPECIFIED ? account : AskList(award.mls_case());
}

absl::StatusOr<v1::HoldReason> StopListCheck::AskList(const std::string& subject) {
  if (!asked_) {
    ASSIGN_OR_RETURN(const storage::RowPage first, entries_.core().ListAll(reader_, "", 1));
    asked_ = true;
    empty_ = first.rows.empty();
  }
  if (empty_) return v1::HOLD_REASON_UNSPECIFIED;
  // All of them: those that ended stand beside the one that holds.
  ASSIGN_OR_RETURN(std::vector<v1::StopListEntry> entries,
                   entries_.Find(reader_, storage::KeyWriter(tags::kStopListEntryBySubject).Text(subject),
                                 std::numeric_limits<size_t>::max()));
  for (v1::StopListEntry& entry : entries) {
    ASSIGN_OR_RETURN(const bool known, AsOf(entries_, reader_, revision_, entry));
    if (known && stop_list_rules::HoldsOn(entry, day_)) return stop_list_rules::HoldReasonOf(entry.reason());
  }
  return v1::HOLD_REASON_UNSPECIFIED;
}

absl::StatusOr<v1::HoldReason> StopListCheck::AskDirectory(const std::string& resident) const {
  absl::StatusOr<registry::v1::Resident> found = directory_.residents().Get(reader_, resident);
  if (absl::IsNotFound(found.status())) return v1::HOLD_REASON_UNSPECIFIED;
  RETURN_IF_ERROR(found.status());
  registry::v1::Resident row = *std::move(found);
  ASSIGN_OR_RETURN(const bool known, AsOf(directory_.residents(), reader_, revision_, row));
  if (!known || DayOr(row.ended_on(), Day::Min()) > day_) return v1::HOLD_REASON_UNSPECIFIED;
  switch (row.state()) {
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

}  // namespace dangjian::welfare
