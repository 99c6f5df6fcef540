#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/server/admin_http.h"
#include "common/server/server_main.h"
#include "common/server/server_options.h"

namespace dangjian::server {

// One service at work: store, tables, handlers, gRPC server, admin port. Main runs one; a test may run several.
// Thread-safe but for Start and the destructor.
class Process {
 public:
  // Opens the store and serves. `spec` and `clock` must outlive the process. Errors are for an operator: they say what
  // to do.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const ProcessSpec& spec, const ServerOptions& options,
                                                        const Clock& clock);
  // Drains without patience when Drain was not called.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Addresses as bound, in the order of --listen.
  const std::vector<std::string>& listening() const { return listening_; }
  const std::string& admin_address() const { return admin_->address(); }

  // Health and readiness say no; after --drain-seconds feeds end, no new call is taken and those in flight are
  // finished, for at most 30 seconds. Loses no call of a client that minds health. Blocks; called once.
  void Drain();
  // Makes a running or coming Drain end soon: calls in flight are cancelled.
  void Hurry();

 private:
  struct Parts;
  Process(std::unique_ptr<Parts> parts, std::vector<std::string> listening);

  std::unique_ptr<Parts> parts_;
  std::vector<std::string> listening_;
  std::unique_ptr<AdminHttp> admin_;  // after parts_: stopped before what it shows
};

// Creates the store of a process in options.data.
absl::Status InitStore(const ProcessSpec& spec, const ServerOptions& options);

// Writes the bound addresses as lines `listen <address>` and `admin <address>`, at once or not at all.
absl::Status WritePortsFile(const std::string& path, const Process& process);

}  // namespace dangjian::server
