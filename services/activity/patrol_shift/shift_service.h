#pragma once

#include "absl/status/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.PatrolShiftService. Thread-safe.
class PatrolShiftService {
 public:
  // `shifts` must outlive the service.
  explicit PatrolShiftService(const storage::Table<v1::PatrolShift>& shifts) : shifts_(shifts) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  absl::Status Check(rpc::CallContext& call, const v1::PatrolShift& shift) const;
  // OVERLAPPING_PATROL when someone is on another shift that began on `day` at the same time, of whatever organisation.
  // Reads only the shifts of the participants.
  absl::Status CheckOverlaps(rpc::CallContext& call, const v1::PatrolShift& shift, Day day) const;

  const storage::Table<v1::PatrolShift>& shifts_;
};

}  // namespace dangjian::activity
