#include "common/rpc/call_state.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/steady.h"
#include "common/rpc/peer_certificate.h"
#include "common/status/errors.h"

namespace dangjian::rpc {

CallState::CallState(Dispatcher& dispatcher, grpc::GenericCallbackServerContext& transport, const Router::Entry& entry)
    : dispatcher_(dispatcher),
      transport_(transport),
      entry_(entry),
      started_micros_(SteadyMicros()),
      now_micros_(dispatcher.parts().clock.NowMicros()),
      deadline_micros_(started_micros_ + entry.method->deadline_micros) {}

int64_t CallState::remaining_micros() const { return deadline_micros_ - SteadyMicros(); }

void CallState::SetRemaining(int64_t micros) { deadline_micros_ = SteadyMicros() + micros; }

absl::Status CallState::CheckAlive() const {
  if (remaining_micros() <= 0) return Error(reasons::kDeadlineExceeded, "the call's deadline has passed");
  if (transport_.IsCancelled()) return Error(reasons::kCancelled, "the caller has left");
  return absl::OkStatus();
}

const storage::Reader& CallState::reader() const {
  if (txn_ != nullptr) return txn_->reader();
  if (snapshot_ == nullptr) snapshot_ = parts().database->GetSnapshot();
  return *snapshot_;
}

int64_t CallState::revision() const {
  if (txn_ != nullptr) return txn_->revision();
  if (snapshot_ == nullptr) snapshot_ = parts().database->GetSnapshot();
  return snapshot_->revision();
}

storage::Transaction& CallState::txn() {
  if (txn_ == nullptr) {
    std::fprintf(stderr, "%s asks for a transaction, but only unary writes have one\n", method().path.c_str());
    std::abort();
  }
  return *txn_;
}

absl::StatusOr<int64_t> CallState::Transact(const std::function<absl::Status(storage::Transaction&)>& fn) {
  return parts().database->Transact(Origin(), fn);
}

std::string_view CallState::Metadata(std::string_view key) const {
  const auto& metadata = transport_.client_metadata();
  const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
  if (found == metadata.end()) return {};
  return {found->second.data(), found->second.size()};
}

std::string_view CallState::peer() const {
  if (peer_.empty()) peer_ = transport_.peer();
  return peer_;
}

std::string_view CallState::certificate() const { return CertificateOf(transport_); }

void CallState::SetRequest(std::unique_ptr<google::protobuf::Message> request, std::vector<Reference> references) {
  request_ = std::move(request);
  references_ = std::move(references);
  const google::protobuf::Reflection* reflection = request_->GetReflection();
  if (entry_.request_id != nullptr) request_id_ = reflection->GetString(*request_, entry_.request_id);
  if (entry_.validate_only != nullptr) validate_only_ = reflection->GetBool(*request_, entry_.validate_only);
}

void CallState::Started() {
  if (parts().observer != nullptr) parts().observer->Started(&method());
}

void CallState::Finished(const absl::Status& status) {
  if (parts().observer != nullptr) {
    parts().observer->Finished({.method = &method(),
                                .path = method().path,
                                .status = status,
                                .duration_micros = SteadyMicros() - started_micros_,
                                .trace_id = trace_id_,
                                .request_id = request_id_,
                                .subject = principal_.subject,
                                .caller = *this,
                                .revision = commit_revision,
                                .replayed = replayed});
  }
  if (admitted_) dispatcher_.in_flight().fetch_sub(1, std::memory_order_release);
}

void CallState::AddTrailers() {
  if (!trace_id_.empty()) transport_.AddTrailingMetadata("dangjian-trace-id", trace_id_);
  if (commit_revision > 0) transport_.AddTrailingMetadata("dangjian-revision", absl::StrCat(commit_revision));
  if (replayed) transport_.AddTrailingMetadata("dangjian-replayed", "true");
}

}  // namespace dangjian::rpc
