#include "services/welfare/stop_list/stop_list_rules.h"

#include "absl/strings/str_cat.h"
#include "common/types/date.h"

namespace dangjian::welfare::stop_list_rules {

absl::Status Check(const v1::StopListEntry& entry) {
  Violations violations;
  const int subjects = (entry.resident().empty() ? 0 : 1) + (entry.payee_reference().empty() ? 0 : 1) +
                       (entry.mls_case().empty() ? 0 : 1);
  if (subjects != 1) {
    violations.Add("stop_list_entry.resident", reasons::kStopListSubjectUnclear,
                   "set exactly one of resident, payee_reference and mls_case");
  }
  if (DayOr(entry.end_date(), Day::Max()) < DayOr(entry.start_date(), Day::Min())) {
    violations.Add("stop_list_entry.end_date", dangjian::reasons::kDatesOutOfOrder, "end_date is before start_date");
  }
  return violations.ToStatus();
}

absl::Status End(v1::StopListEntry& entry, Day last) {
  if (entry.has_end_date()) {
    return Error(reasons::kStopListEntryEnded, "the entry has a last day", {{"resource", entry.name()}});
  }
  if (last < DayOr(entry.start_date(), Day::Min())) {
    Violations violations;
    violations.Add("end_date", dangjian::reasons::kDatesOutOfOrder, "end_date is before start_date");
    return violations.ToStatus();
  }
  *entry.mutable_end_date() = DayToProto(last);
  return absl::OkStatus();
}

std::string AccountSubject(const std::string& payee_reference) { return absl::StrCat("accounts/", payee_reference); }

std::string SubjectOf(const v1::StopListEntry& entry) {
  if (!entry.resident().empty()) return entry.resident();
  return entry.mls_case().empty() ? AccountSubject(entry.payee_reference()) : entry.mls_case();
}

bool HoldsOn(const v1::StopListEntry& entry, Day day) {
  return DayOr(entry.start_date(), Day::Min()) <= day && day <= DayOr(entry.end_date(), Day::Max());
}

v1::HoldReason HoldReasonOf(v1::StopListReason reason) {
  switch (reason) {
    case v1::STOP_LIST_REASON_DECEASED:
      return v1::HOLD_REASON_DECEASED;
    case v1::STOP_LIST_REASON_MOVED_OUT:
      return v1::HOLD_REASON_MOVED_OUT;
    case v1::STOP_LIST_REASON_IN_CUSTODY:
      return v1::HOLD_REASON_IN_CUSTODY;
    case v1::STOP_LIST_REASON_DUPLICATE_PERSON:
      return v1::HOLD_REASON_DUPLICATE_PERSON;
    case v1::STOP_LIST_REASON_SHARED_ACCOUNT:
      return v1::HOLD_REASON_SHARED_ACCOUNT;
    default:
      return v1::HOLD_REASON_MANUAL;
  }
}

}  // namespace dangjian::welfare::stop_list_rules
