#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/change/directory.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"

namespace dangjian::welfare {

// Asks the stop lists and the directory about the people and the account of an award, as both stood at a revision: a
// calculation that is broken off and goes on later gives the same answers. Lives as long as a transaction.
class StopListCheck {
 public:
  StopListCheck(const storage::Table<v1::StopListEntry>& entries, const change::Directory& directory,
                const storage::Reader& reader, int64_t revision, Day day)
      : entries_(entries), directory_(directory), reader_(reader), revision_(revision), day_(day) {}

  // Why the payments of the award are to be held on the day; HOLD_REASON_UNSPECIFIED when nothing speaks against them.
  absl::StatusOr<v1::HoldReason> Ask(const v1::MlsAward& award);

 private:
  absl::StatusOr<v1::HoldReason> AskList(const std::string& subject);
  absl::StatusOr<v1::HoldReason> AskDirectory(const std::string& resident) const;

  const storage::Table<v1::StopListEntry>& entries_;
  const change::Directory& directory_;
  const storage::Reader& reader_;
  const int64_t revision_;
  const Day day_;
  bool asked_ = false;  // whether the list has any entry
  bool empty_ = false;
};

}  // namespace dangjian::welfare
