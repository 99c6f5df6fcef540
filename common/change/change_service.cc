#include "common/change/change_service.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"
#include "common/status/errors.h"

namespace dangjian::change {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

v1::ChangeOperation OperationOf(storage::v1::Change::Operation operation) {
  switch (operation) {
    case storage::v1::Change::OPERATION_CREATE:
      return v1::CHANGE_OPERATION_CREATE;
    case storage::v1::Change::OPERATION_UPDATE:
      return v1::CHANGE_OPERATION_UPDATE;
    case storage::v1::Change::OPERATION_DELETE:
      return v1::CHANGE_OPERATION_DELETE;
    case storage::v1::Change::OPERATION_UNSPECIFIED:
    case storage::v1::Change_Operation_Change_Operation_INT_MIN_SENTINEL_DO_NOT_USE_:
    case storage::v1::Change_Operation_Change_Operation_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return v1::CHANGE_OPERATION_UNSPECIFIED;
}

v1::ChangeEvent ToProto(const storage::ChangeEvent& event) {
  v1::ChangeEvent proto;
  proto.set_revision(event.revision);
  proto.mutable_commit_time()->set_seconds(event.commit_time_us / kMicrosPerSecond);
  proto.mutable_commit_time()->set_nanos(static_cast<int32_t>(event.commit_time_us % kMicrosPerSecond * 1000));
  proto.set_actor(event.actor);
  proto.set_request_id(event.request_id);
  proto.set_operation(OperationOf(event.operation));
  proto.set_collection(event.collection);
  proto.set_name(event.name);
  if (event.after != nullptr) proto.mutable_after()->PackFrom(*event.after);
  if (event.before != nullptr) proto.mutable_before()->PackFrom(*event.before);
  return proto;
}

}  // namespace

ChangeService::ChangeService(storage::Database& database, obs::Metrics& metrics, FeedLimits limits)
    : database_(database),
      limits_(limits),
      log_(database),
      watchers_(metrics.AddGauge("dangjian_change_watchers", "Callers of ChangeService.Watch.")),
      events_sent_(metrics.AddCounter("dangjian_change_events_sent_total", "Change events sent to watchers.")) {}

const google::protobuf::ServiceDescriptor& ChangeService::Descriptor() {
  return *v1::WatchRequest::descriptor()->file()->FindServiceByName("ChangeService");
}

void ChangeService::Register(rpc::Router& router) { router.ServerStream(this, &ChangeService::Watch); }

void ChangeService::Shutdown() {
  stopping_ = true;
  database_.commits().Close();
}

absl::Status ChangeService::Watch(rpc::CallContext& context, const v1::WatchRequest& request,
                                  rpc::StreamWriter<v1::WatchResponse>& writer) {
  RETURN_IF_ERROR(Check(request));
  watchers_.Add(1);
  absl::Status status = Feed(context, request, writer);
  watchers_.Add(-1);
  return status;
}

absl::Status ChangeService::Check(const v1::WatchRequest& request) const {
  Violations violations;
  if (request.after_revision() > 0 && request.epoch().empty()) {
    violations.Add("epoch", dangjian::reasons::kRequired, "send the epoch that came with the revision");
  }
  for (int i = 0; i < request.collections_size(); ++i) {
    if (database_.FindTable(request.collections(i)) == nullptr) {
      violations.Add(absl::StrCat("collections[", i, "]"), reasons::kUnknownCollection,
                     "this service has no such collection");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string epoch = database_.kv().epoch();
  if (!request.epoch().empty() && request.epoch() != epoch) {
    return Error(reasons::kEpochChanged, "the store was restored or replaced: start from the beginning",
                 {{"epoch", epoch}});
  }
  const int64_t latest = database_.kv().LastRevision();
  if (request.after_revision() > latest) {
    return Error(reasons::kRevisionInFuture,
                 absl::StrCat("the newest revision is ", latest, ": resume after a revision that was received"),
                 {{"latest_revision", absl::StrCat(latest)}});
  }
  return absl::OkStatus();
}

absl::Status ChangeService::Feed(rpc::CallContext& context, const v1::WatchRequest& request,
                                 rpc::StreamWriter<v1::WatchResponse>& writer) {
  const absl::flat_hash_set<std::string> collections(request.collections().begin(), request.collections().end());
  const int64_t interval_micros = std::chrono::microseconds(limits_.checkpoint_interval).count();
  int64_t position = request.after_revision();
  int64_t sent_at = 0;
  bool due = true;  // the first message says at once how far there is to go
  const int64_t end = SteadyMicros() + std::chrono::microseconds(limits_.session).count();
  while (true) {
    RETURN_IF_ERROR(context.CheckAlive());
    const bool over = SteadyMicros() >= end;
    if (stopping_) return Error(dangjian::reasons::kBackendUnavailable, "the server drains: resume elsewhere");
    const auto snapshot = database_.GetSnapshot();
    ASSIGN_OR_RETURN(
        const storage::ChangeBatch batch,
        log_.Read(*snapshot, position, collections, request.include_before(), {.max_events = limits_.events}));
    position = batch.up_to_revision;
    const int64_t now = database_.clock().NowMicros();
    if (due || over || !batch.events.empty() || now - sent_at >= interval_micros) {
      RETURN_IF_ERROR(Send(batch, writer));
      sent_at = now;
    }
    due = false;
    if (position < snapshot->revision()) continue;
    if (over) return absl::OkStatus();  // what was sent last says where to resume
    due = database_.commits().WaitBeyond(position, limits_.checkpoint_interval) <= position;
  }
}

absl::Status ChangeService::Send(const storage::ChangeBatch& batch,
                                 rpc::StreamWriter<v1::WatchResponse>& writer) const {
  v1::WatchResponse response;
  size_t bytes = 0;
  for (const storage::ChangeEvent& event : batch.events) {
    v1::ChangeEvent proto = ToProto(event);
    const size_t size = proto.ByteSizeLong();
    if (bytes > 0 && bytes + size > limits_.message_bytes) {
      // The commit of this event may be sent in part: complete is what lies before it.
      RETURN_IF_ERROR(Flush(event.revision - 1, response, writer));
      bytes = 0;
    }
    bytes += size;
    *response.add_events() = std::move(proto);
  }
  return Flush(batch.up_to_revision, response, writer);
}

absl::Status ChangeService::Flush(int64_t revision, v1::WatchResponse& response,
                                  rpc::StreamWriter<v1::WatchResponse>& writer) const {
  response.set_revision(revision);
  response.set_epoch(database_.kv().epoch());
  response.set_latest_revision(database_.kv().LastRevision());
  RETURN_IF_ERROR(writer.Write(response));
  events_sent_.Increment(response.events_size());
  response.Clear();
  return absl::OkStatus();
}

}  // namespace dangjian::change
