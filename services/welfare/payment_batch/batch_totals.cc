#include "services/welfare/payment_batch/batch_totals.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare::batch_totals {
namespace {

constexpr size_t kPage = 1000;

absl::Status AddTo(int64_t& sum, int64_t amount) {
  const auto next = CheckedAdd(sum, amount);
  if (!next.has_value()) return Error(reasons::kPaymentSumOverflow, "a sum of the batch leaves 64 bits");
  sum = *next;
  return absl::OkStatus();
}

// Collects the first figure that differs.
class Comparison {
 public:
  explicit Comparison(const v1::PaymentBatch& batch) : batch_(batch) {}
  void Expect(std::string_view what, int64_t header, int64_t counted) {
    if (header != counted) Fail(what, absl::StrCat(header), absl::StrCat(counted));
  }
  void Expect(std::string_view what, const std::string& header, const std::string& counted) {
    if (header != counted) Fail(what, header, counted);
  }
  const absl::Status& status() const { return status_; }

 private:
  void Fail(std::string_view what, const std::string& header, const std::string& counted) {
    if (!status_.ok()) return;
    status_ = Error(
        reasons::kControlTotalMismatch,
        absl::StrCat(batch_.name(), ": ", ToAbsl(what), " is ", header, " by the header and ", counted, " counted"),
        {{"resource", batch_.name()}, {"figure", std::string(what)}, {"header", header}, {"counted", counted}});
  }

  const v1::PaymentBatch& batch_;
  absl::Status status_;
};

using AddFn = absl::Status (*)(const v1::PaymentLine&, Totals&);

absl::StatusOr<Totals> AddAll(const storage::Table<v1::PaymentLine>& lines, const storage::Reader& reader,
                              std::string_view batch, AddFn add, const Visit& visit) {
  Totals totals;
  const std::string prefix = storage::KeyWriter(tags::kPaymentLineByBatch).Text(batch).str();
  std::string after;
  do {
    ASSIGN_OR_RETURN(const storage::RowPage page, lines.core().ListByIndex(reader, prefix, after, kPage));
    for (const auto& row : page.rows) {
      const auto& line = static_cast<const v1::PaymentLine&>(*row);
      RETURN_IF_ERROR(add(line, totals));
      if (visit) RETURN_IF_ERROR(visit(line));
    }
    after = page.last_key;
  } while (!after.empty());
  return totals;
}

size_t At(v1::LedgerAccount account) { return static_cast<size_t>(account); }

}  // namespace

std::string Link(std::string_view chain, const v1::PaymentLine& line) {
  return rpc::Sha256(absl::StrCat(ToAbsl(chain), line_key::CanonicalText(line)));
}

std::string HexOf(std::string_view chain) {
  return absl::BytesToHexString(chain.empty() ? rpc::Sha256("") : std::string(chain));
}

std::string ChainOf(std::string_view hex) {
  std::string chain = absl::HexStringToBytes(ToAbsl(hex));
  return chain == rpc::Sha256("") ? std::string() : chain;
}

absl::Status AddSums(const v1::PaymentLine& line, Totals& totals) {
  ++totals.lines;
  if (line.disputed()) ++totals.disputed;
  RETURN_IF_ERROR(AddTo(totals.total_fen, line.amount_fen()));
  switch (line.state()) {
    case v1::PAYMENT_LINE_STATE_HELD:
      ++totals.held;
      return AddTo(totals.held_fen, line.amount_fen());
    case v1::PAYMENT_LINE_STATE_PAID:
      ++totals.paid;
      RETURN_IF_ERROR(AddTo(totals.paid_fen, line.amount_fen()));
      if (line.paid_after_reissue()) RETURN_IF_ERROR(AddTo(totals.paid_after_reissue_fen, line.reissued_fen()));
      break;
    case v1::PAYMENT_LINE_STATE_FAILED:
    case v1::PAYMENT_LINE_STATE_REISSUED:
      ++totals.failed;
      RETURN_IF_ERROR(AddTo(totals.failed_fen, line.amount_fen()));
      break;
    default:
      break;
  }
  return line.reissue_of().empty() ? absl::OkStatus() : AddTo(totals.reissued_fen, line.amount_fen());
}

