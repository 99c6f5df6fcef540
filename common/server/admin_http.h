#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dangjian::server {

// One condition of readiness.
struct ReadyCheck {
  std::string name;     // `store`
  absl::Status status;  // its message is shown to whoever asks: no engine text
};

// The operator's port: `/metrics` (Prometheus), `/livez` (200 while the process turns), `/readyz` (200 when every check
// is OK, else 503; `?verbose` lists them) and `/version` (JSON). HTTP/1.1 without TLS: keep it off public networks.
class AdminHttp {
 public:
  // Called on the port's own threads until the AdminHttp is destroyed.
  struct Sources {
    std::function<std::string()> metrics;
    std::function<std::vector<ReadyCheck>()> readiness;
    std::string name;     // `dangjian-registry`
    std::string version;  // `0.1.0`
  };
  // `address` is `host:port`; port 0 takes a free one. UNAVAILABLE naming the address when it cannot be bound.
  static absl::StatusOr<std::unique_ptr<AdminHttp>> Start(const std::string& address, Sources sources);
  ~AdminHttp();

  // `host:port` as bound.
  const std::string& address() const { return address_; }

 private:
  struct Server;
  AdminHttp(std::unique_ptr<Server> server, std::string address);

  std::unique_ptr<Server> server_;
  std::string address_;
};

}  // namespace dangjian::server
