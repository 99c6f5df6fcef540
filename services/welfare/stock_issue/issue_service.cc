#include "services/welfare/stock_issue/issue_service.h"

#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/stock_issue/issue_rules.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void StockIssueService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::StockIssue> options;
  options.on_create = [this](rpc::CallContext& call, v1::StockIssue& created) { return Issue(call, created); };
  options.list_filters = {{.field = "organization", .index_tag = tags::kStockIssueByOrganization},
                          {.field = "beneficiary", .index_tag = tags::kStockIssueByBeneficiary}};
  rpc::RegisterStandardMethods(router, *v1::StockIssue::descriptor()->file()->FindServiceByName("StockIssueService"),
                               issues_, tokens, std::move(options));
  router.Unary(this, &StockIssueService::Cancel);
}

absl::Status StockIssueService::Issue(rpc::CallContext& call, v1::StockIssue& issue) const {
  issue_rules::Initialize(issue, rpc::StepOf(call, issue.issued_on()));
  Violations violations;
  issue_rules::CheckContent(issue, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckNotMerged(directory_, call.reader(), issue.beneficiary()));
  ASSIGN_OR_RETURN(const std::string person, directory_.CanonicalName(call.reader(), issue.beneficiary()));
  SetCounted(issue.beneficiary(), person, *issue.mutable_counted_beneficiary());
  RETURN_IF_ERROR(CheckRoles(call, issue));
  RETURN_IF_ERROR(CheckQuota(call, issue));
  for (v1::IssuedItem& item : *issue.mutable_items()) RETURN_IF_ERROR(TakeFromStock(call, issue, item));
  return points_.Spend(call, issue);
}

absl::Status StockIssueService::CheckRoles(rpc::CallContext& call, const v1::StockIssue& issue) const {
  issue_rules::People people;
  ASSIGN_OR_RETURN(people.beneficiary, directory_.CanonicalName(call.reader(), issue.beneficiary()));
  ASSIGN_OR_RETURN(people.receiver, directory_.CanonicalName(call.reader(), issue.receiver()));
  ASSIGN_OR_RETURN(people.approver, directory_.CanonicalName(call.reader(), issue.approver()));
  ASSIGN_OR_RETURN(people.keeper, directory_.CanonicalName(call.reader(), issue.keeper()));
  return issue_rules::CheckRoles(issue, people);
}

absl::Status StockIssueService::CheckQuota(rpc::CallContext& call, const v1::StockIssue& issue) const {
  if (!issue.has_quota_period()) return absl::OkStatus();
  const std::string& person = CountedName(issue.beneficiary(), issue.counted_beneficiary());
  for (const uint16_t tag : {tags::kStockIssueByBeneficiary, tags::kStockIssueByCounted}) {
    const storage::KeyWriter to_person = storage::KeyWriter(tag).Text(person).Text(issue.organization());
    ASSIGN_OR_RETURN(const auto others, issues_.FindAll(call.reader(), to_person));
    for (const v1::StockIssue& other : others) RETURN_IF_ERROR(issue_rules::CheckQuota(issue, other));
  }
  return absl::OkStatus();
}

absl::Status StockIssueService::TakeFromStock(rpc::CallContext& call, const v1::StockIssue& issue,
                                              v1::IssuedItem& item) const {
  storage::KeyWriter in_stock(tags::kStockLotInStockByItem);
  in_stock.Text(issue.organization()).Text(item.item_code()).Text(item.unit());
  ASSIGN_OR_RETURN(std::vector<v1::StockLot> lots, lots_.FindAll(call.reader(), in_stock));
  ASSIGN_OR_RETURN(const int64_t wanted, lot_rules::ParseAmount(item.quantity()));
  const Day day = DayOr(issue.issued_on(), Day());
  ASSIGN_OR_RETURN(const auto shares, issue_rules::Choose(lots, item.item_code(), wanted, day));
  for (const issue_rules::Share& share : shares) {
    v1::StockLot& lot = lots[share.lot];
    RETURN_IF_ERROR(lot_rules::Book(lot, day, {.issued = share.amount}));
    RETURN_IF_ERROR(lots_.Update(call.txn(), lot));
    v1::IssuedLot& taken = *item.add_lots();
    taken.set_stock_lot(lot.name());
    taken.set_quantity(FormatDecimal(share.amount, lot_rules::kScale));
  }
  return absl::OkStatus();
}

absl::Status StockIssueService::PutBack(rpc::CallContext& call, const v1::StockIssue& issue,
                                        const v1::IssuedLot& share) const {
  ASSIGN_OR_RETURN(v1::StockLot lot, lots_.Get(call.reader(), share.stock_lot()));
  const int64_t amount = lot_rules::AmountOf(share.quantity());
  RETURN_IF_ERROR(lot_rules::Book(lot, DayOr(issue.issued_on(), Day()), {.issued = -amount}));
  return lots_.Update(call.txn(), lot);
}

absl::StatusOr<v1::StockIssue> StockIssueService::Cancel(rpc::CallContext& call,
                                                         const v1::CancelIssueRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, issues_, request, [&](v1::StockIssue& issue) -> absl::Status {
    RETURN_IF_ERROR(issue_rules::Cancel(issue, step));
    for (const v1::IssuedItem& item : issue.items()) {
      for (const v1::IssuedLot& share : item.lots()) RETURN_IF_ERROR(PutBack(call, issue, share));
    }
    return points_.Return(call, issue);
  });
}

}  // namespace dangjian::welfare
