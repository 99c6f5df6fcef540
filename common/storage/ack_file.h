#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dangjian::storage {

// A small file beside the engine's own that names the newest revision a caller was told is durable. The engine alone
// cannot know this: a log that lost its tail looks to it like one that never had it. Written after the sync and before
// the answer, itself unsynced: exact after the death of the process, and never ahead of the engine after a power cut.
// An open file also locks the store against other processes. Thread-compatible.
class AckFile {
 public:
  // Writes and syncs a file that names `revision`.
  static absl::Status Create(const std::string& path, int64_t revision);
  // On a volume that is mounted read-only the file opens too, and Record fails.
  // NOT_FOUND when there is no such file, FAILED_PRECONDITION when the store is open elsewhere, DATA_LOSS when it does
  // not hold a revision.
  static absl::StatusOr<AckFile> Open(const std::string& path);
  AckFile(AckFile&& other) noexcept;
  ~AckFile();

  // As the file said when it was opened, or as recorded since.
  int64_t revision() const { return revision_; }
  // `revision` must not be negative. UNAVAILABLE, whatever the cause, when the file could not be
  // written: nothing may be acknowledged then.
  absl::Status Record(int64_t revision);
  // False once the file was deleted or another one stands in its place. Thread-safe.
  bool IsInPlace() const;

 private:
  AckFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
  int64_t revision_ = 0;
};

}  // namespace dangjian::storage
