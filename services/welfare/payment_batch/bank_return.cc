#include "services/welfare/payment_batch/bank_return.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_line/dispute_rules.h"
#include "services/welfare/payment_line/line_rules.h"

namespace dangjian::welfare {
namespace {

using bank_file::ParsedRow;
using bank_file::ReturnRow;

constexpr int kMostFiles = 100;

// What the rows of a part moved.
struct Moved {
  int32_t paid = 0;
  int32_t failed = 0;
  int64_t paid_fen = 0;
  int64_t failed_fen = 0;
};

absl::Status Overflow(const v1::PaymentBatch& batch) {
  return Error(reasons::kPaymentSumOverflow, "a sum of the batch leaves 64 bits", {{"resource", batch.name()}});
}

// One part on its way into the batch.
class Part {
 public:
  Part(const BatchTables& tables, storage::Transaction& txn, const v1::PaymentBatch& batch,
       const std::string& file_name, const Step& step)
      : tables_(tables), txn_(txn), batch_(batch), file_name_(file_name), step_(step) {}

  absl::Status Take(const ParsedRow& parsed) {
    if (!parsed.row.has_value() || parsed.row->day > step_.today) {
      answer_.set_unreadable(answer_.unreadable() + 1);
      return Tell(parsed.number, v1::UnmatchedReturnLine::CAUSE_UNREADABLE);
    }
    const ReturnRow& row = *parsed.row;
    absl::StatusOr<v1::PaymentLine> found =
        tables_.lines.Get(txn_.reader(), absl::StrCat("paymentLines/", row.line_key));
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    if (!found.ok() || found->payment_batch() != batch_.name() || !line_rules::InFile(*found)) {
      answer_.set_foreign(answer_.foreign() + 1);
      return Tell(row.number, v1::UnmatchedReturnLine::CAUSE_FOREIGN);
    }
    if (found->amount_fen() != row.amount_fen) {
      answer_.set_amount_mismatched(answer_.amount_mismatched() + 1);
      return Tell(row.number, v1::UnmatchedReturnLine::CAUSE_AMOUNT_MISMATCHED);
    }
    if (found->state() == v1::PAYMENT_LINE_STATE_PENDING) return Settle(*found, row);
    return HearAgain(*found, row);
  }

  v1::ImportBankReturnResponse& answer() { return answer_; }
  const Moved& moved() const { return moved_; }

 private:
  absl::Status Tell(int32_t number, v1::UnmatchedReturnLine::Cause cause) {
    v1::UnmatchedReturnLine& line = *answer_.add_unmatched();
    line.set_line_number(number);
    line.set_cause(cause);
    return absl::OkStatus();
  }

  // Another answer about a line that has one.
  absl::Status HearAgain(v1::PaymentLine& line, const ReturnRow& row) {
    v1::BankAnswer said;
    said.set_outcome(row.paid ? v1::PAYMENT_LINE_STATE_PAID : v1::PAYMENT_LINE_STATE_FAILED);
    said.set_bank_reason(row.bank_reason);
    *said.mutable_answered_on() = DayToProto(row.day);
    said.set_file_name(file_name_);
    const dispute_rules::Heard heard = dispute_rules::Hear(line, said, step_);
    if (heard != dispute_rules::Heard::kAgain) RETURN_IF_ERROR(tables_.lines.Update(txn_, line));
    if (heard != dispute_rules::Heard::kContradicts) {
      answer_.set_repeated_lines(answer_.repeated_lines() + 1);
      return absl::OkStatus();
    }
    answer_.set_contradicting(answer_.contradicting() + 1);
    return Tell(row.number, v1::UnmatchedReturnLine::CAUSE_CONTRADICTING);
  }

  absl::Status Settle(v1::PaymentLine& line, const ReturnRow& row) {
    RETURN_IF_ERROR(line_rules::Settle(line, row.paid, row.bank_reason, row.day, step_));
    line.set_ledger_entry(Ledger::NextName(batch_));
    RETURN_IF_ERROR(tables_.lines.Update(txn_, line));
    answer_.set_applied(answer_.applied() + 1);
    ++(row.paid ? moved_.paid : moved_.failed);
    int64_t& sum = row.paid ? moved_.paid_fen : moved_.failed_fen;
    const auto next = CheckedAdd(sum, row.amount_fen);
    if (!next.has_value()) return Overflow(batch_);
    sum = *next;
    return absl::OkStatus();
  }

