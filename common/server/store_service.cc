#include "common/server/store_service.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::server {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(std::string_view why) {
  return Error(kCheckpointFailed, absl::StrCat("the copy could not be made: ", ToAbsl(why)));
}

}  // namespace

const google::protobuf::ServiceDescriptor& StoreService::Descriptor() {
  return *store::v1::CreateCheckpointRequest::descriptor()->file()->FindServiceByName("StoreService");
}

void StoreService::Register(rpc::Router& router) {
  router.Unary(this, &StoreService::CreateCheckpoint, rpc::Run::kPoolOutsideTransaction);
}

absl::StatusOr<store::v1::Checkpoint> StoreService::CreateCheckpoint(
    rpc::CallContext&, const store::v1::CreateCheckpointRequest& request) {
  store::v1::Checkpoint checkpoint;
  checkpoint.set_name(absl::StrCat("checkpoints/", request.checkpoint_id()));
  checkpoint.set_service(service_);
  checkpoint.set_store(store_.id());
  checkpoint.set_epoch(store_.epoch());
  const fs::path folder = fs::path(data_) / checkpoint.name();
  std::error_code error;
  if (fs::exists(folder, error)) {
    return Error(kCheckpointExists, absl::StrCat("there is a copy ", checkpoint.name(), " already"));
  }
  if (const absl::Status writable = store_.CheckWritable(); !writable.ok()) return Failed("the volume has no room");
  if (request.validate_only()) return checkpoint;
  fs::create_directory(folder.parent_path(), error);
  if (!error) fs::permissions(folder.parent_path(), fs::perms::owner_all, error);
  if (error) return Failed("its folder cannot be made");
  const absl::StatusOr<int64_t> revision = store_.Checkpoint(folder);
  if (absl::IsAlreadyExists(revision.status())) {
    return Error(kCheckpointExists, absl::StrCat("there is a copy ", checkpoint.name(), " already"));
  }
  if (!revision.ok()) return Failed(ToStd(revision.status().message()));
  checkpoint.set_revision(*revision);
  return checkpoint;
}

}  // namespace dangjian::server
