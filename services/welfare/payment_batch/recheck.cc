#include "services/welfare/payment_batch/recheck.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/storage/change_log.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_batch/case_facts.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using v1::PaymentLine;

constexpr int64_t kLinesBetweenChecks = 256;
constexpr size_t kMostNamed = 50;  // lines in an error

bool IsToBePaid(const PaymentLine& line) {
  return line.state() == v1::PAYMENT_LINE_STATE_PENDING && line.run_kind() != v1::PAYMENT_RUN_KIND_RECOVERY;
}

absl::StatusOr<PaymentLine> LineAt(const BatchTables& tables, const storage::Reader& reader, const std::string& batch,
                                   int32_t position) {
  storage::KeyWriter key(tags::kPaymentLineByBatch);
  key.Text(batch).Int32(position);
  ASSIGN_OR_RETURN(std::vector<PaymentLine> found, tables.lines.Find(reader, key, 1));
  if (found.empty()) return absl::DataLossError("a batch lacks a line that it had a moment before");
  return std::move(found.front());
}

// Whether a change of these records can matter to a payment.
bool Matters(std::string_view collection) {
  return collection == "mlsAwards" || collection == "mlsCases" || collection == "stopListEntries" ||
         collection == "residents" || collection == "members" || collection == "households";
}

// The names under which lines are watched that a change of the record `name` concerns. Awards, cases and entries are
// never deleted.
absl::StatusOr<std::vector<std::string>> WatchedUnder(const BatchTables& tables, const storage::Reader& reader,
                                                      std::string_view collection, std::string_view name) {
  if (collection == "mlsAwards") {
    ASSIGN_OR_RETURN(const v1::MlsAward award, tables.awards.Get(reader, name));
    return std::vector<std::string>{award.mls_case()};
  }
  if (collection == "stopListEntries") {
    ASSIGN_OR_RETURN(const v1::StopListEntry entry, tables.stop_list.Get(reader, name));
    return std::vector<std::string>{stop_list_rules::SubjectOf(entry)};
  }
  // A member stands for the residents who are that person.
  if (collection == "members") return tables.directory.NamesOfSame(reader, name);
  return std::vector<std::string>{std::string(name)};
}

}  // namespace

LineCheck::LineCheck(const BatchTables& tables, const v1::PaymentBatch& batch, const storage::Reader& reader,
                     const storage::OrgTree& tree, Day day)
    : tables_(tables),
      batch_(batch),
      reader_(reader),
      tree_(tree),
      stop_list_(tables.stop_list, tables.directory, reader, tree, kNow, day) {}

absl::Status LineCheck::ReadCase(const std::string& mls_case) {
  if (mls_case == case_) return absl::OkStatus();
  ASSIGN_OR_RETURN(facts_, ReadCaseFacts(tables_, reader_, batch_.organization(), mls_case, kNow));
  hits_.clear();
  case_ = mls_case;
  return absl::OkStatus();
}

absl::StatusOr<v1::HoldReason> LineCheck::CompareWithBefore(const PaymentLine& line,
                                                            const recheck_rules::Known& now) const {
  int64_t revision = batch_.snapshot_revision();
  Day day = DayOr(batch_.calculated_on(), Day::Min());
  if (const common::v1::Transition* release = line_rules::NewestRelease(line)) {
    revision = release->revision();
    day = DayOr(release->occurred_on(), day);
  }
  ASSIGN_OR_RETURN(const CaseFacts facts,
                   ReadCaseFacts(tables_, reader_, batch_.organization(), line.mls_case(), revision));
  std::vector<Hit> hits;
  if (const v1::MlsAward* award = recheck_rules::AwardOf(line, facts.awards)) {
    StopListCheck stop_list(tables_.stop_list, tables_.directory, reader_, tree_, revision, day);
    ASSIGN_OR_RETURN(hits, stop_list.Ask(*award));
  }
  return recheck_rules::Verdict(line, {facts, hits}, now);
}

absl::StatusOr<v1::HoldReason> LineCheck::Ask(const PaymentLine& line) {
  if (line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY) return v1::HOLD_REASON_UNSPECIFIED;
  RETURN_IF_ERROR(ReadCase(line.mls_case()));
  const v1::MlsAward* award = recheck_rules::AwardOf(line, facts_.awards);
  const auto [hits, is_new] = hits_.try_emplace(award == nullptr ? "" : award->name());
  if (is_new && award != nullptr) {
    ASSIGN_OR_RETURN(hits->second, stop_list_.Ask(*award));
  }
  const recheck_rules::Known now{facts_, hits->second};
  // Nearly always nothing has changed, and the answer is found without reading history.
  const bool clear = recheck_rules::Verdict(line, {facts_, {}}, now) == v1::HOLD_REASON_UNSPECIFIED;
  if (clear && !recheck_rules::MayDifferFrom(facts_, batch_.snapshot_revision())) return v1::HOLD_REASON_UNSPECIFIED;
  return CompareWithBefore(line, now);
}

