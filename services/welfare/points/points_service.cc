#include "services/welfare/points/points_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/points/points_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

constexpr size_t kPageOfEntries = 256;

v1::PointsEntry EntryFor(rpc::CallContext& call, const v1::StockIssue& issue, v1::PointsKind kind, int64_t points) {
  v1::PointsEntry entry;
  entry.set_name(absl::StrCat("pointsEntries/", NewId(call.now_micros())));
  entry.set_organization(issue.organization());
  entry.set_resident(issue.beneficiary());
  *entry.mutable_occurred_on() = issue.issued_on();
  entry.set_kind(kind);
  entry.set_points(points);
  entry.set_stock_issue(issue.name());
  return entry;
}

}  // namespace

void PointsService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::PointsEntry> options;
  options.on_create = [this](rpc::CallContext& call, v1::PointsEntry& created) -> absl::Status {
    Violations violations;
    points_rules::CheckEntry(created, call.today(), violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return CheckBalance(call, created);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kPointsEntryByOrganization},
                          {.field = "resident", .index_tag = tags::kPointsEntryByAccount}};
  rpc::RegisterStandardMethods(router, *v1::PointsEntry::descriptor()->file()->FindServiceByName("PointsService"),
                               entries_, tokens, std::move(options));
}

absl::Status PointsService::CheckBalance(rpc::CallContext& call, const v1::PointsEntry& entry) const {
  if (entry.points() >= 0) return absl::OkStatus();
  storage::KeyWriter account(tags::kPointsEntryByAccount);
  account.Text(entry.resident()).Text(entry.organization());
  std::vector<points_rules::Movement> movements;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const storage::RowPage page,
                     entries_.core().ListByIndex(call.reader(), account.str(), after, kPageOfEntries));
    for (const auto& row : page.rows) {
      const auto& kept = static_cast<const v1::PointsEntry&>(*row);
      movements.push_back({DayOr(kept.occurred_on(), Day()), kept.points()});
    }
    after = page.last_key;
  } while (!after.empty());
  const Day day = DayOr(entry.occurred_on(), Day());
  if (points_rules::LowestBalanceFrom(movements, day) + entry.points() >= 0) return absl::OkStatus();
  return Error(reasons::kPointsBelowZero, absl::StrCat("the balance would be below 0 on or after ", FormatDay(day)),
               {{"resident", entry.resident()}, {"organization", entry.organization()}});
}

absl::Status PointsService::Spend(rpc::CallContext& call, const v1::StockIssue& issue) const {
  if (issue.points_used() == 0) return absl::OkStatus();
  v1::PointsEntry entry = EntryFor(call, issue, v1::POINTS_KIND_SPENT, -issue.points_used());
  RETURN_IF_ERROR(CheckBalance(call, entry));
  return entries_.Insert(call.txn(), entry);
}

absl::Status PointsService::Return(rpc::CallContext& call, const v1::StockIssue& issue) const {
  if (issue.points_used() == 0) return absl::OkStatus();
  v1::PointsEntry entry = EntryFor(call, issue, v1::POINTS_KIND_RETURNED, issue.points_used());
  return entries_.Insert(call.txn(), entry);
}

}  // namespace dangjian::welfare
