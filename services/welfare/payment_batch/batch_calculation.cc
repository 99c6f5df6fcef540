#include "services/welfare/payment_batch/batch_calculation.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_batch/case_facts.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/stop_list/as_of.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using due_rules::CaseLine;
using due_rules::PlannedLine;

constexpr size_t kAll = std::numeric_limits<size_t>::max();

absl::Status AddTo(int64_t amount, int64_t current, void (v1::PaymentBatch::*set)(int64_t), v1::PaymentBatch& batch) {
  const auto next = CheckedAdd(current, amount);
  if (!next.has_value()) {
    return Error(reasons::kPaymentSumOverflow, "a sum of the batch leaves 64 bits", {{"resource", batch.name()}});
  }
  (batch.*set)(*next);
  return absl::OkStatus();
}

v1::PaymentLine LineOf(const v1::PaymentBatch& batch, const PlannedLine& planned) {
  const v1::MlsAward& award = *planned.award;
  v1::PaymentLine line;
  line.set_name(absl::StrCat("paymentLines/", line_key::LineId(award.mls_case(), planned.month, planned.component,
                                                               planned.run_kind, planned.seq)));
  line.set_payment_batch(batch.name());
  line.set_organization(award.organization());
  line.set_mls_case(award.mls_case());
  line.set_household(award.household());
  *line.mutable_benefit_month() = DayToProto(planned.month);
  line.set_component(planned.component);
  line.set_run_kind(planned.run_kind);
  line.set_seq(planned.seq);
  line.set_amount_fen(planned.amount_fen);
  line.set_payee_name(award.payee_name());
  line.set_payee_reference(award.payee_reference());
  line.set_award(award.name());
  line.set_reissue_of(planned.reissue_of);
  line.mutable_held_before()->Assign(planned.held_before.begin(), planned.held_before.end());
  return line;
}

}  // namespace

BatchCalculation::BatchCalculation(const BatchTables& tables, storage::Transaction& txn, v1::PaymentBatch& batch,
                                   const Step& step)
    : tables_(tables),
      txn_(txn),
      batch_(batch),
      step_(step),
      stop_list_(tables.stop_list, tables.directory, txn.reader(), txn.tree(), batch.snapshot_revision(),
                 DayOr(batch.calculated_on(), step.day)) {}

absl::StatusOr<bool> BatchCalculation::Run(int32_t limit) {
  if (batch_rules::IsRecovery(batch_)) return true;
  storage::KeyWriter prefix(tags::kMlsAwardByOrganization);
  prefix.Text(batch_.organization());
  std::string after;
  if (!batch_.calculated_through().empty()) {
    after = storage::KeyWriter(prefix).Text(line_key::IdOf(batch_.calculated_through())).str();
  }
  ASSIGN_OR_RETURN(const storage::RowPage page,
                   tables_.awards.core().ListByIndex(txn_.reader(), prefix.str(), after, static_cast<size_t>(limit)));
  for (const auto& row : page.rows) {
    auto& award = static_cast<v1::MlsAward&>(*row);
    batch_.set_calculated_through(award.name());
    ASSIGN_OR_RETURN(const bool seen, AsOf(tables_.awards, txn_.reader(), batch_.snapshot_revision(), award));
    if (seen) RETURN_IF_ERROR(CalculateCase(award));
  }
  return page.last_key.empty();
}

