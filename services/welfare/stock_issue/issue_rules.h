#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

// Issues of a charity store: ISSUED → CANCELLED. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kIssueBeyondStock{"ISSUE_BEYOND_STOCK", absl::StatusCode::kFailedPrecondition,
                                          "库存不足,不能发放此数量"};
inline constexpr Reason kExpiredStock{"EXPIRED_STOCK", absl::StatusCode::kFailedPrecondition,
                                      "余下的食品或药品已过有效期,不能发放"};
inline constexpr Reason kIssueRolesNotSeparate{"ISSUE_ROLES_NOT_SEPARATE", absl::StatusCode::kFailedPrecondition,
                                               "领取人、审批人、保管人不能是同一人"};
inline constexpr Reason kDuplicateIssueItem{"DUPLICATE_ISSUE_ITEM", absl::StatusCode::kInvalidArgument,
                                            "同一物品重复出现,请合并数量"};
inline constexpr Reason kQuotaPeriodMismatch{"QUOTA_PERIOD_MISMATCH", absl::StatusCode::kInvalidArgument,
                                             "发放日期不在所用的配额期内"};
inline constexpr Reason kQuotaPeriodUsed{"QUOTA_PERIOD_USED", absl::StatusCode::kFailedPrecondition,
                                         "该居民在此配额期内已领取过"};
}  // namespace reasons

namespace issue_rules {

// Sets what a new record starts with.
void Initialize(v1::StockIssue& issue, const Step& step);
// DATE_IN_FUTURE, DUPLICATE_ISSUE_ITEM, GOODS_QUANTITY_INVALID, DATES_OUT_OF_ORDER, QUOTA_PERIOD_MISMATCH.
void CheckContent(const v1::StockIssue& issue, Day today, Violations& violations);

// Who takes part, each by one name: a resident who is a member goes by the member's.
struct People {
  std::string beneficiary;
  std::string receiver;
  std::string approver;
  std::string keeper;
};
// ISSUE_ROLES_NOT_SEPARATE unless receiver, approver and keeper differ, and who benefits neither approves nor keeps.
absl::Status CheckRoles(const v1::StockIssue& issue, const People& people);
// QUOTA_PERIOD_USED when `other`, an issue to the same resident, stands in a quota period of the store that overlaps.
absl::Status CheckQuota(const v1::StockIssue& issue, const v1::StockIssue& other);

// How much of which lot of the list.
struct Share {
  size_t lot;
  int64_t amount;  // thousandths of the unit, more than 0
  bool operator==(const Share&) const = default;
};
// Takes `wanted` thousandths on `day` from lots in the order of issue, leaving out those that are expired.
// EXPIRED_STOCK when only expired lots could make up the rest, else ISSUE_BEYOND_STOCK.
absl::StatusOr<std::vector<Share>> Choose(const std::vector<v1::StockLot>& lots, const std::string& item_code,
                                          int64_t wanted, Day day);

// ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (before the issue).
absl::Status Cancel(v1::StockIssue& issue, const Step& step);

}  // namespace issue_rules
}  // namespace dangjian::welfare
