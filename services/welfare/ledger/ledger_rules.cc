#include "services/welfare/ledger/ledger_rules.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/quantity.h"

namespace dangjian::welfare::ledger_rules {
namespace {

absl::Status NotBalanced(const v1::LedgerEntry& entry, const std::string& why) {
  return Error(reasons::kLedgerNotBalanced, why, {{"resource", entry.name()}});
}

}  // namespace

void AddPosting(v1::LedgerEntry& entry, v1::LedgerAccount account, int64_t amount_fen) {
  if (amount_fen == 0) return;
  v1::Posting& posting = *entry.add_postings();
  posting.set_account(account);
  posting.set_amount_fen(amount_fen);
}

absl::Status CheckBalanced(const v1::LedgerEntry& entry) {
  Balances seen{};
  int64_t sum = 0;
  for (const v1::Posting& posting : entry.postings()) {
    const auto account = static_cast<size_t>(posting.account());
    if (!v1::LedgerAccount_IsValid(posting.account()) || account == 0) {
      return NotBalanced(entry, "a posting names no account");
    }
    if (posting.amount_fen() == 0) return NotBalanced(entry, "a posting changes nothing");
    if (seen[account] != 0) return NotBalanced(entry, "an account is posted twice");
    seen[account] = 1;
    const auto next = CheckedAdd(sum, posting.amount_fen());
    if (!next.has_value()) return Error(reasons::kPaymentSumOverflow, "the postings leave 64 bits");
    sum = *next;
  }
  if (sum != 0) return NotBalanced(entry, absl::StrCat("the postings sum to ", sum, " fen"));
  return absl::OkStatus();
}

absl::Status Accumulate(const v1::LedgerEntry& entry, Balances& balances) {
  for (const v1::Posting& posting : entry.postings()) {
    int64_t& balance = balances[static_cast<size_t>(posting.account())];
    const auto next = CheckedAdd(balance, posting.amount_fen());
    if (!next.has_value()) return Error(reasons::kPaymentSumOverflow, "a balance leaves 64 bits");
    balance = *next;
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::ledger_rules
