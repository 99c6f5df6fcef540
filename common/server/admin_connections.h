#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "common/base/mutex.h"

namespace dangjian::server {

// The open connections of the admin port, each of which serves one request. Internal to AdminHttp. Thread-safe.
class AdminConnections {
 public:
  // A connection is about to be served. Closes the oldest of its address, or of all, when there are too many.
  void Enter(int socket, const std::string& address);
  // Its request is here whole.
  void NoteRequest(int socket);
  // It is about to be closed: its number may mean something else from now on.
  void Leave(int socket);
  // Closes those that have taken too long to ask or to take their answers.
  void CloseLate();

 private:
  struct Connection {
    std::string address;
    int64_t since_micros;  // on the steady clock
    bool asked = false;
    bool closing = false;  // it does not count any more
  };
  using Connections = absl::flat_hash_map<int, Connection>;
  // Closes the oldest one when `limit` of them are open; of one address unless it is nullptr.
  void MakeRoom(const std::string* address, size_t limit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void Close(Connections::value_type& connection);

  Mutex mutex_;
  Connections connections_ ABSL_GUARDED_BY(mutex_);  // by socket
};

}  // namespace dangjian::server
