#include "services/welfare/stock_issue/issue_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/stock_lot/lot_rules.h"

namespace dangjian::welfare::issue_rules {
namespace {

std::string_view NameOf(v1::StockIssueState state) {
  return StripPrefix(v1::StockIssueState_Name(state), "STOCK_ISSUE_STATE_");
}

void CheckItems(const v1::StockIssue& issue, Violations& violations) {
  absl::flat_hash_set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < issue.items_size(); ++i) {
    const v1::IssuedItem& item = issue.items(i);
    const std::string path = absl::StrCat("stock_issue.items[", i, "]");
    if (!seen.emplace(item.item_code(), item.unit()).second) {
      violations.Add(absl::StrCat(path, ".item_code"), reasons::kDuplicateIssueItem,
                     absl::StrCat(item.item_code(), " is named twice"));
    }
    if (!lot_rules::ParseAmount(item.quantity()).ok()) {
      violations.Add(absl::StrCat(path, ".quantity"), reasons::kGoodsQuantityInvalid,
                     "more than 0, at most 3 decimals");
    }
  }
}

}  // namespace

void Initialize(v1::StockIssue& issue, const Step& step) {
  issue.set_state(v1::STOCK_ISSUE_STATE_ISSUED);
  if (issue.receiver().empty()) issue.set_receiver(issue.beneficiary());
  for (v1::IssuedItem& item : *issue.mutable_items()) item.clear_lots();
  issue.clear_transitions();
  AddTransition(*issue.mutable_transitions(), NameOf(issue.state()), step);
}

void CheckContent(const v1::StockIssue& issue, Day today, Violations& violations) {
  const Day day = DayOr(issue.issued_on(), today);
  if (day > today) violations.Add("stock_issue.issued_on", dangjian::reasons::kDateInFuture, "after today");
  CheckItems(issue, violations);
  if (!issue.has_quota_period()) return;
  const std::optional<DayRange> quota = DaysFromProto(issue.quota_period());
  if (!quota.has_value()) {
    violations.Add("stock_issue.quota_period", dangjian::reasons::kDatesOutOfOrder, "the last day is before the first");
  } else if (!quota->Contains(day)) {
    violations.Add("stock_issue.quota_period", reasons::kQuotaPeriodMismatch, "issued_on lies outside the period");
  }
}

absl::Status CheckRoles(const v1::StockIssue& issue, const People& people) {
  const bool separate = people.receiver != people.approver && people.receiver != people.keeper &&
                        people.approver != people.keeper && people.beneficiary != people.approver &&
                        people.beneficiary != people.keeper;
  if (separate) return absl::OkStatus();
  return Error(reasons::kIssueRolesNotSeparate, "receiver, approver and keeper must be three people",
               {{"resource", issue.name()}});
}

absl::Status CheckQuota(const v1::StockIssue& issue, const v1::StockIssue& other) {
  if (!issue.has_quota_period() || !other.has_quota_period()) return absl::OkStatus();
  if (other.state() != v1::STOCK_ISSUE_STATE_ISSUED || other.organization() != issue.organization()) {
    return absl::OkStatus();
  }
  const std::optional<DayRange> days = DaysFromProto(issue.quota_period());
  const std::optional<DayRange> taken = DaysFromProto(other.quota_period());
  if (!days.has_value() || !taken.has_value() || days->last < taken->first || taken->last < days->first) {
    return absl::OkStatus();
  }
  return Error(reasons::kQuotaPeriodUsed, absl::StrCat(other.name(), " used the allowance of the period"),
               {{"resource", issue.name()}, {"other", other.name()}});
}

absl::StatusOr<std::vector<Share>> Choose(const std::vector<v1::StockLot>& lots, const std::string& item_code,
                                          int64_t wanted, Day day) {
  std::vector<Share> shares;
  int64_t missing = wanted;
  int64_t missing_with_expired = wanted;
  for (size_t i = 0; i < lots.size() && missing > 0; ++i) {
    const int64_t available = lot_rules::AvailableFrom(lots[i], day);
    missing_with_expired -= std::min(missing_with_expired, available);
    if (lot_rules::IsExpired(lots[i], day) || available == 0) continue;
    const int64_t taken = std::min(missing, available);
    shares.push_back({i, taken});
    missing -= taken;
  }
  if (missing == 0) return shares;
  const Reason& reason = missing_with_expired == 0 ? reasons::kExpiredStock : reasons::kIssueBeyondStock;
  return Error(reason, absl::StrCat("there is not enough of ", item_code, " to issue on ", FormatDay(day)),
               {{"item_code", item_code}});
}

absl::Status Cancel(v1::StockIssue& issue, const Step& step) {
  if (issue.state() != v1::STOCK_ISSUE_STATE_ISSUED) {
    return IllegalTransition(issue.name(), NameOf(issue.state()), "CANCELLED");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(issue.issued_on(), Day::Min())));
  issue.set_state(v1::STOCK_ISSUE_STATE_CANCELLED);
  AddTransition(*issue.mutable_transitions(), NameOf(issue.state()), step);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::issue_rules
