#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/rpc/batch_findings.h"
#include "common/rpc/call_context.h"
#include "common/rpc/dispatcher.h"
#include "grpcpp/generic/async_generic_service.h"

namespace dangjian::rpc {

// What the stages of the pipeline know of one call and hand to each other, and what its handler sees as CallContext.
// Internal to common/rpc. Used by one thread at a time, but for the functions that say otherwise.
class CallState final : public CallContext, public auth::Credentials {
 public:
  // All outlive the call.
  CallState(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport, const Router::Entry& entry);
  CallState(const CallState&) = delete;
  CallState& operator=(const CallState&) = delete;

  // CallContext.
  const MethodInfo& method() const override { return *entry_.method; }
  const auth::Principal& principal() const override { return principal_; }
  const auth::Credentials& credentials() const override { return *this; }
  const std::string& request_id() const override { return request_id_.empty() ? trace_id_ : request_id_; }
  const std::string& trace_id() const override { return trace_id_; }
  int64_t now_micros() const override { return now_micros_; }
  int64_t remaining_micros() const override;
  absl::Status CheckAlive() const override;
  const storage::Reader& reader() const override;
  int64_t revision() const override;
  storage::Transaction& txn() override;
  const std::any& prepared() const override { return prepared_; }
  storage::Database* database() const override { return parts().database; }
  const Validator* validator() const override { return &dispatcher_.validator(); }
  BatchFindings* batch() override { return entry_.batch ? &findings_ : nullptr; }
  absl::StatusOr<int64_t> Transact(const std::function<absl::Status(storage::Transaction&)>& fn) override;

  // auth::Credentials.
  std::string_view Metadata(std::string_view key) const override;
  std::string_view peer() const override;
  std::string_view certificate() const override;

  // For the stages.
  Dispatcher& dispatcher() { return dispatcher_; }
  // Whether the call runs in a transaction. Writes need a store: the gateway, which has none, keeps its own order.
  bool writes() const {
    return !method().read_only && database() != nullptr && entry_.run != Run::kPoolOutsideTransaction;
  }
  const DispatcherParts& parts() const { return dispatcher_.parts(); }
  const Router::Entry& entry() const { return entry_; }
  grpc::GenericCallbackServerContext& transport() { return transport_; }
  void set_trace_id(std::string trace_id) { trace_id_ = std::move(trace_id); }
  void set_principal(auth::Principal principal) { principal_ = std::move(principal); }
  // From now on the call may last `micros` more.
  void SetRemaining(int64_t micros);
  // Counts the call as admitted until it has finished.
  void set_admitted() { admitted_ = true; }
  // The caller's own request_id; empty when it sent none.
  const std::string& callers_request_id() const { return request_id_; }
  // Takes over a parsed and valid request.
  void SetRequest(std::unique_ptr<google::protobuf::Message> request, std::vector<Reference> references);
  google::protobuf::Message& request() { return *request_; }
  const google::protobuf::Message& request() const { return *request_; }
  const std::vector<Reference>& references() const { return references_; }
  bool validate_only() const { return validate_only_; }
  // Of a batch: the findings of its field rules, with which each run of its transaction begins.
  void set_bad_fields(BatchFindings findings) { bad_fields_ = std::move(findings); }
  // Begins the findings of a run.
  BatchFindings& BeginFindings() { return findings_ = bad_fields_; }
  storage::WriteOrigin Origin() const { return {principal_.subject, method().path, request_id()}; }
  void set_prepared(std::any prepared) { prepared_ = std::move(prepared); }
  // The transaction that the call is in; nullptr outside of one.
  void set_txn(storage::Transaction* txn) { txn_ = txn; }

  // What is answered: a message, or the stored bytes of one.
  std::unique_ptr<google::protobuf::Message> response;
  std::string replayed_response;
  bool replayed = false;
  // Revision of the write; 0 when nothing was written.
  int64_t commit_revision = 0;

  // Stage `metrics`: counts the start; Finished reports whatever became of the call, once. After it the call needs
  // neither the dispatcher nor what stands in its parts.
  void Started();
  void Finished(const absl::Status& status);
  // Puts the trace id, and the revision of a write, into the trailers.
  void AddTrailers();

 private:
  Dispatcher& dispatcher_;
  grpc::GenericCallbackServerContext& transport_;
  const Router::Entry& entry_;
  const int64_t started_micros_;  // steady clock
  const int64_t now_micros_;
  int64_t deadline_micros_ = 0;  // steady clock
  bool admitted_ = false;
  bool validate_only_ = false;
  auth::Principal principal_;
  std::string trace_id_;
  std::string request_id_;
  mutable std::string peer_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::vector<Reference> references_;
  BatchFindings bad_fields_;
  BatchFindings findings_;
  std::any prepared_;
  storage::Transaction* txn_ = nullptr;
  mutable std::shared_ptr<const storage::Snapshot> snapshot_;  // made when a handler first asks for it
};

}  // namespace dangjian::rpc
