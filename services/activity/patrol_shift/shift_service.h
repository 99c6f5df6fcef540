#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.PatrolShiftService. Thread-safe.
class PatrolShiftService {
 public:
  // Both must outlive the service.
  PatrolShiftService(const storage::Table<v1::PatrolShift>& shifts, const change::Directory& directory)
      : shifts_(shifts), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  absl::Status Check(rpc::CallContext& call, const v1::PatrolShift& shift) const;
  // OVERLAPPING_PATROL when someone is on another shift that began on `day` at the same time, of whatever organisation.
  // Reads only the shifts of the participants.
  absl::Status CheckOverlaps(rpc::CallContext& call, const v1::PatrolShift& shift, Day day) const;

  // `shift` with the names under which its participants are counted today.
  absl::StatusOr<v1::PatrolShift> Canonical(rpc::CallContext& call, const v1::PatrolShift& shift) const;

  const storage::Table<v1::PatrolShift>& shifts_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
