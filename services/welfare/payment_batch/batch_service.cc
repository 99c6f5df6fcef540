#include "services/welfare/payment_batch/batch_service.h"

#include <algorithm>
#include <any>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/digest.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/bank_file/bank_file.h"
#include "services/welfare/payment_batch/bank_return.h"
#include "services/welfare/payment_batch/batch_calculation.h"
#include "services/welfare/payment_batch/batch_reconciliation.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/recovery.h"
#include "services/welfare/payment_line/dispute.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using batch_totals::Totals;
using v1::PaymentBatch;

constexpr int32_t kDefaultPortion = 500;
constexpr size_t kStreamBytes = 64 * 1024;
constexpr size_t kLargestPart = 200 * 1024;

v1::LedgerEntry ApprovalEntry(const PaymentBatch& batch) {
  v1::LedgerEntry entry;
  const int64_t file = batch_rules::FileFen(batch);
  if (batch_rules::IsRecovery(batch)) {
    entry.set_cause(v1::LEDGER_CAUSE_RECOVERY);
    ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAID, file);
    ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE, -file);
    return entry;
  }
  entry.set_cause(v1::LEDGER_CAUSE_APPROVAL);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_APPROPRIATION, batch.reissued_fen() - file);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_RETURNED, -batch.reissued_fen());
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAYABLE, file);
  return entry;
}

v1::LedgerEntry ExportEntry(const PaymentBatch& batch) {
  v1::LedgerEntry entry;
  entry.set_cause(v1::LEDGER_CAUSE_EXPORT);
  if (batch_rules::IsRecovery(batch)) return entry;  // a list of what to collect moves no money
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAYABLE, -batch_rules::FileFen(batch));
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_IN_TRANSIT, batch_rules::FileFen(batch));
  return entry;
}

// The opposite of an entry.
v1::LedgerEntry Reversal(const v1::LedgerEntry& entry) {
  v1::LedgerEntry reversal;
  reversal.set_cause(v1::LEDGER_CAUSE_CANCELLATION);
  reversal.set_cites(entry.name());
  for (const v1::Posting& posting : entry.postings()) {
    ledger_rules::AddPosting(reversal, posting.account(), -posting.amount_fen());
  }
  return reversal;
}

// The approval that stands; nullptr when it moved no money or was taken back.
const v1::LedgerEntry* StandingApproval(const std::vector<v1::LedgerEntry>& entries) {
  const auto is_approval = [](const v1::LedgerEntry& entry) {
    return entry.cause() == v1::LEDGER_CAUSE_APPROVAL || entry.cause() == v1::LEDGER_CAUSE_RECOVERY;
  };
  const auto newest = std::find_if(entries.rbegin(), entries.rend(), is_approval);
  if (newest == entries.rend()) return nullptr;
  const bool taken_back = std::any_of(entries.begin(), entries.end(),
                                      [&](const v1::LedgerEntry& entry) { return entry.cites() == newest->name(); });
  return taken_back ? nullptr : &*newest;
}

Step StepBy(rpc::CallContext& call, const google::type::Date& occurred_on, const std::string& person,
            const std::string& reason = {}) {
  Step step = rpc::StepOf(call, occurred_on, reason);
  step.on_behalf_of = person;
  return step;
}

}  // namespace

void PaymentBatchService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &PaymentBatchService::Create);  // before the standard one: the name follows from the key
  rpc::RegisterStandardMethods(
      router, *PaymentBatch::descriptor()->file()->service(0), tables_.batches, tokens,
      rpc::StandardOptions<PaymentBatch>{
          .list_filters = {{.field = "organization", .index_tag = tags::kPaymentBatchByOrganization}}});
  router.Unary(this, &PaymentBatchService::Calculate);
  router.Unary(this, &PaymentBatchService::AddRecovery);
  router.Unary(this, &PaymentBatchService::Review);
  router.Unary(this, &PaymentBatchService::Approve);
  router.Prepare(this, &PaymentBatchService::PrepareApproval);
  router.Unary(this, &PaymentBatchService::Export);
  router.Prepare(this, &PaymentBatchService::PrepareExport);
  router.ServerStream(this, &PaymentBatchService::QueryFile);
  router.Unary(this, &PaymentBatchService::MarkSent);
  router.Unary(this, &PaymentBatchService::ImportReturn);
  router.Unary(this, &PaymentBatchService::Settle);
  router.Unary(this, &PaymentBatchService::Cancel);
  router.Unary(this, &PaymentBatchService::Reconcile);
}

