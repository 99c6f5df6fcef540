#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "absl/status/status.h"
#include "common/status/errors.h"

namespace dangjian::rpc {

// The row of a batch that a path of its request lies in: 3 for `requests[3].note.title`; nullopt for other paths.
std::optional<int> RowOf(std::string_view path);

// What is wrong with the rows of a batch (AIP-233), gathered from all stages of the pipeline, so that one answer names
// every bad row. Used by one thread at a time.
class BatchFindings {
 public:
  // Takes over violations whose paths all lie in rows; false, and nothing taken, when one does not.
  bool Take(const Violations& violations);
  // `path` lies in a row.
  void Add(std::string_view path, const Reason& reason, std::string_view message);
  // A row was refused. False when `refusal` says nothing of the row, e.g. that the store is broken: it is then what the
  // whole batch has to be answered with.
  bool Refuse(int row, const absl::Status& refusal);

  bool IsBad(int row) const { return bad_.contains(row); }
  // OK while no row is bad; else as Violations::ToStatus, with the bad rows in the metadata `rows`, e.g. `1,3,7-20`.
  absl::Status ToStatus() const;

 private:
  Violations violations_;
  std::set<int> bad_;
};

}  // namespace dangjian::rpc
