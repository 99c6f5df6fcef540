#include "services/pledge/campaign_fund/fund_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::fund_rules {
namespace {

std::string_view NameOf(v1::CampaignFundState state) {
  return StripPrefix(v1::CampaignFundState_Name(state), "CAMPAIGN_FUND_STATE_");
}

v1::FundTransfer* FindTransfer(v1::CampaignFund& fund, std::string_view transfer_id) {
  for (v1::FundTransfer& transfer : *fund.mutable_transfers()) {
    if (transfer.transfer_id() == transfer_id) return &transfer;
  }
  return nullptr;
}

void SumTransfers(v1::CampaignFund& fund) {
  int64_t sum = 0;
  for (const v1::FundTransfer& transfer : fund.transfers()) sum += transfer.reversed() ? 0 : transfer.amount_fen();
  fund.set_transferred_fen(sum);
}

bool HasAllotment(const v1::CampaignFund& fund, const std::string& organization) {
  return std::any_of(fund.allotments().begin(), fund.allotments().end(),
                     [&](const v1::FundAllotment& allotment) { return allotment.organization() == organization; });
}

// A fund takes few enough transfers that their sum stays far from the end of 64 bits.
constexpr int kMaxTransfers = 5000;

absl::Status CheckTransfer(v1::CampaignFund& fund, const v1::FundTransfer& transfer) {
  Violations violations;
  if (!HasAllotment(fund, transfer.organization())) {
    violations.Add("transfer.organization", reasons::kUnknownAllotment,
                   absl::StrCat(transfer.organization(), " has no allotment in this fund"));
  }
  if (!transfer.transfer_id().empty() && FindTransfer(fund, transfer.transfer_id()) != nullptr) {
    violations.Add("transfer.transfer_id", reasons::kDuplicateTransfer,
                   absl::StrCat(transfer.transfer_id(), " is taken"));
  }
  if (fund.transfers_size() >= kMaxTransfers) {
    violations.Add("transfer", dangjian::reasons::kTooManyItems,
                   absl::StrCat("a fund has at most ", kMaxTransfers, " transfers"));
  }
  return violations.ToStatus();
}

}  // namespace

void Initialize(v1::CampaignFund& fund) {
  fund.set_state(v1::CAMPAIGN_FUND_STATE_DRAFT);
  fund.clear_allotted_on();
  fund.clear_transfers();
  fund.clear_transferred_fen();
  fund.clear_transitions();
}

void ComputeAmounts(v1::CampaignFund& fund, Violations& violations) {
  // Bounds of the contract: 500 allotments × 10^6 heads × 10^8 fen stay below 2^63.
  int64_t total = 0;
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < fund.allotments_size(); ++i) {
    v1::FundAllotment& allotment = *fund.mutable_allotments(i);
    const int64_t amount = fund.rate_fen() * allotment.headcount();
    const std::string path = absl::StrCat("campaign_fund.allotments[", i, "]");
    if (allotment.amount_fen() != 0 && allotment.amount_fen() != amount) {
      violations.Add(absl::StrCat(path, ".amount_fen"), reasons::kAmountMismatch,
                     absl::StrCat(allotment.headcount(), " × ", fund.rate_fen(), " is ", amount, " fen"));
    }
    if (!seen.insert(allotment.organization()).second) {
      violations.Add(absl::StrCat(path, ".organization"), reasons::kDuplicateAllotment,
                     absl::StrCat(allotment.organization(), " has two allotments"));
    }
    allotment.set_amount_fen(amount);
    total += amount;
  }
  fund.set_total_fen(total);
}

absl::Status CheckEditable(const v1::CampaignFund& fund) {
  if (fund.state() == v1::CAMPAIGN_FUND_STATE_DRAFT) return absl::OkStatus();
  return IllegalTransition(fund.name(), NameOf(fund.state()), "an update");
}

absl::Status Allot(v1::CampaignFund& fund, const Step& step) {
  if (fund.state() != v1::CAMPAIGN_FUND_STATE_DRAFT) {
    return IllegalTransition(fund.name(), NameOf(fund.state()), "allotment");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(fund.as_of_date(), Day::Min())));
  fund.set_state(v1::CAMPAIGN_FUND_STATE_ALLOTTED);
  *fund.mutable_allotted_on() = DayToProto(step.day);
  AddTransition(*fund.mutable_transitions(), NameOf(fund.state()), step);
  return absl::OkStatus();
}

absl::Status AddTransfer(v1::CampaignFund& fund, const v1::FundTransfer& transfer, const Step& step) {
  if (fund.state() != v1::CAMPAIGN_FUND_STATE_ALLOTTED) {
    return IllegalTransition(fund.name(), NameOf(fund.state()), "a transfer");
  }
  RETURN_IF_ERROR(CheckTransfer(fund, transfer));
  RETURN_IF_ERROR(CheckStep(step, DayOr(fund.allotted_on(), Day::Min())));
  v1::FundTransfer& added = *fund.add_transfers();
  added = transfer;
  added.set_reversed(false);
  added.clear_reversal_reason();
  if (added.transfer_id().empty()) {
    int next = fund.transfers_size();
    while (FindTransfer(fund, absl::StrCat(next)) != nullptr) ++next;
    added.set_transfer_id(absl::StrCat(next));
  }
  AddTransition(*fund.mutable_transitions(), absl::StrCat(added.transfer_id(), ":TRANSFERRED"), step);
  SumTransfers(fund);
  return absl::OkStatus();
}

absl::Status ReverseTransfer(v1::CampaignFund& fund, std::string_view transfer_id, const Step& step) {
  v1::FundTransfer* transfer = FindTransfer(fund, transfer_id);
  if (transfer == nullptr) {
    Violations violations;
    violations.Add("transfer_id", reasons::kUnknownTransfer,
                   absl::StrCat("the fund has no transfer ", ToAbsl(transfer_id)));
    return violations.ToStatus();
  }
  if (transfer->reversed()) {
    return Error(reasons::kTransferAlreadyReversed, absl::StrCat("transfer ", ToAbsl(transfer_id), " is reversed"),
                 {{"resource", fund.name()}, {"transfer", std::string(transfer_id)}});
  }
  transfer->set_reversed(true);
  transfer->set_reversal_reason(step.reason);
  AddTransition(*fund.mutable_transitions(), absl::StrCat(ToAbsl(transfer_id), ":REVERSED"), step);
  SumTransfers(fund);
  return absl::OkStatus();
}

}  // namespace dangjian::pledge::fund_rules