absl::Status PaymentBatchService::CheckPreviousRun(const storage::Reader& reader, const PaymentBatch& batch) const {
  if (batch.sequence() <= 1 || !batch_rules::RunsOnce(batch.run_kind())) return absl::OkStatus();
  const std::string previous = absl::StrCat("paymentBatches/", batch_rules::BatchId(batch, batch.sequence() - 1));
  const absl::StatusOr<PaymentBatch> found = tables_.batches.Get(reader, previous);
  if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
  if (found.ok() && found->state() == v1::PAYMENT_BATCH_STATE_CANCELLED) return absl::OkStatus();
  return Error(reasons::kPreviousRunStands, absl::StrCat(previous, " does not exist or is not cancelled"),
               {{"resource", batch.name()}, {"previous", previous}});
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Create(rpc::CallContext& call,
                                                         const v1::CreatePaymentBatchRequest& request) {
  PaymentBatch batch = request.payment_batch();
  RETURN_IF_ERROR(batch_rules::CheckKey(batch));
  batch_rules::Initialize(batch);
  absl::StatusOr<PaymentBatch> existing = tables_.batches.Get(call.reader(), batch.name());
  if (existing.ok()) {
    if (batch_rules::SameContent(*existing, batch)) return existing;
    return Error(reasons::kBatchKeyTaken, absl::StrCat(batch.name(), " exists with other content"),
                 {{"resource", batch.name()}});
  }
  if (!absl::IsNotFound(existing.status())) return existing.status();
  RETURN_IF_ERROR(CheckPreviousRun(call.reader(), batch));
  batch.set_lines_digest(batch_totals::HexOf(""));
  RETURN_IF_ERROR(tables_.batches.Insert(call.txn(), batch));
  return batch;
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Calculate(rpc::CallContext& call,
                                                            const v1::CalculatePaymentBatchRequest& request) {
  ASSIGN_OR_RETURN(PaymentBatch batch, tables_.batches.Get(call.reader(), request.name()));
  RETURN_IF_ERROR(batch_rules::CheckCalculation(batch, request.preparer()));
  if (batch_rules::IsCalculated(batch)) return batch;
  RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), batch.etag()));
  Step step = StepBy(call, request.occurred_on(), request.preparer());
  if (batch.snapshot_revision() == 0) {
    // What the transaction sees: everything before its own revision.
    const int64_t snapshot = call.txn().revision() - 1;
    RETURN_IF_ERROR(batch_rules::BeginCalculation(batch, request.preparer(), snapshot, step));
  }
  step.day = DayOr(batch.calculated_on(), step.day);
  BatchCalculation calculation(tables_, call.txn(), batch, step);
  ASSIGN_OR_RETURN(const bool done, calculation.Run(request.max_lines() > 0 ? request.max_lines() : kDefaultPortion));
  if (done) {
    RETURN_IF_ERROR(batch_rules::FinishCalculation(batch, step));
  } else {
    batch_rules::NotePortion(batch, step);
  }
  RETURN_IF_ERROR(tables_.batches.Update(call.txn(), batch));
  return batch;
}

absl::StatusOr<v1::PaymentLine> PaymentBatchService::AddRecovery(rpc::CallContext& call,
                                                                 const v1::AddRecoveryLineRequest& request) {
  ASSIGN_OR_RETURN(PaymentBatch batch, tables_.batches.Get(call.reader(), request.name()));
  RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), batch.etag()));
  return AddRecoveryLine(tables_, call.txn(), batch, request, rpc::StepOf(call, call.today()));
}

absl::StatusOr<Totals> PaymentBatchService::Control(const storage::Reader& reader, const PaymentBatch& batch,
                                                    const batch_totals::Visit& visit) const {
  ASSIGN_OR_RETURN(Totals totals, batch_totals::Count(tables_.lines, reader, batch.name(), visit));
  ASSIGN_OR_RETURN(const ledger_rules::Balances ledger, tables_.ledger.BalancesOf(reader, batch.name()));
  RETURN_IF_ERROR(batch_totals::Check(batch, totals, ledger));
  return totals;
}