absl::StatusOr<Recheck> Recheck::Run(const BatchTables& tables, const storage::Database& database,
                                     const v1::PaymentBatch& batch, Day day,
                                     const std::function<absl::Status()>& check_alive) {
  const std::shared_ptr<const storage::Snapshot> snapshot = database.GetSnapshot();
  ASSIGN_OR_RETURN(const auto tree, database.TreeAt(*snapshot, snapshot->revision()));
  LineCheck check(tables, batch, *snapshot, *tree, day);
  Recheck recheck;
  recheck.etag_ = batch.etag();
  recheck.revision_ = snapshot->revision();
  const auto visit = [&](const PaymentLine& line) -> absl::Status {
    if (line.position() % kLinesBetweenChecks == 0) RETURN_IF_ERROR(check_alive());
    if (!IsToBePaid(line)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::HoldReason reason, check.Ask(line));
    if (reason != v1::HOLD_REASON_UNSPECIFIED) recheck.findings_.push_back({line.position(), reason});
    recheck.Watch(line, check);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(batch_totals::Sum(tables.lines, *snapshot, batch.name(), visit).status());
  std::sort(recheck.watched_.begin(), recheck.watched_.end());
  return recheck;
}

void Recheck::Watch(const PaymentLine& line, const LineCheck& check) {
  const auto watch = [&](std::string_view name) { watched_.emplace_back(absl::HashOf(name), line.position()); };
  watch(line.mls_case());
  watch(stop_list_rules::AccountSubject(line.payee_reference()));
  for (const v1::MlsAward& award : check.awards()) {
    watch(award.household());
    for (const std::string& person : award.persons()) watch(person);
  }
}

absl::StatusOr<std::vector<int32_t>> Recheck::Concerned(const BatchTables& tables,
                                                        const storage::Transaction& txn) const {
  std::vector<int32_t> positions;
  const auto visit = [&](std::string_view collection, std::string_view name) -> absl::Status {
    if (!Matters(collection)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<std::string> names, WatchedUnder(tables, txn.reader(), collection, name));
    for (const std::string& watched : names) {
      const uint64_t hash = absl::HashOf(std::string_view(watched));
      auto at = std::lower_bound(watched_.begin(), watched_.end(), std::pair(hash, int32_t{0}));
      for (; at != watched_.end() && at->first == hash; ++at) positions.push_back(at->second);
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(storage::ForEachChangeAfter(txn.reader(), revision_, visit));
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

absl::StatusOr<std::vector<Finding>> Recheck::Finish(const BatchTables& tables, const storage::Transaction& txn,
                                                     const v1::PaymentBatch& batch, Day day) const {
  std::vector<Finding> findings = findings_;
  ASSIGN_OR_RETURN(const std::vector<int32_t> concerned, Concerned(tables, txn));
  LineCheck check(tables, batch, txn.reader(), txn.tree(), day);
  for (const int32_t position : concerned) {
    std::erase_if(findings, [&](const Finding& finding) { return finding.position == position; });
    ASSIGN_OR_RETURN(const PaymentLine line, LineAt(tables, txn.reader(), batch.name(), position));
    ASSIGN_OR_RETURN(const v1::HoldReason reason, check.Ask(line));
    if (reason != v1::HOLD_REASON_UNSPECIFIED) findings.push_back({position, reason});
  }
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return a.position < b.position; });
  return findings;
}

absl::Status HoldFound(const BatchTables& tables, storage::Transaction& txn, v1::PaymentBatch& batch,
                       const std::vector<Finding>& findings, const Step& step) {
  std::vector<std::string> not_holdable;
  int64_t held_fen = batch.held_fen();
  for (const Finding& finding : findings) {
    ASSIGN_OR_RETURN(PaymentLine line, LineAt(tables, txn.reader(), batch.name(), finding.position));
    if (!line_rules::Hold(line, finding.reason, step).ok()) {
      not_holdable.push_back(line.name());
      continue;
    }
    const auto sum = CheckedAdd(held_fen, line.amount_fen());
    if (!sum.has_value()) return Error(reasons::kPaymentSumOverflow, "the held sum leaves 64 bits");
    held_fen = *sum;
    RETURN_IF_ERROR(tables.lines.Update(txn, line));
  }
  if (!not_holdable.empty()) {
    const size_t count = not_holdable.size();
    if (count > kMostNamed) not_holdable.resize(kMostNamed);
    const std::string names = absl::StrJoin(not_holdable, ", ");
    return Error(reasons::kLinesNotHoldable,
                 absl::StrCat(count, " lines must not go out and cannot be held on ", FormatDay(step.day), ": ", names),
                 {{"resource", batch.name()}, {"payment_lines", names}});
  }
  batch.set_held_fen(held_fen);
  batch.set_held_count(batch.held_count() + static_cast<int32_t>(findings.size()));
  batch.set_held_by_recheck(static_cast<int32_t>(findings.size()));
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
