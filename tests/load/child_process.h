#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace dangjian::load {

// A program that runs beside the benchmark and is killed with it.
class ChildProcess {
 public:
  // Starts `argv` with its standard output and error appended to `log_path`. Ends the benchmark when it cannot.
  ChildProcess(std::vector<std::string> argv, const std::string& log_path);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Asks it to end (SIGTERM) and waits.
  void Stop();
  // Ends it at once (SIGKILL).
  void Kill();
  // Resident memory in bytes.
  int64_t ResidentBytes() const;
  bool Running();

 private:
  pid_t pid_;
};

// Runs a program to its end and returns its exit code.
int RunToEnd(const std::vector<std::string>& argv, const std::string& log_path);

}  // namespace dangjian::load
