#include "common/obs/process_stats.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace dangjian::obs {
namespace {

std::string ReadFile(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double NumberAt(const std::vector<std::string>& fields, size_t position) {
  double value = 0;
  if (position >= fields.size() || !absl::SimpleAtod(fields[position], &value)) return 0;
  return value;
}

double BootTimeSeconds() {
  const std::string text = ReadFile("/proc/stat");
  double seconds = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (fields.size() == 2 && fields[0] == "btime" && absl::SimpleAtod(fields[1], &seconds)) break;
  }
  return seconds;
}

int64_t CountOpenFds() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  int64_t entries = 0;
  while (::readdir(folder) != nullptr) ++entries;
  ::closedir(folder);
  return entries - 3;  // `.`, `..` and the folder itself
}

}  // namespace

ProcessStats ReadProcessStats() {
  ProcessStats stats;
  // The command name, in parentheses, may hold spaces: the fields are counted from behind it. See proc(5).
  const std::string stat = ReadFile("/proc/self/stat");
  const size_t name_end = stat.rfind(')');
  if (name_end != std::string::npos) {
    const std::vector<std::string> fields = absl::StrSplit(stat.substr(name_end + 1), ' ', absl::SkipEmpty());
    const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    stats.cpu_seconds = (NumberAt(fields, 11) + NumberAt(fields, 12)) / ticks;
    stats.start_time_seconds = BootTimeSeconds() + NumberAt(fields, 19) / ticks;
    stats.virtual_bytes = static_cast<int64_t>(NumberAt(fields, 20));
    stats.resident_bytes = static_cast<int64_t>(NumberAt(fields, 21)) * ::sysconf(_SC_PAGESIZE);
  }
  stats.open_fds = CountOpenFds();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.max_fds = static_cast<int64_t>(limit.rlim_cur);
  return stats;
}

int64_t ReadResidentBytes() {
  const std::vector<std::string> fields = absl::StrSplit(ReadFile("/proc/self/statm"), ' ', absl::SkipEmpty());
  return static_cast<int64_t>(NumberAt(fields, 1)) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace dangjian::obs