absl::Status Add(const v1::PaymentLine& line, Totals& totals) {
  totals.chain = Link(totals.chain, line);
  totals.accounts.insert(line.payee_reference());
  if (line.state() == v1::PAYMENT_LINE_STATE_HELD) {
    absl::StrAppend(&totals.holds, line.position(), ":", line.hold_reason(), ";");
  }
  return AddSums(line, totals);
}

std::string DigestOf(const Totals& totals) {
  if (totals.held == 0) return HexOf(totals.chain);
  return absl::BytesToHexString(rpc::Sha256(absl::StrCat(totals.chain, "held:", totals.holds)));
}

absl::StatusOr<Totals> Count(const storage::Table<v1::PaymentLine>& lines, const storage::Reader& reader,
                             std::string_view batch, const Visit& visit) {
  return AddAll(lines, reader, batch, &Add, visit);
}

absl::StatusOr<Totals> Sum(const storage::Table<v1::PaymentLine>& lines, const storage::Reader& reader,
                           std::string_view batch, const Visit& visit) {
  return AddAll(lines, reader, batch, &AddSums, visit);
}

absl::Status Check(const v1::PaymentBatch& batch, const Totals& totals, const ledger_rules::Balances& ledger) {
  Comparison compare(batch);
  compare.Expect("line_count", batch.line_count(), totals.lines);
  compare.Expect("total_fen", batch.total_fen(), totals.total_fen);
  compare.Expect("account_count", batch.account_count(), static_cast<int64_t>(totals.accounts.size()));
  compare.Expect("held_count", batch.held_count(), totals.held);
  compare.Expect("held_fen", batch.held_fen(), totals.held_fen);
  compare.Expect("lines_digest", batch.lines_digest(), HexOf(totals.chain));
  compare.Expect("paid_count", batch.paid_count(), totals.paid);
  compare.Expect("paid_fen", batch.paid_fen(), totals.paid_fen);
  compare.Expect("failed_count", batch.failed_count(), totals.failed);
  compare.Expect("failed_fen", batch.failed_fen(), totals.failed_fen);
  compare.Expect("paid_after_reissue_fen", batch.paid_after_reissue_fen(), totals.paid_after_reissue_fen);
  if (batch.state() >= v1::PAYMENT_BATCH_STATE_REVIEWED) {
    compare.Expect("reissued_fen", batch.reissued_fen(), totals.reissued_fen);
    compare.Expect("digest", batch.digest(), DigestOf(totals));
  }
  const ledger_rules::Balances expected = ExpectedBalances(batch);
  for (size_t account = 1; account < expected.size(); ++account) {
    const auto name = v1::LedgerAccount_Name(static_cast<v1::LedgerAccount>(account));
    compare.Expect(name, expected[account], ledger[account]);
  }
  return compare.status();
}

ledger_rules::Balances ExpectedBalances(const v1::PaymentBatch& batch) {
  ledger_rules::Balances expected{};
  const v1::PaymentBatchState state = batch.state();
  if (state < v1::PAYMENT_BATCH_STATE_APPROVED || state == v1::PAYMENT_BATCH_STATE_CANCELLED) return expected;
  const int64_t file = batch_rules::FileFen(batch);
  if (batch_rules::IsRecovery(batch)) {
    expected[At(v1::LEDGER_ACCOUNT_PAID)] = file - batch.failed_fen();
    expected[At(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE)] = batch.paid_fen() + batch.failed_fen() - file;
    expected[At(v1::LEDGER_ACCOUNT_APPROPRIATION)] = -batch.paid_fen();
    return expected;
  }
  const bool exported = state != v1::PAYMENT_BATCH_STATE_APPROVED;
  expected[At(v1::LEDGER_ACCOUNT_APPROPRIATION)] = batch.reissued_fen() - file - batch.paid_after_reissue_fen();
  expected[At(v1::LEDGER_ACCOUNT_PAYABLE)] = exported ? 0 : file;
  expected[At(v1::LEDGER_ACCOUNT_IN_TRANSIT)] = exported ? file - batch.paid_fen() - batch.failed_fen() : 0;
  expected[At(v1::LEDGER_ACCOUNT_PAID)] = batch.paid_fen();
  // Where a reissue took what failed and the bank paid it after all, the money of the appropriation came in between.
  expected[At(v1::LEDGER_ACCOUNT_RETURNED)] =
      batch.failed_fen() - batch.reissued_fen() + batch.paid_after_reissue_fen();
  return expected;
}

}  // namespace dangjian::welfare::batch_totals
