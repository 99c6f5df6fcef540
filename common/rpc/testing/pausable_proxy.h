#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace dangjian::rpc::testing {

// A TCP proxy on loopback before a server, for peers that hang: while it is paused it keeps every connection and passes
// nothing on, as a stopped process does.
class PausableProxy {
 public:
  // `target` is `127.0.0.1:<port>`.
  explicit PausableProxy(const std::string& target);
  ~PausableProxy();
  PausableProxy(const PausableProxy&) = delete;
  PausableProxy& operator=(const PausableProxy&) = delete;

  const std::string& target() const { return own_target_; }
  void Pause() { paused_ = true; }
  void Resume() { paused_ = false; }

 private:
  void Run();
  void Accept();

  const int server_port_;
  int listener_ = -1;
  std::string own_target_;
  std::atomic<bool> paused_{false};
  std::atomic<bool> stopping_{false};
  std::vector<std::pair<int, int>> flows_;  // from → to; of the thread alone
  std::thread thread_;
};

}  // namespace dangjian::rpc::testing
