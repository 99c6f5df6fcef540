#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/target.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.TargetService. Thread-safe.
class TargetService {
 public:
  // Both must outlive the service.
  TargetService(const storage::Table<v1::Target>& targets, const change::Directory& directory)
      : targets_(targets), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Target> RecordProgress(rpc::CallContext& call, const v1::RecordTargetProgressRequest& request);
  absl::StatusOr<v1::Target> RemoveProgress(rpc::CallContext& call, const v1::RemoveTargetProgressRequest& request);

 private:
  // Computes what the server computes and checks the rest.
  absl::Status Complete(rpc::CallContext& call, v1::Target& target) const;

  const storage::Table<v1::Target>& targets_;
  const change::Directory& directory_;
};

}  // namespace dangjian::pledge
