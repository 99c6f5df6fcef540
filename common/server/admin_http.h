#pragma once

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
//
// One thread serves all connections as they become ready, so that none can hold up another; what takes its time is made
// on other threads: probes never wait for a page of metrics. A connection that has not sent its request after five
// seconds, or has not taken its answer after thirty, is closed. When there are too many, altogether or from one
// address, the oldest gives way to the newest: a probe always gets in.
class AdminHttp {
 public:
  // Called on the port's own threads until the AdminHttp is destroyed: `metrics` and `readiness` on one each.
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
  const std::string& address() const;

 private:
  class Server;
  explicit AdminHttp(std::unique_ptr<Server> server);

  std::unique_ptr<Server> server_;
};

}  // namespace dangjian::server
