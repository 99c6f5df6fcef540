#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/pipeline.h"
#include "common/status/errors.h"

namespace dangjian::rpc::stages {
namespace {

// Sets the call's transaction for the length of a scope.
class TransactionScope {
 public:
  TransactionScope(CallState& call, storage::Transaction& txn) : call_(call) { call_.set_txn(&txn); }
  ~TransactionScope() { call_.set_txn(nullptr); }
  TransactionScope(const TransactionScope&) = delete;
  TransactionScope& operator=(const TransactionScope&) = delete;

 private:
  CallState& call_;
};

// Discards a transaction whose answer is wanted all the same.
absl::Status Rehearsed() { return absl::CancelledError("validate_only"); }

// The function of the transaction; the store may run it again, so it starts from nothing each time.
absl::Status RunInTransaction(CallState& call, storage::Transaction& txn) {
  const TransactionScope scope(call, txn);
  call.response = nullptr;
  call.replayed = false;
  RETURN_IF_ERROR(call.CheckAlive());
  const bool keeps_answer = !call.callers_request_id().empty() && !call.validate_only();
  if (keeps_answer) {
    ASSIGN_OR_RETURN(const bool answered, FindReplay(call, txn));
    if (answered) return absl::OkStatus();
  }
  BatchFindings& findings = call.BeginFindings();
  Violations unknown;
  RETURN_IF_ERROR(CheckReferences(call, txn.reader(), reasons::kReferenceNotFound, unknown));
  if (!call.entry().batch || !findings.Take(unknown)) RETURN_IF_ERROR(unknown.ToStatus());
  ASSIGN_OR_RETURN(call.response, call.entry().unary(call, call.request()));
  RETURN_IF_ERROR(AdmitAnswer(*call.response));
  if (call.validate_only()) return Rehearsed();
  if (keeps_answer) StoreReplay(call, txn);
  return absl::OkStatus();
}

// A store that takes no transaction says why in its own terms.
absl::Status Refusal(const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) return Overloaded("the queue of writes is full");
  if (absl::IsUnavailable(status)) {
    return Error(reasons::kBackendUnavailable, "the store takes no writes at present");
  }
  return status;
}

}  // namespace

void Transact(CallState& call, UnaryAnswer& answer) {
  const absl::Status queued = call.database()->Submit(
      call.Origin(), [&call](storage::Transaction& txn) { return RunInTransaction(call, txn); },
      [&call, &answer](absl::Status status, int64_t revision) {
        const bool rehearsed = call.validate_only() && call.response != nullptr && status == Rehearsed();
        if (rehearsed) return answer.Answer(absl::OkStatus());
        if (!call.replayed) call.commit_revision = status.ok() ? revision : 0;
        answer.Answer(ReasonOf(status).empty() ? Refusal(status) : status);
      });
  if (!queued.ok()) answer.Answer(Refusal(queued));
}

}  // namespace dangjian::rpc::stages
