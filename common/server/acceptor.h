#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"

namespace dangjian::server {

// Listens and accepts for a server that gets its connections handed over, so that it can be reached whatever happens:
// connections are counted and capped, altogether and for each peer address, and a process without descriptors refuses
// those that come instead of leaving them waiting or ceasing to listen. Connections over the caps are closed at once.
// Thread-safe but for Start and Stop.
class Acceptor {
 public:
  struct Limits {
    size_t connections = 4096;
    size_t of_address = 2048;  // peers over a unix socket have no address and only the first cap
  };
  // Binds every address: `host:port` (port 0 takes a free one; all addresses that a name stands for) or `unix:path`,
  // whose file is made anew. A port or socket on which somebody listens is never shared: UNAVAILABLE naming the
  // address. Peers can connect from now on, and wait until Start.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Bind(const std::vector<std::string>& addresses,
                                                        const Limits& limits);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // As bound, in the order asked for.
  const std::vector<std::string>& addresses() const { return addresses_; }

  // A connection: non-blocking, not inherited by other programs. The receiver closes it.
  struct Connection {
    int listener;
    int socket;
    std::string address;  // `127.0.0.1`, without the port; empty for a unix socket
  };
  // Hands each connection to `take`, on a thread of the acceptor. `tick` runs there about once a second.
  void Start(std::function<void(const Connection&)> take, std::function<void()> tick = {});
  // Ends listening; nothing is handed over afterwards. May be called twice.
  void Stop();

  // Connections that were handed over and are still open.
  size_t open();
  const Limits& limits() const { return limits_; }
  enum Refusal { kLimit, kAddress, kDescriptors, kRefusals };
  // Connections that were closed because of a cap, or because no descriptor was left.
  int64_t refused(Refusal why) const { return refused_[why].load(); }

 private:
  // A socket that was handed over. Its number may stand for another file by now: the inode tells.
  struct Handed {
    int socket;
    dev_t device;
    ino_t inode;
    std::string address;
  };

  explicit Acceptor(const Limits& limits);
  absl::Status BindTcp(const std::string& address, std::string* bound);
  absl::Status BindUnix(const std::string& address);
  void Run();
  // Takes all connections that wait on a listener.
  void AcceptFrom(int listener);
  void Admit(int listener, int socket, std::string address);
  void Refuse(int socket, Refusal why);
  // Closes one connection although no descriptor is left; false when there was none.
  bool RefuseWithoutDescriptor(int listener);
  // Forgets connections that have been closed.
  void Sweep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  std::vector<std::string> addresses_;
  std::vector<int> listeners_;
  std::vector<std::string> socket_files_;
  int wake_ = -1;   // an eventfd
  int spare_ = -1;  // a descriptor to give up when there is no other
  std::function<void(const Connection&)> take_;
  std::function<void()> tick_;
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> refused_[kRefusals] = {};

  Mutex mutex_;
  std::vector<Handed> handed_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, size_t> of_address_ ABSL_GUARDED_BY(mutex_);
  int64_t swept_micros_ ABSL_GUARDED_BY(mutex_) = 0;

  std::thread thread_;
};

// Raises the process's limit of open files as far as it may and returns it.
size_t RaiseDescriptorLimit();

}  // namespace dangjian::server