absl::Status BatchCalculation::CalculateCase(const v1::MlsAward& award) {
  ASSIGN_OR_RETURN(const CaseFacts facts, ReadCaseFacts(tables_, txn_.reader(), batch_.organization(), award.mls_case(),
                                                        batch_.snapshot_revision()));
  const bool first = std::none_of(facts.awards.begin(), facts.awards.end(),
                                  [&](const v1::MlsAward& other) { return other.name() < award.name(); });
  if (!first) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<CaseLine> lines, LinesThatMatter(award.mls_case()));
  ASSIGN_OR_RETURN(const std::vector<PlannedLine> planned, due_rules::Plan(batch_, facts.awards, lines));
  for (const PlannedLine& plan : planned) {
    v1::PaymentLine line = LineOf(batch_, plan);
    ASSIGN_OR_RETURN(const v1::HoldReason hold, HoldFor(plan, facts));
    RETURN_IF_ERROR(Write(line, hold));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::HoldReason> BatchCalculation::HoldFor(const PlannedLine& plan, const CaseFacts& facts) {
  if (plan.hold != v1::HOLD_REASON_UNSPECIFIED) return plan.hold;
  ASSIGN_OR_RETURN(std::vector<Hit> hits, stop_list_.Ask(*plan.award));
  if (plan.released != nullptr && !hits.empty()) RETURN_IF_ERROR(DropKnown(*plan.released, *plan.award, hits));
  if (!hits.empty()) return hits.front().reason;
  if (facts.state == v1::MLS_CASE_STATE_SUSPENDED) return v1::HOLD_REASON_CASE_SUSPENDED;
  const bool above = batch_.hold_above_fen() > 0 && plan.amount_fen > batch_.hold_above_fen();
  // One that was released was looked at.
  return above && plan.released == nullptr ? v1::HOLD_REASON_ABOVE_THRESHOLD : v1::HOLD_REASON_UNSPECIFIED;
}

absl::Status BatchCalculation::DropKnown(const v1::PaymentLine& released, const v1::MlsAward& award,
                                         std::vector<Hit>& hits) const {
  const common::v1::Transition* release = line_rules::NewestRelease(released);
  if (release == nullptr) return absl::OkStatus();
  StopListCheck before(tables_.stop_list, tables_.directory, txn_.reader(), txn_.tree(), release->revision(),
                       DayOr(release->occurred_on(), step_.day));
  ASSIGN_OR_RETURN(const std::vector<Hit> known, before.Ask(award));
  std::erase_if(hits, [&](const Hit& hit) { return std::find(known.begin(), known.end(), hit) != known.end(); });
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CaseLine>> BatchCalculation::LinesOf(const std::string& mls_case, std::optional<Day> month) {
  storage::KeyWriter prefix(tags::kPaymentLineByCase);
  prefix.Text(mls_case);
  if (month.has_value()) prefix.Date(*month);
  ASSIGN_OR_RETURN(std::vector<v1::PaymentLine> rows, tables_.lines.Find(txn_.reader(), prefix, kAll));
  std::vector<CaseLine> lines;
  for (v1::PaymentLine& row : rows) {
    ASSIGN_OR_RETURN(const v1::PaymentBatchState state, StateOf(row.payment_batch()));
    lines.push_back({.line = std::move(row), .batch_state = state});
  }
  return lines;
}

absl::StatusOr<std::vector<CaseLine>> BatchCalculation::LinesThatMatter(const std::string& mls_case) {
  if (!batch_rules::RunsOnce(batch_.run_kind())) return LinesOf(mls_case, std::nullopt);
  // The month itself, and those of lines that may come again: a case has few of them, however old it is.
  absl::btree_set<Day> months = {DayOr(batch_.benefit_month(), Day())};
  ASSIGN_OR_RETURN(
      const std::vector<v1::PaymentLine> waiting,
      tables_.lines.Find(txn_.reader(), storage::KeyWriter(tags::kPaymentLineWaiting).Text(mls_case), kAll));
  for (const v1::PaymentLine& line : waiting) months.insert(DayOr(line.benefit_month(), Day()));
  std::vector<CaseLine> lines;
  for (const Day month : months) {
    ASSIGN_OR_RETURN(std::vector<CaseLine> more, LinesOf(mls_case, month));
    std::move(more.begin(), more.end(), std::back_inserter(lines));
  }
  return lines;
}

absl::StatusOr<v1::PaymentBatchState> BatchCalculation::StateOf(const std::string& batch) {
  if (batch == batch_.name()) return batch_.state();
  const auto known = states_.find(batch);
  if (known != states_.end()) return known->second;
  ASSIGN_OR_RETURN(const v1::PaymentBatch row, tables_.batches.Get(txn_.reader(), batch));
  states_.emplace(batch, row.state());
  return row.state();
}

absl::StatusOr<std::optional<v1::PaymentLine>> BatchCalculation::FirstLine(const storage::KeyWriter& prefix,
                                                                           const std::string& past) const {
  const std::string after = past.empty() ? past : storage::PrefixEnd(past);
  ASSIGN_OR_RETURN(storage::RowPage page, tables_.lines.core().ListByIndex(txn_.reader(), prefix.str(), after, 1));
  if (page.rows.empty()) return std::optional<v1::PaymentLine>();
  return std::optional<v1::PaymentLine>(std::move(static_cast<v1::PaymentLine&>(*page.rows.front())));
}

absl::StatusOr<bool> BatchCalculation::IsSharedElsewhere(const v1::PaymentLine& line) {
  storage::KeyWriter month(tags::kPaymentLineByAccount);
  month.Text(line.payee_reference()).Date(DayOr(line.benefit_month(), Day()));
  // A month has a handful of batches.
  for (std::string past;;) {
    ASSIGN_OR_RETURN(const std::optional<v1::PaymentLine> first, FirstLine(month, past));
    if (!first.has_value()) return false;
    const storage::KeyWriter of_batch = storage::KeyWriter(month).Text(first->payment_batch());
    past = of_batch.str();
    if (first->payment_batch() == batch_.name()) continue;
    ASSIGN_OR_RETURN(const v1::PaymentBatchState state, StateOf(first->payment_batch()));
    if (state == v1::PAYMENT_BATCH_STATE_CANCELLED) continue;
    if (first->household() != line.household()) return true;
    ASSIGN_OR_RETURN(const std::optional<v1::PaymentLine> other,
                     FirstLine(of_batch, storage::KeyWriter(of_batch).Text(line.household()).str()));
    if (other.has_value()) return true;
  }
}

absl::Status BatchCalculation::HoldShared(v1::PaymentLine& line) {
  if (line.state() != v1::PAYMENT_LINE_STATE_PENDING) return absl::OkStatus();
  RETURN_IF_ERROR(line_rules::Hold(line, v1::HOLD_REASON_SHARED_ACCOUNT, step_));
  RETURN_IF_ERROR(tables_.lines.Update(txn_, line));
  batch_.set_held_count(batch_.held_count() + 1);
  return AddTo(line.amount_fen(), batch_.held_fen(), &v1::PaymentBatch::set_held_fen, batch_);
}

absl::StatusOr<v1::HoldReason> BatchCalculation::CheckAccount(const v1::PaymentLine& line) {
  storage::KeyWriter account(tags::kPaymentLineByPayee);
  account.Text(line.payment_batch()).Text(line.payee_reference());
  ASSIGN_OR_RETURN(const std::optional<v1::PaymentLine> first, FirstLine(account, ""));
  if (!first.has_value()) batch_.set_account_count(batch_.account_count() + 1);
  if (line.payee_reference().empty()) return v1::HOLD_REASON_UNSPECIFIED;
  bool several = false;
  if (first.has_value()) {
    const storage::KeyWriter of_first = storage::KeyWriter(account).Text(first->household());
    ASSIGN_OR_RETURN(const std::optional<v1::PaymentLine> other, FirstLine(account, of_first.str()));
    several = other.has_value();
  }
  // All were held when the second household came.
  if (several) return v1::HOLD_REASON_SHARED_ACCOUNT;
  bool shared = first.has_value() && first->household() != line.household();
  if (!shared) {
    ASSIGN_OR_RETURN(shared, IsSharedElsewhere(line));
  }
  if (!shared) return v1::HOLD_REASON_UNSPECIFIED;
  // Those of one household: few.
  ASSIGN_OR_RETURN(std::vector<v1::PaymentLine> before, tables_.lines.Find(txn_.reader(), account, kAll));
  for (v1::PaymentLine& other : before) RETURN_IF_ERROR(HoldShared(other));
  return v1::HOLD_REASON_SHARED_ACCOUNT;
}

absl::Status BatchCalculation::Write(v1::PaymentLine& line, v1::HoldReason hold) {
  ASSIGN_OR_RETURN(const v1::HoldReason shared, CheckAccount(line));
  if (hold == v1::HOLD_REASON_UNSPECIFIED) hold = shared;
  if (hold == v1::HOLD_REASON_UNSPECIFIED && line.payee_reference().empty()) hold = v1::HOLD_REASON_NO_ACCOUNT;
  line.set_position(batch_.line_count() + 1);
  line.set_state(v1::PAYMENT_LINE_STATE_PENDING);
  if (hold != v1::HOLD_REASON_UNSPECIFIED) {
    RETURN_IF_ERROR(line_rules::Hold(line, hold, step_));
    batch_.set_held_count(batch_.held_count() + 1);
    RETURN_IF_ERROR(AddTo(line.amount_fen(), batch_.held_fen(), &v1::PaymentBatch::set_held_fen, batch_));
  }
  batch_.set_line_count(line.position());
  RETURN_IF_ERROR(AddTo(line.amount_fen(), batch_.total_fen(), &v1::PaymentBatch::set_total_fen, batch_));
  const std::string chain = batch_totals::ChainOf(batch_.lines_digest());
  batch_.set_lines_digest(batch_totals::HexOf(batch_totals::Link(chain, line)));
  return tables_.lines.Insert(txn_, line);
}

}  // namespace dangjian::welfare
