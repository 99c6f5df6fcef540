#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace dangjian::storage {

// How far the stored measures are from what the rows say.
struct Drift {
  int64_t rows = 0;     // rows recounted
  int64_t checked = 0;  // keys compared: cells, counts, presence rows, contributions, subject records
  int64_t drifted = 0;  // keys that are missing, left over or wrong; anything but 0 is a defect
  // Measures with a drifted key, sorted by id.
  std::vector<std::string> measures;
};

// Recounts every measure from the rows, the present tree and nothing else. Each measure costs a scan of the rows of its
// table and memory for its keys. Thread-safe.
class Reconciler {
 public:
  // `database` must be open and must outlive the reconciler.
  explicit Reconciler(Database& database) : database_(database) {}

  // Compares each measure over one snapshot; writes nothing. CANCELLED soon after `stop` was asked for.
  absl::StatusOr<Drift> Check(const std::stop_token& stop = {}) const;

  // Corrects what drifted, in transactions of at most `portion` keys beside live traffic, and returns what Check then
  // finds. Also fills measures that were declared after their rows were written. Waits for commits: not on the
  // committing thread.
  absl::StatusOr<Drift> Rebuild(size_t portion = 256);

 private:
  Database& database_;
};

}  // namespace dangjian::storage
