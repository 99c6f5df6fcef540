#include "services/welfare/charity_donation/donation_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/welfare/charity_donation/donation_rules.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void DonationService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::DonationReceipt> options;
  options.on_create = [this](rpc::CallContext& call, v1::DonationReceipt& created) {
    donation_rules::Initialize(created);
    return Check(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::DonationReceipt& current,
                             v1::DonationReceipt& updated) -> absl::Status {
    RETURN_IF_ERROR(donation_rules::CheckEditable(current));
    return Check(call, updated);
  };
  options.on_delete = [](rpc::CallContext&, const v1::DonationReceipt& current) {
    return donation_rules::CheckDeletable(current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kDonationReceiptByOrganization}};
  rpc::RegisterStandardMethods(router,
                               *v1::DonationReceipt::descriptor()->file()->FindServiceByName("DonationReceiptService"),
                               donations_, tokens, std::move(options));
  router.Unary(this, &DonationService::Accept);
  router.Unary(this, &DonationService::Reject);
  router.Unary(this, &DonationService::Reopen);
}

absl::Status DonationService::Check(rpc::CallContext& call, const v1::DonationReceipt& donation) const {
  Violations violations;
  donation_rules::CheckContent(donation, call.today(), violations);
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  for (int i = 0; i < donation.goods_size(); ++i) {
    const std::string& unit = donation.goods(i).quantity().unit();
    ASSIGN_OR_RETURN(const bool known, registry.HasUnit(unit));
    if (known) continue;
    violations.Add(absl::StrCat("donation_receipt.goods[", i, "].quantity.unit"), dangjian::reasons::kUnknownUnit,
                   absl::StrCat(unit, " is not in the unit table"));
  }
  return violations.ToStatus();
}

absl::Status DonationService::TakeLotsAway(rpc::CallContext& call, const v1::DonationReceipt& donation) const {
  for (const std::string& name : donation.stock_lots()) {
    ASSIGN_OR_RETURN(const v1::StockLot lot, lots_.Get(call.reader(), name));
    if (!lot_rules::IsUntouched(lot)) {
      return Error(reasons::kStockLotInUse, "something was issued from the lot or adjusted",
                   {{"resource", donation.name()}, {"lot", name}});
    }
    RETURN_IF_ERROR(lots_.Delete(call.txn(), name));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::DonationReceipt> DonationService::Accept(rpc::CallContext& call,
                                                            const v1::AcceptDonationRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, donations_, request, [&](v1::DonationReceipt& donation) -> absl::Status {
    RETURN_IF_ERROR(donation_rules::Accept(donation, step));
    for (v1::StockLot& lot : donation_rules::LotsOf(donation)) {
      RETURN_IF_ERROR(lots_.Insert(call.txn(), lot));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::DonationReceipt> DonationService::Reject(rpc::CallContext& call,
                                                            const v1::RejectDonationRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, donations_, request,
                           [&](v1::DonationReceipt& donation) { return donation_rules::Reject(donation, step); });
}

absl::StatusOr<v1::DonationReceipt> DonationService::Reopen(rpc::CallContext& call,
                                                            const v1::ReopenDonationRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, donations_, request, [&](v1::DonationReceipt& donation) -> absl::Status {
    RETURN_IF_ERROR(TakeLotsAway(call, donation));
    return donation_rules::Reopen(donation, step);
  });
}

}  // namespace dangjian::welfare
