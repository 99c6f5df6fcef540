#include "common/storage/ack_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dangjian::storage {
namespace {

// 19 digits and a newline: readable by people and, within one disk sector, replaced as a whole.
constexpr size_t kLength = 20;

// False with errno set.
bool WriteRevision(int descriptor, int64_t revision) {
  const std::string text = absl::StrFormat("%019d\n", revision);
  const ssize_t written = pwrite(descriptor, text.data(), kLength, 0);
  if (written >= 0 && written < static_cast<ssize_t>(kLength)) errno = EIO;  // a part of it sets no error
  return written == static_cast<ssize_t>(kLength);
}

}  // namespace

absl::Status AckFile::Create(const std::string& path, int64_t revision) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path));
  const bool written = WriteRevision(descriptor, revision) && fsync(descriptor) == 0;
  const int error = errno;
  close(descriptor);
  return written ? absl::OkStatus() : absl::ErrnoToStatus(error, absl::StrCat("cannot write ", path));
}

absl::StatusOr<AckFile> AckFile::Open(const std::string& path) {
  int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0 && errno == EROFS) descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  AckFile file(path, descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("the store is in use by another process: ", path, " is locked"));
  }
  std::string text(kLength + 1, '\0');
  const ssize_t length = pread(descriptor, text.data(), text.size(), 0);
  text.resize(kLength - 1);
  if (length != static_cast<ssize_t>(kLength) || text.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(text, &file.revision_)) {
    return absl::DataLossError(absl::StrCat(path, " does not hold a revision"));
  }
  return file;
}

AckFile::AckFile(AckFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), revision_(other.revision_) {}

AckFile::~AckFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status AckFile::Record(int64_t revision) {
  if (!WriteRevision(descriptor_, revision)) {
    // Never RESOURCE_EXHAUSTED, not on a full disk either: that says that nothing was tried, and the batch is durable.
    return absl::UnavailableError(absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path_)).message());
  }
  revision_ = revision;
  return absl::OkStatus();
}

bool AckFile::IsInPlace() const {
  struct stat opened {};
  struct stat named {};
  return fstat(descriptor_, &opened) == 0 && stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace dangjian::storage
