#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "common/status/reason.h"
#include "common/storage/rocksdb_kv_store.h"
#include "dangjian/store/v1/store_service.pb.h"

namespace dangjian::server {

inline constexpr Reason kCheckpointExists{"CHECKPOINT_EXISTS", absl::StatusCode::kAlreadyExists,
                                          "同名副本已存在,请更换名称或先删除旧副本"};
inline constexpr Reason kCheckpointFailed{"CHECKPOINT_FAILED", absl::StatusCode::kUnavailable,
                                          "副本制作失败,请查看日志(空间、权限)后重试"};

// dangjian.store.v1.StoreService over the store of a process. Thread-safe.
class StoreService {
 public:
  // `service` is whose store it is, `data` its folder. `store` must outlive this.
  StoreService(const storage::RocksDbKvStore& store, std::string service, std::string data)
      : store_(store), service_(std::move(service)), data_(std::move(data)) {}

  static const google::protobuf::ServiceDescriptor& Descriptor();
  void Register(rpc::Router& router);

  absl::StatusOr<store::v1::Checkpoint> CreateCheckpoint(rpc::CallContext& context,
                                                         const store::v1::CreateCheckpointRequest& request);

 private:
  const storage::RocksDbKvStore& store_;
  const std::string service_;
  const std::string data_;
};

}  // namespace dangjian::server
