#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/change/directory.h"
#include "common/storage/org_tree.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/stop_list/stop_list_rules.h"

namespace dangjian::welfare {

// Asks the stop lists and the directory about the people, the household and the account of an award, as all stood at a
// revision: a calculation that is broken off and goes on later gives the same answers. The tree is that of today; it
// knows the past. Lives as long as the reader.
class StopListCheck {
 public:
  StopListCheck(const storage::Table<v1::StopListEntry>& entries, const change::Directory& directory,
                const storage::Reader& reader, const storage::OrgTree& tree, int64_t revision, Day day)
      : entries_(entries), directory_(directory), reader_(reader), tree_(tree), revision_(revision), day_(day) {}

  // Whatever speaks against paying the award on the day; empty when nothing does.
  absl::StatusOr<std::vector<Hit>> Ask(const v1::MlsAward& award);

 private:
  absl::Status AskList(const std::string& subject, std::vector<Hit>& hits);
  absl::Status AskRegister(const std::string& resident, const v1::MlsAward& award, std::vector<Hit>& hits) const;
  // Whether the register of members says that the person has died, where the register of residents does not yet.
  absl::StatusOr<bool> HasDiedAsMember(const std::string& member) const;
  absl::Status AskHousehold(const std::string& household, std::vector<Hit>& hits) const;
  // The row as it stood at the revision; nullopt when there was none.
  template <class M>
  absl::StatusOr<std::optional<M>> Find(const storage::Table<M>& table, const std::string& name) const;

  const storage::Table<v1::StopListEntry>& entries_;
  const change::Directory& directory_;
  const storage::Reader& reader_;
  const storage::OrgTree& tree_;
  const int64_t revision_;
  const Day day_;
  bool asked_ = false;  // whether the list has any entry
  bool empty_ = false;
};

}  // namespace dangjian::welfare
