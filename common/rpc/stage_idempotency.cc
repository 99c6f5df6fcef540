#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/digest.h"
#include "common/rpc/pipeline.h"
#include "common/status/errors.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "dangjian/storage/v1/row.pb.h"

namespace dangjian::rpc::stages {
namespace {

std::string ReplayKey(const CallState& call) {
  return storage::KeyWriter(storage::keyspace::kReplay)
      .Text(call.principal().subject)
      .Text(call.method().path)
      .Text(call.callers_request_id())
      .str();
}

// What makes two requests the same: method and content, whatever their request_id.
std::string Fingerprint(CallState& call) {
  google::protobuf::Message& request = call.request();
  const google::protobuf::Reflection* reflection = request.GetReflection();
  reflection->ClearField(&request, call.entry().request_id);
  std::string fingerprint = Sha256(absl::StrCat(call.method().path, "\n", DeterministicBytes(request)));
  reflection->SetString(&request, call.entry().request_id, call.callers_request_id());
  return fingerprint;
}

}  // namespace

absl::StatusOr<bool> FindReplay(CallState& call, storage::Transaction& txn) {
  ASSIGN_OR_RETURN(const std::optional<std::string> stored, txn.reader().Get(ReplayKey(call)));
  if (!stored.has_value()) return false;
  storage::v1::Replay replay;
  if (!replay.ParseFromString(*stored)) return absl::DataLossError("a stored replay record does not parse");
  if (replay.fingerprint() != Fingerprint(call)) {
    return Error(reasons::kRequestIdReused, "the request_id was used before for a request with other content",
                 {{"request_id", call.callers_request_id()}});
  }
  call.replayed = true;
  call.replayed_response = replay.response();
  call.commit_revision = replay.revision();
  return true;
}

void StoreReplay(CallState& call, storage::Transaction& txn) {
  storage::v1::Replay replay;
  replay.set_fingerprint(Fingerprint(call));
  replay.set_revision(txn.revision());
  replay.set_response(call.response->SerializeAsString());
  replay.set_commit_time_us(txn.now_micros());
  txn.kv().Put(ReplayKey(call), replay.SerializeAsString());
}

}  // namespace dangjian::rpc::stages
