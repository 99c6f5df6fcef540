#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"

// Stop lists. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kStopListSubjectUnclear{"STOP_LIST_SUBJECT_UNCLEAR", absl::StatusCode::kInvalidArgument,
                                                "居民、账户标识、低保案件三项应填且只填一项"};
inline constexpr Reason kStopListEntryEnded{"STOP_LIST_ENTRY_ENDED", absl::StatusCode::kFailedPrecondition,
                                            "该名单记录已终止,不能再次终止"};
}  // namespace reasons

// What speaks against a payment.
struct Hit {
  v1::HoldReason reason = v1::HOLD_REASON_UNSPECIFIED;
  std::string source;  // a stop-list entry, or a record of the registry
  bool operator==(const Hit&) const = default;
};

namespace stop_list_rules {

// STOP_LIST_SUBJECT_UNCLEAR, DATES_OUT_OF_ORDER.
absl::Status Check(const v1::StopListEntry& entry);
// STOP_LIST_ENTRY_ENDED, DATES_OUT_OF_ORDER.
absl::Status End(v1::StopListEntry& entry, Day last);
// What the entry is about: a resource name or, for an account, `accounts/` and its token.
std::string SubjectOf(const v1::StopListEntry& entry);
std::string AccountSubject(const std::string& payee_reference);
bool HoldsOn(const v1::StopListEntry& entry, Day day);
v1::HoldReason HoldReasonOf(v1::StopListReason reason);

}  // namespace stop_list_rules
}  // namespace dangjian::welfare