  const BatchTables& tables_;
  storage::Transaction& txn_;
  const v1::PaymentBatch& batch_;
  const std::string& file_name_;
  const Step& step_;
  v1::ImportBankReturnResponse answer_;
  Moved moved_;
};

v1::LedgerEntry EntryOf(const v1::PaymentBatch& batch, const Moved& moved) {
  v1::LedgerEntry entry;
  if (batch_rules::IsRecovery(batch)) {
    // Amounts are negative. All leaves the receivable; what was not collected is the family's as before, so that asking
    // for it again does not count it twice.
    entry.set_cause(v1::LEDGER_CAUSE_COLLECTION);
    ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE, moved.paid_fen + moved.failed_fen);
    ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_APPROPRIATION, -moved.paid_fen);
    ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAID, -moved.failed_fen);
    return entry;
  }
  entry.set_cause(v1::LEDGER_CAUSE_BANK_RETURN);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_IN_TRANSIT, -moved.paid_fen - moved.failed_fen);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAID, moved.paid_fen);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_RETURNED, moved.failed_fen);
  return entry;
}

// Notes a part of a file; false when it was there before. Parts may come in any order.
bool NotePart(v1::BankReturnFile& file, int32_t index) {
  auto& ranges = *file.mutable_parts();
  const auto at =
      std::find_if(ranges.begin(), ranges.end(), [&](const v1::PartRange& range) { return index <= range.last() + 1; });
  if (at != ranges.end() && at->first() <= index && index <= at->last()) return false;
  file.set_chunks(file.chunks() + 1);
  if (at != ranges.end() && index == at->last() + 1) {
    at->set_last(index);
    const auto next = at + 1;
    if (next == ranges.end() || next->first() != index + 1) return true;
    at->set_last(next->last());
    ranges.erase(next);
    return true;
  }
  if (at != ranges.end() && index + 1 == at->first()) {
    at->set_first(index);
    return true;
  }
  const auto place = at - ranges.begin();
  v1::PartRange& added = *ranges.Add();
  added.set_first(index);
  added.set_last(index);
  std::rotate(ranges.begin() + place, ranges.end() - 1, ranges.end());
  return true;
}

bool IsComplete(const v1::BankReturnFile& file) {
  return file.parts_expected() > 0 && file.parts_size() == 1 && file.parts(0).first() == 0 &&
         file.parts(0).last() + 1 == file.parts_expected();
}

// Keeps what came of the file; false when that is nothing new or there is no room for another file.
bool NoteFile(v1::PaymentBatch& batch, const v1::ImportBankReturnRequest& request,
              const v1::ImportBankReturnResponse& answer) {
  auto& files = *batch.mutable_bank_returns();
  auto file = std::find_if(files.begin(), files.end(),
                           [&](const v1::BankReturnFile& known) { return known.file_name() == request.file_name(); });
  const bool is_new = file == files.end();
  if (is_new && files.size() >= kMostFiles) return false;
  v1::BankReturnFile& entry = is_new ? *batch.add_bank_returns() : *file;
  const bool counted = !NotePart(entry, request.chunk_index());
  const bool last = request.last_chunk() && entry.parts_expected() == 0;
  if (counted && !last && answer.applied() == 0) return false;
  entry.set_file_name(request.file_name());
  if (last) entry.set_parts_expected(request.chunk_index() + 1);
  entry.set_complete(IsComplete(entry));
  entry.set_applied(entry.applied() + answer.applied());
  if (!counted) entry.set_unmatched(entry.unmatched() + answer.unmatched_size());
  return true;
}

}  // namespace

absl::StatusOr<v1::ImportBankReturnResponse> TakeBankReturn(const BatchTables& tables, storage::Transaction& txn,
                                                            v1::PaymentBatch& batch,
                                                            const v1::ImportBankReturnRequest& request,
                                                            const Step& step) {
  Part part(tables, txn, batch, request.file_name(), step);
  for (const ParsedRow& row : bank_file::ParseReturn(request.content())) RETURN_IF_ERROR(part.Take(row));
  v1::ImportBankReturnResponse& answer = part.answer();
  const Moved& moved = part.moved();
  if (answer.applied() > 0) {
    const auto paid = CheckedAdd(batch.paid_fen(), moved.paid_fen);
    const auto failed = CheckedAdd(batch.failed_fen(), moved.failed_fen);
    if (!paid.has_value() || !failed.has_value()) return Overflow(batch);
    batch.set_paid_count(batch.paid_count() + moved.paid);
    batch.set_failed_count(batch.failed_count() + moved.failed);
    batch.set_paid_fen(*paid);
    batch.set_failed_fen(*failed);
    batch_rules::Receive(batch, step);
    RETURN_IF_ERROR(tables.ledger.Post(txn, batch, EntryOf(batch, moved), step.day));
  }
  const bool noted = NoteFile(batch, request, answer);
  if (noted || answer.applied() > 0) RETURN_IF_ERROR(tables.batches.Update(txn, batch));
  *answer.mutable_payment_batch() = batch;
  return std::move(answer);
}

}  // namespace dangjian::welfare