absl::StatusOr<std::optional<int64_t>> PaymentBatchService::SumOfMonthBefore(const storage::Reader& reader,
                                                                             const PaymentBatch& batch) const {
  PaymentBatch key = batch;
  *key.mutable_benefit_month() = DayToProto(PreviousMonth(DayOr(batch.benefit_month(), Day())));
  for (int32_t sequence = 1;; ++sequence) {
    const auto found =
        tables_.batches.Get(reader, absl::StrCat("paymentBatches/", batch_rules::BatchId(key, sequence)));
    if (absl::IsNotFound(found.status())) return std::optional<int64_t>();
    RETURN_IF_ERROR(found.status());
    if (found->state() != v1::PAYMENT_BATCH_STATE_CANCELLED) return std::optional<int64_t>(found->total_fen());
  }
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Review(rpc::CallContext& call,
                                                         const v1::ReviewPaymentBatchRequest& request) {
  const Step step = StepBy(call, request.occurred_on(), request.reviewer(), request.note());
  return rpc::ChangeRecord(call, tables_.batches, request, [&](PaymentBatch& batch) -> absl::Status {
    const PaymentBatch before = batch;
    RETURN_IF_ERROR(batch_rules::Review(batch, request.reviewer(), step));
    if (batch_rules::RunsOnce(batch.run_kind()) && request.note().empty()) {
      ASSIGN_OR_RETURN(const std::optional<int64_t> previous, SumOfMonthBefore(call.reader(), batch));
      if (previous.has_value() && batch_rules::ChangeNeedsNote(batch, *previous)) {
        return Error(reasons::kChangeNeedsNote,
                     absl::StrCat("the sum is ", batch.total_fen(), " fen after ", *previous, " the month before"),
                     {{"resource", batch.name()}, {"previous_fen", absl::StrCat(*previous)}});
      }
    }
    RETURN_IF_ERROR(CheckDisputes(tables_, call.reader(), before));
    const auto check = [&](const v1::PaymentLine& line) {
      const bool own = line_rules::IsEnteredBy(line, step.actor);
      return own ? batch_rules::ActedBefore(batch, step.actor, "reviewer") : absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const Totals totals, Control(call.reader(), before, check));
    batch.set_reissued_fen(totals.reissued_fen);
    batch.set_digest(batch_totals::DigestOf(totals));
    return absl::OkStatus();
  });
}

absl::Status PaymentBatchService::MarkReissues(rpc::CallContext& call, const PaymentBatch& batch, const Step& step,
                                               bool back, const batch_totals::Visit& visit) const {
  std::vector<std::pair<std::string, int64_t>> failed;  // with what is taken of it
  const auto collect = [&](const v1::PaymentLine& line) {
    if (!line.reissue_of().empty() && line_rules::InFile(line))
      failed.emplace_back(line.reissue_of(), line.amount_fen());
    return visit ? visit(line) : absl::OkStatus();
  };
  RETURN_IF_ERROR(Control(call.reader(), batch, collect).status());
  for (const auto& [name, amount_fen] : failed) {
    ASSIGN_OR_RETURN(v1::PaymentLine line, tables_.lines.Get(call.reader(), name));
    if (!back) RETURN_IF_ERROR(CheckUnpaid(tables_, call.reader(), line));
    RETURN_IF_ERROR(back ? line_rules::TakeReissueBack(line, step) : line_rules::Reissue(line, amount_fen, step));
    RETURN_IF_ERROR(tables_.lines.Update(call.txn(), line));
  }
  return absl::OkStatus();
}

absl::StatusOr<PaymentBatchService::Prepared> PaymentBatchService::PrepareApproval(
    rpc::CallContext& call, const v1::ApprovePaymentBatchRequest& request) {
  return AskAgain(call, request.name(), v1::PAYMENT_BATCH_STATE_REVIEWED, request.occurred_on());
}

absl::StatusOr<PaymentBatchService::Prepared> PaymentBatchService::PrepareExport(
    rpc::CallContext& call, const v1::ExportPaymentBatchRequest& request) {
  return AskAgain(call, request.name(), v1::PAYMENT_BATCH_STATE_APPROVED, request.occurred_on());
}

absl::StatusOr<PaymentBatchService::Prepared> PaymentBatchService::AskAgain(
    rpc::CallContext& call, const std::string& name, v1::PaymentBatchState state,
    const google::type::Date& occurred_on) const {
  const absl::StatusOr<PaymentBatch> batch = tables_.batches.Get(call.reader(), name);
  // What the step itself refuses is refused by it.
  if (!batch.ok() || batch->state() != state) return nullptr;
  const Day day = DayOr(occurred_on, call.today());
  ASSIGN_OR_RETURN(Recheck recheck,
                   Recheck::Run(tables_, *call.database(), *batch, day, [&call] { return call.CheckAlive(); }));
  return std::make_shared<const Recheck>(std::move(recheck));
}

absl::StatusOr<std::vector<Finding>> PaymentBatchService::Found(rpc::CallContext& call, const PaymentBatch& batch,
                                                                Day day) const {
  const auto& recheck = std::any_cast<const Prepared&>(call.prepared());
  if (recheck == nullptr || recheck->etag() != batch.etag()) {
    return Error(dangjian::reasons::kStaleEtag, "the batch was changed while its lines were looked at",
                 {{"resource", batch.name()}});
  }
  return recheck->Finish(tables_, call.txn(), batch, day);
}

absl::Status PaymentBatchService::HoldInstead(rpc::CallContext& call, const std::vector<Finding>& findings,
                                              const Step& step, PaymentBatch& batch) const {
  RETURN_IF_ERROR(Control(call.reader(), batch).status());
  RETURN_IF_ERROR(HoldFound(tables_, call.txn(), batch, findings, step));
  ASSIGN_OR_RETURN(const Totals totals, batch_totals::Count(tables_.lines, call.reader(), batch.name()));
  batch.set_reissued_fen(totals.reissued_fen);
  batch.set_digest(batch_totals::DigestOf(totals));
  batch_rules::NoteRecheck(batch, step);
  return absl::OkStatus();
}

absl::Status PaymentBatchService::TakeApprovalBack(rpc::CallContext& call, const Step& step, const PaymentBatch& before,
                                                   PaymentBatch& batch) const {
  RETURN_IF_ERROR(MarkReissues(call, before, step, /*back=*/true));
  ASSIGN_OR_RETURN(const std::vector<v1::LedgerEntry> entries, tables_.ledger.EntriesOf(call.reader(), batch.name()));
  const v1::LedgerEntry* approval = StandingApproval(entries);
  return approval == nullptr ? absl::OkStatus() : tables_.ledger.Post(call.txn(), batch, Reversal(*approval), step.day);
}

absl::Status PaymentBatchService::CheckNotPassedBy(const storage::Reader& reader, const PaymentBatch& batch,
                                                   const v1::PaymentLine& line, const std::string& actor) const {
  bool passed = line_rules::IsPassedBy(line, actor);
  for (const std::string& held : line.held_before()) {
    ASSIGN_OR_RETURN(const v1::PaymentLine before, tables_.lines.Get(reader, held));
    passed = passed || line_rules::IsPassedBy(before, actor);
  }
  return passed ? batch_rules::ActedBefore(batch, actor, "approver") : absl::OkStatus();
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Approve(rpc::CallContext& call,
                                                          const v1::ApprovePaymentBatchRequest& request) {
  const Step step = StepBy(call, request.occurred_on(), request.approver());
  return rpc::ChangeRecord(call, tables_.batches, request, [&](PaymentBatch& batch) -> absl::Status {
    const PaymentBatch before = batch;
    RETURN_IF_ERROR(batch_rules::Approve(batch, request.approver(), request.digest(), step));
    RETURN_IF_ERROR(CheckDisputes(tables_, call.reader(), before));
    ASSIGN_OR_RETURN(const std::vector<Finding> findings, Found(call, before, step.day));
    if (!findings.empty()) {
      batch = before;
      return HoldInstead(call, findings, step, batch);
    }
    const auto check = [&](const v1::PaymentLine& line) -> absl::Status {
      RETURN_IF_ERROR(CheckNotPassedBy(call.reader(), batch, line, step.actor));
      return CheckStillOverpaid(tables_, call.reader(), line);
    };
    RETURN_IF_ERROR(MarkReissues(call, before, step, /*back=*/false, check));
    return tables_.ledger.Post(call.txn(), batch, ApprovalEntry(batch), step.day);
  });
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Export(rpc::CallContext& call,
                                                         const v1::ExportPaymentBatchRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, tables_.batches, request, [&](PaymentBatch& batch) -> absl::Status {
    const PaymentBatch before = batch;
    RETURN_IF_ERROR(batch_rules::Export(batch, step));
    RETURN_IF_ERROR(CheckDisputes(tables_, call.reader(), before));
    ASSIGN_OR_RETURN(const std::vector<Finding> findings, Found(call, before, step.day));
    if (!findings.empty()) {
      batch = before;
      RETURN_IF_ERROR(TakeApprovalBack(call, step, before, batch));
      batch_rules::ReviewedAgain(batch);
      return HoldInstead(call, findings, step, batch);
    }
    // The whole file for its digest: some 20 MB for 100,000 lines, for the length of the call.
    std::string file = bank_file::Header();
    const auto append = [&](const v1::PaymentLine& line) {
      if (line_rules::InFile(line)) bank_file::AppendRow(before, line, file);
      return CheckStillOverpaid(tables_, call.reader(), line);
    };
    RETURN_IF_ERROR(Control(call.reader(), before, append).status());
    batch.set_file_name(bank_file::FileName(batch));
    batch.set_file_digest(absl::BytesToHexString(rpc::Sha256(file)));
    batch.set_file_bytes(static_cast<int64_t>(file.size()));
    return tables_.ledger.Post(call.txn(), batch, ExportEntry(batch), step.day);
  });
}

absl::Status PaymentBatchService::QueryFile(rpc::CallContext& call, const v1::QueryBankFileRequest& request,
                                            rpc::StreamWriter<v1::QueryBankFileResponse>& writer) {
  ASSIGN_OR_RETURN(const PaymentBatch batch, tables_.batches.Get(call.reader(), request.name()));
  if (batch.file_digest().empty()) {
    return Error(reasons::kBatchNotExported, absl::StrCat(batch.name(), " has no bank file"),
                 {{"resource", batch.name()}});
  }
  std::string file = bank_file::Header();
  std::vector<size_t> ends = {file.size()};  // of rows, so that parts are whole ones
  const auto append = [&](const v1::PaymentLine& line) -> absl::Status {
    if (!line_rules::InFile(line)) return absl::OkStatus();
    bank_file::AppendRow(batch, line, file);
    ends.push_back(file.size());
    return ends.size() % 256 == 0 ? call.CheckAlive() : absl::OkStatus();
  };
  RETURN_IF_ERROR(batch_totals::Sum(tables_.lines, call.reader(), batch.name(), append).status());
  if (absl::BytesToHexString(rpc::Sha256(file)) != batch.file_digest()) {
    return Error(reasons::kControlTotalMismatch, "the lines no longer give the file that was exported",
                 {{"resource", batch.name()}, {"figure", "file_digest"}});
  }
  for (size_t begin = 0; begin < file.size();) {
    const auto last = std::upper_bound(ends.begin(), ends.end(), begin + kStreamBytes);
    // One row is far shorter than a part, so that the part holds at least one.
    const size_t end = *std::prev(last);
    v1::QueryBankFileResponse part;
    part.set_content(file.substr(begin, end - begin));
    RETURN_IF_ERROR(writer.Write(part));
    begin = end;
  }
  return absl::OkStatus();
}

absl::StatusOr<PaymentBatch> PaymentBatchService::MarkSent(rpc::CallContext& call,
                                                           const v1::MarkPaymentBatchSentRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, tables_.batches, request,
                           [&](PaymentBatch& batch) { return batch_rules::MarkSent(batch, step); });
}

absl::StatusOr<v1::ImportBankReturnResponse> PaymentBatchService::ImportReturn(
    rpc::CallContext& call, const v1::ImportBankReturnRequest& request) {
  if (request.content().size() > kLargestPart) {
    Violations violations;
    violations.Add("content", dangjian::reasons::kOutOfBounds, "a part has at most 200 KiB");
    return violations.ToStatus();
  }
  ASSIGN_OR_RETURN(PaymentBatch batch, tables_.batches.Get(call.reader(), request.name()));
  RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), batch.etag()));
  const Step step = rpc::StepOf(call, request.occurred_on());
  RETURN_IF_ERROR(batch_rules::CheckReturn(batch, step));
  return TakeBankReturn(tables_, call.txn(), batch, request, step);
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Settle(rpc::CallContext& call,
                                                         const v1::SettlePaymentBatchRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, tables_.batches, request, [&](PaymentBatch& batch) -> absl::Status {
    const PaymentBatch before = batch;
    RETURN_IF_ERROR(batch_rules::Settle(batch, step));
    return Control(call.reader(), before).status();
  });
}

absl::StatusOr<PaymentBatch> PaymentBatchService::Cancel(rpc::CallContext& call,
                                                         const v1::CancelPaymentBatchRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, tables_.batches, request, [&](PaymentBatch& batch) -> absl::Status {
    const PaymentBatch before = batch;
    RETURN_IF_ERROR(batch_rules::Cancel(batch, step));
    return before.state() == v1::PAYMENT_BATCH_STATE_APPROVED ? TakeApprovalBack(call, step, before, batch)
                                                              : absl::OkStatus();
  });
}

absl::StatusOr<v1::QueryPaymentReconciliationResponse> PaymentBatchService::Reconcile(
    rpc::CallContext& call, const v1::QueryPaymentReconciliationRequest& request) {
  return ReconcileMonth(tables_, call, request);
}

}  // namespace dangjian::welfare
