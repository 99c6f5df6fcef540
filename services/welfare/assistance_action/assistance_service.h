#pragma once

#include "absl/status/status.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/assistance_action.pb.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.AssistanceActionService. Thread-safe.
class AssistanceActionService {
 public:
  // All must outlive the service.
  AssistanceActionService(const storage::Table<v1::AssistanceAction>& actions,
                          const storage::Table<v1::AssistancePairing>& pairings, const change::Directory& directory)
      : actions_(actions), pairings_(pairings), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  // Checks the action against its pairing, from which it takes its organisation.
  absl::Status Complete(rpc::CallContext& call, v1::AssistanceAction& action) const;

  const storage::Table<v1::AssistanceAction>& actions_;
  const storage::Table<v1::AssistancePairing>& pairings_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
