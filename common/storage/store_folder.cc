#include "common/storage/store_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace dangjian::storage {
namespace {

constexpr uint64_t kMinFreeBytes = uint64_t{64} << 20;
constexpr uint64_t kMinFreeShare = 16;
constexpr size_t kDigestBytes = 32;

std::string CheckedPath(const std::string& path) { return path + "/checked"; }

}  // namespace

absl::StatusOr<StoreFolder> StoreFolder::Open(const std::string& path, size_t min_free_bytes) {
  ASSIGN_OR_RETURN(AckFile acked, AckFile::Open(AckPath(path)));
  return StoreFolder(path, min_free_bytes, std::move(acked));
}

absl::Status StoreFolder::CheckInPlace() const {
  struct stat entry {};
  const std::string current = engine_path() + "/CURRENT";
  if (!acked_.IsInPlace() || stat(current.c_str(), &entry) != 0) {
    return absl::UnavailableError(absl::StrCat("the files of the store in ", path_, " were deleted or replaced"));
  }
  return absl::OkStatus();
}

absl::Status StoreFolder::CheckRoom(size_t bytes) const {
  struct statvfs volume {};
  if (statvfs(path_.c_str(), &volume) != 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot look at ", path_));
  if ((volume.f_flag & ST_RDONLY) != 0) {
    return absl::ResourceExhaustedError(absl::StrCat("the volume of ", path_, " is mounted read-only"));
  }
  const uint64_t free = uint64_t{volume.f_bavail} * volume.f_frsize;
  const uint64_t size = uint64_t{volume.f_blocks} * volume.f_frsize;
  const uint64_t kept = min_free_bytes_ > 0 ? min_free_bytes_ : std::min(kMinFreeBytes, size / kMinFreeShare);
  if (free >= kept + bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the volume of ", path_, " has ", free >> 10, " KiB free; ", (kept + bytes) >> 10, " are needed"));
}

std::optional<ChainPosition> StoreFolder::ReadCheckedPosition() const {
  std::ifstream file(CheckedPath(path_));
  ChainPosition position;
  std::string hex;
  if (!(file >> position.revision >> hex) || position.revision < 0) return std::nullopt;
  if (hex.size() != 2 * kDigestBytes || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return std::nullopt;
  }
  position.digest = absl::HexStringToBytes(hex);
  return position;
}

absl::Status StoreFolder::WriteCheckedPosition(const ChainPosition& position) const {
  const std::string text = absl::StrCat(position.revision, " ", absl::BytesToHexString(position.digest), "\n");
  const std::string unfinished = CheckedPath(path_) + ".new";
  const int descriptor = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", unfinished));
  const bool written =
      write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(descriptor) == 0;
  const int error = errno;
  close(descriptor);
  if (!written) return absl::ErrnoToStatus(error, absl::StrCat("cannot write ", unfinished));
  if (std::rename(unfinished.c_str(), CheckedPath(path_).c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot replace ", CheckedPath(path_)));
  }
  return SyncDirectory(path_);
}

absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  return synced ? absl::OkStatus() : absl::ErrnoToStatus(error, absl::StrCat("cannot sync ", path));
}

}  // namespace dangjian::storage
