#include "common/server/server_main.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/strings.h"
#include "common/server/process.h"

namespace dangjian::server {
namespace {

constexpr int kCannotRun = 1;
constexpr int kWrongUsage = 2;

int Complain(const ProcessSpec& spec, const absl::Status& status, int exit_code) {
  const std::string name(spec.options.name);
  const std::string message(status.message());
  std::fprintf(stderr, "%s: %s\n", name.c_str(), message.c_str());
  return exit_code;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Drains while listening for a second signal.
void DrainUntilDone(Process& process, const sigset_t& signals) {
  std::atomic<bool> drained{false};
  std::thread drain([&process, &drained] {
    process.Drain();
    drained = true;
  });
  while (!drained) {
    const timespec wait{.tv_sec = 0, .tv_nsec = 50'000'000};
    if (sigtimedwait(&signals, nullptr, &wait) > 0) process.Hurry();
  }
  drain.join();
}

int Serve(const ProcessSpec& spec, const ServerOptions& options) {
  // Blocked before the first thread starts, so that every thread inherits it and only sigwait sees the signals.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const SystemClock clock;
  absl::StatusOr<std::unique_ptr<Process>> process = Process::Start(spec, options, clock);
  if (!process.ok()) return Complain(spec, process.status(), kCannotRun);
  if (!options.ports_file.empty()) {
    const absl::Status written = WritePortsFile(options.ports_file, **process);
    if (!written.ok()) return Complain(spec, written, kCannotRun);
  }
  int signal = 0;
  sigwait(&signals, &signal);
  DrainUntilDone(**process, signals);
  return 0;
}

}  // namespace

int Main(int argc, char** argv, const ProcessSpec& spec) {
  umask(S_IRWXG | S_IRWXO);  // what a service writes is for its own account alone
  const ParsedOptions parsed = ParseOptions(argc, argv, spec.options);
  std::fputs(parsed.out.c_str(), stdout);
  std::fputs(parsed.err.c_str(), stderr);
  if (parsed.exit) return parsed.exit_code;
  const absl::Status checked = CheckOptions(parsed.options, spec.options);
  if (!checked.ok()) return Complain(spec, checked, kWrongUsage);
  if (parsed.options.command == ServerOptions::Command::kServe) return Serve(spec, parsed.options);
  const absl::Status created = InitStore(spec, parsed.options);
  return created.ok() ? 0 : Complain(spec, created, kCannotRun);
}

}  // namespace dangjian::server
