#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/load/closed_loop.h"

// What the machine gives when nothing of ours stands between: the denominators of every ratio.

namespace dangjian::load {

// The bytes that one durable write puts into the store.
struct WriteShape {
  int entries = 0;
  int value_bytes = 0;  // of each entry
};

// A bare RocksDB under one committing thread that writes what is queued as one synced batch.
class RawCommitter {
 public:
  // Creates the store in `path`, which must not hold one.
  RawCommitter(const std::string& path, WriteShape shape);
  ~RawCommitter();
  // Queues one record; `done` is called after the sync.
  void Write(int64_t record, std::function<void(bool ok)> done);

 private:
  struct Store;
  void CommitLoop();

  std::unique_ptr<Store> store_;
  WriteShape shape_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::pair<int64_t, std::function<void(bool)>>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

// Serves any unary method by sending the request back; with a committer, after one durable write. Prints its port into
// `port_file` and runs until the process is killed.
int ServeFloor(const std::string& port_file, const std::string& store_path, WriteShape shape);

// The port that a floor server wrote; waits until it is there.
int ReadPort(const std::string& port_file);

}  // namespace dangjian::load
