#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/assistance_action.pb.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.AssistancePairingService. Thread-safe.
class PairingService {
 public:
  // All must outlive the service.
  PairingService(const storage::Table<v1::AssistancePairing>& pairings,
                 const storage::Table<v1::AssistanceAction>& actions, const change::Directory& directory)
      : pairings_(pairings), actions_(actions), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::AssistancePairing> Activate(rpc::CallContext& call, const v1::ActivatePairingRequest& request);
  absl::StatusOr<v1::AssistancePairing> Pause(rpc::CallContext& call, const v1::PausePairingRequest& request);
  absl::StatusOr<v1::AssistancePairing> Resume(rpc::CallContext& call, const v1::ResumePairingRequest& request);
  absl::StatusOr<v1::AssistancePairing> End(rpc::CallContext& call, const v1::EndPairingRequest& request);

 private:
  absl::Status CheckNotPaired(rpc::CallContext& call, const v1::AssistancePairing& pairing, Day from) const;
  // PAIRING_HAS_LATER_ACTIONS when someone was helped after `last`.
  absl::Status CheckNoActionsAfter(rpc::CallContext& call, const v1::AssistancePairing& pairing, Day last) const;
  absl::Status CheckNoActions(rpc::CallContext& call, const v1::AssistancePairing& pairing) const;

  const storage::Table<v1::AssistancePairing>& pairings_;
  const storage::Table<v1::AssistanceAction>& actions_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
