#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/ack_file.h"
#include "common/storage/commit_chain.h"

// Private to common/storage: what stands in the folder of a store beside the engine's own files.

namespace dangjian::storage {

// The folder of a store that is open. Thread-compatible, but for the checks, which are thread-safe.
class StoreFolder {
 public:
  // Locks the store. `min_free_bytes` is what CheckRoom keeps free; 0 stands for 64 MiB or a sixteenth of the volume,
  // whichever is less. Errors as AckFile::Open.
  static absl::StatusOr<StoreFolder> Open(const std::string& path, size_t min_free_bytes);

  const std::string& path() const { return path_; }
  std::string engine_path() const { return EnginePath(path_); }
  AckFile& acked() { return acked_; }
  const AckFile& acked() const { return acked_; }

  // UNAVAILABLE once the folder or the engine's files were deleted or replaced under the process: what is written from
  // then on is gone with the process.
  absl::Status CheckInPlace() const;
  // RESOURCE_EXHAUSTED while the volume has less room than `bytes` and what is to stay free, or is mounted read-only.
  // Asked before a write, because what an engine does after it met a full disk is not to be relied on.
  absl::Status CheckRoom(size_t bytes) const;

  // The position up to which the chain of commits was found good at an earlier start; nullopt when there is none, or
  // it cannot be read: then everything is checked.
  std::optional<ChainPosition> ReadCheckedPosition() const;
  // Replaces it, durably.
  absl::Status WriteCheckedPosition(const ChainPosition& position) const;

  static std::string EnginePath(const std::string& path) { return path + "/db"; }
  static std::string AckPath(const std::string& path) { return path + "/acked"; }

 private:
  StoreFolder(std::string path, size_t min_free_bytes, AckFile acked)
      : path_(std::move(path)), min_free_bytes_(min_free_bytes), acked_(std::move(acked)) {}

  std::string path_;
  size_t min_free_bytes_;
  AckFile acked_;
};

// Makes the entries of a directory durable.
absl::Status SyncDirectory(const std::string& path);

}  // namespace dangjian::storage
