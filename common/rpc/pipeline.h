#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/call_state.h"
#include "grpcpp/support/byte_buffer.h"

// The one path of every call. Internal to common/rpc.

namespace dangjian::rpc {

// How the pipeline answers a unary call. Implemented by the reactor.
class UnaryAnswer {
 public:
  // Ends the call with `status`, or with the response in its CallState. Called once; the call is gone afterwards.
  virtual void Answer(const absl::Status& status) = 0;

 protected:
  ~UnaryAnswer() = default;
};

// Before anything else of a unary call, even its message, is read: OVERLOADED when it would have to wait too long for
// its turn. So a refusal costs little when there is least to spare. What is refused has been counted, as in Enter.
absl::Status Glance(CallState& call);

// Stages before a message is looked at. In this order: request id and trace → metrics → deadline → authenticate →
// authorise → admit. What an error refuses has been counted and will be logged like any other call.
absl::Status Enter(CallState& call);

// Stages of a message: admit its size → parse → validate. Fills `references` with what the transaction has to check.
absl::Status Accept(CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message,
                    std::vector<Reference>& references);

// A whole unary call: Enter → Accept → resolve → and then, for a write, prepare → idempotency → transaction → handler;
// for a read the handler. `answer` gets the outcome, on whatever thread the last stage ran.
void RunUnary(CallState& call, grpc::ByteBuffer& buffer, UnaryAnswer& answer);

// The stages, one file each.
namespace stages {

// stage_trace.cc: the trace id, from a valid W3C `traceparent` or new.
void Trace(CallState& call);

// stage_deadline.cc: a missing deadline, or one beyond the policy's, becomes the policy's; DEADLINE_EXCEEDED when it
// has passed.
absl::Status Deadline(CallState& call);

// stage_authenticate.cc: who calls; nobody for a public method. UNAUTHENTICATED.
absl::Status Authenticate(CallState& call);

// stage_authorize.cc: whether it may. PERMISSION_DENIED.
absl::Status Authorize(CallState& call);

// stage_admit.cc: OVERLOADED when the queue that the call would join is expected to take too long; public methods, and
// those that wait in no queue, always pass.
absl::Status AdmitWait(const CallState& call);
// OVERLOADED when too many calls are in flight; public methods always pass.
absl::Status AdmitCall(CallState& call);
// MESSAGE_TOO_LARGE by the method's policy.
absl::Status AdmitMessage(const CallState& call, size_t bytes);
// ANSWER_TOO_LARGE above kMaxAnswerBytes.
absl::Status AdmitAnswer(const google::protobuf::Message& answer);
// OVERLOADED with a delay after which to try again.
absl::Status Overloaded(std::string_view what);

// stage_parse.cc: MALFORMED_MESSAGE for bytes that are no such message, or text that is not UTF-8.
absl::Status Parse(const CallState& call, grpc::ByteBuffer& buffer, google::protobuf::Message& message);

// stage_resolve.cc: brings the replicas up to date for the methods whose policy wants it. Calls `done` once, on any
// thread, also before returning.
void CatchUp(CallState& call, std::function<void(absl::Status)> done);
// The references that point into a replica and are not in it yet.
absl::StatusOr<std::vector<std::string>> MissingFromReplicas(const CallState& call,
                                                             const std::vector<Reference>& references);
// Appends every reference that points to no record of its table. A row of a batch is `requests[i]…`.
absl::Status CheckReferences(const CallState& call, const storage::Reader& reader, const Reason& reason,
                             Violations& violations);
// The names by which a read chooses records must exist: an unknown one must not look like "none". RECORD_NOT_FOUND.
absl::Status CheckFilters(const CallState& call);

// stage_prepare.cc: what the method's preparation does before its transaction, on the executor; most have none. Calls
// `done` once, on any thread, also before returning.
void Prepare(CallState& call, std::function<void(absl::Status)> done);

// stage_idempotency.cc: true when the call's request_id has been answered before: the response is then in `call`.
// REQUEST_ID_REUSED when it was used for another request.
absl::StatusOr<bool> FindReplay(CallState& call, storage::Transaction& txn);
// Keeps the response for the next call with this request_id.
void StoreReplay(CallState& call, storage::Transaction& txn);

// stage_transaction.cc: runs the rest of a write on the store's committing thread.
void Transact(CallState& call, UnaryAnswer& answer);

// stage_handler.cc: runs a handler that has no transaction, inline or on the executor.
void Handle(CallState& call, UnaryAnswer& answer);

}  // namespace stages

}  // namespace dangjian::rpc
