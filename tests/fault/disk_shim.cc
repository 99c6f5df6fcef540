#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// A disk that misbehaves, to be preloaded into a program under test. It acts on files below DANGJIAN_FAULT_ROOT, as the
// environment says:
//   DANGJIAN_FAULT_SYNC=<n>:<errno>  the n-th sync of a log fails once, with that error, and syncs nothing
//   DANGJIAN_FAULT_SKIP_SYNC=1       syncs do nothing and say that they did: the negative control of a power cut
//   DANGJIAN_FAULT_JOURNAL=<file>    notes what a power cut would leave: `S <inode> <bytes>` a file synced so far,
//                                    `C <path>` an entry created, `D <path>` a directory synced, which makes its
//                                    entries durable
//   DANGJIAN_FAULT_FULL=<file>       while the file exists no byte is to be had: writes that grow a file fail with
//                                    ENOSPC; and so says the volume, unless the file holds the word `lying`

namespace {

template <class F>
F* Next(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

const char* Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? nullptr : value;
}

// The path of a descriptor below the root; empty for every other.
std::string PathOf(int descriptor) {
  static const char* const root = Variable("DANGJIAN_FAULT_ROOT");
  if (root == nullptr) return "";
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof(path) - 1);
  if (length <= 0) return "";
  path[length] = '\0';
  return std::strncmp(path, root, std::strlen(root)) == 0 ? path : "";
}

bool IsLog(const std::string& path) { return path.size() > 4 && path.compare(path.size() - 4, 4, ".log") == 0; }

void Journal(const std::string& line) {
  static const char* const file = Variable("DANGJIAN_FAULT_JOURNAL");
  if (file == nullptr) return;
  static const int descriptor = Next<int(const char*, int, ...)>("open")(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
  static auto* const real = Next<ssize_t(int, const void*, size_t)>("write");
  if (real(descriptor, line.data(), line.size()) < 0) std::abort();
}

// True when this sync is the one to fail; sets errno.
bool SyncFails(const std::string& path) {
  static std::atomic<int64_t> syncs{0};
  static const char* const order = Variable("DANGJIAN_FAULT_SYNC");
  if (order == nullptr || !IsLog(path)) return false;
  int64_t which = 0;
  int error = EIO;
  std::sscanf(order, "%ld:%d", &which, &error);
  if (++syncs != which) return false;
  errno = error;
  return true;
}

int Sync(int descriptor, const char* name) {
  const std::string path = PathOf(descriptor);
  auto* const real = Next<int(int)>(name);
  if (path.empty()) return real(descriptor);
  if (SyncFails(path)) return -1;
  static const bool skip = Variable("DANGJIAN_FAULT_SKIP_SYNC") != nullptr;
  if (skip) return 0;
  struct stat before {};
  fstat(descriptor, &before);
  const int result = real(descriptor);
  if (result != 0) return result;
  if (S_ISDIR(before.st_mode)) {
    Journal("D " + path + "\n");
  } else {
    Journal("S " + std::to_string(before.st_ino) + " " + std::to_string(before.st_size) + "\n");
  }
  return result;
}

enum class Fullness { kNone, kFull, kLying };

Fullness VolumeIs() {
  static const char* const file = Variable("DANGJIAN_FAULT_FULL");
  if (file == nullptr || access(file, F_OK) != 0) return Fullness::kNone;
  struct stat entry {};
  stat(file, &entry);
  return entry.st_size > 0 ? Fullness::kLying : Fullness::kFull;
}

// True when writing up to `end` would grow a file of the store on a full volume; sets errno.
bool NoSpaceFor(int descriptor, int64_t end) {
  if (VolumeIs() == Fullness::kNone || PathOf(descriptor).empty()) return false;
  struct stat entry {};
  if (fstat(descriptor, &entry) != 0 || end <= entry.st_size) return false;
  errno = ENOSPC;
  return true;
}

int Open(const char* path, int flags, mode_t mode) {
  static auto* const real = Next<int(const char*, int, ...)>("open");
  const bool creates = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  const int descriptor = real(path, flags, mode);
  if (creates && descriptor >= 0) {
    const std::string opened = PathOf(descriptor);
    if (!opened.empty()) Journal("C " + opened + "\n");
  }
  return descriptor;
}

mode_t ModeOf(int flags, va_list arguments) { return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0; }

}  // namespace

extern "C" {

int fsync(int descriptor) { return Sync(descriptor, "fsync"); }
int fdatasync(int descriptor) { return Sync(descriptor, "fdatasync"); }

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  return Open(path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  static auto* const real = Next<ssize_t(int, const void*, size_t)>("write");
  if (VolumeIs() != Fullness::kNone && NoSpaceFor(descriptor, lseek(descriptor, 0, SEEK_CUR) + static_cast<int64_t>(count))) {
    return -1;
  }
  return real(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  static auto* const real = Next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  if (NoSpaceFor(descriptor, offset + static_cast<int64_t>(count))) return -1;
  return real(descriptor, bytes, count, offset);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  static auto* const real = Next<int(int, int, off_t, off_t)>("fallocate");
  if (VolumeIs() != Fullness::kNone && !PathOf(descriptor).empty()) {
    errno = ENOSPC;
    return -1;
  }
  return real(descriptor, mode, offset, length);
}

int statvfs(const char* path, struct statvfs* volume) {
  static auto* const real = Next<int(const char*, struct statvfs*)>("statvfs");
  const int result = real(path, volume);
  if (result == 0 && VolumeIs() == Fullness::kFull) volume->f_bavail = volume->f_bfree = 0;
  return result;
}

}  // extern "C"
