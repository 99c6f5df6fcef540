#include "common/server/admin_connections.h"

#include <sys/socket.h>

#include "common/base/steady.h"

namespace dangjian::server {
namespace {

constexpr size_t kMost = 128;
constexpr size_t kMostOfAddress = 32;
constexpr int64_t kLongestRequestMicros = 5'000'000;
constexpr int64_t kLongestMicros = 30'000'000;

}  // namespace

void AdminConnections::Enter(int socket, const std::string& address) {
  MutexLock lock(mutex_);
  MakeRoom(&address, kMostOfAddress);
  MakeRoom(nullptr, kMost);
  connections_[socket] = {.address = address, .since_micros = SteadyMicros()};
}

void AdminConnections::NoteRequest(int socket) {
  MutexLock lock(mutex_);
  const auto connection = connections_.find(socket);
  if (connection != connections_.end()) connection->second.asked = true;
}

void AdminConnections::Leave(int socket) {
  MutexLock lock(mutex_);
  connections_.erase(socket);
}

void AdminConnections::CloseLate() {
  const int64_t now = SteadyMicros();
  MutexLock lock(mutex_);
  for (auto& connection : connections_) {
    const int64_t age = now - connection.second.since_micros;
    if (age > (connection.second.asked ? kLongestMicros : kLongestRequestMicros)) Close(connection);
  }
}

void AdminConnections::MakeRoom(const std::string* address, size_t limit) {
  size_t open = 0;
  Connections::value_type* oldest = nullptr;
  for (auto& connection : connections_) {
    if (connection.second.closing || (address != nullptr && connection.second.address != *address)) continue;
    ++open;
    if (oldest == nullptr || connection.second.since_micros < oldest->second.since_micros) oldest = &connection;
  }
  if (open >= limit) Close(*oldest);
}

// The server sees the end of the connection and closes it.
void AdminConnections::Close(Connections::value_type& connection) {
  connection.second.closing = true;
  ::shutdown(connection.first, SHUT_RDWR);
}

}  // namespace dangjian::server
