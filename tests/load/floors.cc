#include "tests/load/floors.h"

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/grpcpp.h"

namespace dangjian::load {

struct RawCommitter::Store {
  std::unique_ptr<rocksdb::DB> db;
};

RawCommitter::RawCommitter(const std::string& path, WriteShape shape) : store_(new Store), shape_(shape) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.error_if_exists = true;
  options.write_buffer_size = 16 << 20;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) {
    std::fprintf(stderr, "floor store: %s\n", status.ToString().c_str());
    std::exit(1);
  }
  store_->db.reset(db);
  thread_ = std::thread([this] { CommitLoop(); });
}

RawCommitter::~RawCommitter() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RawCommitter::Write(int64_t record, std::function<void(bool ok)> done) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    queue_.emplace_back(record, std::move(done));
  }
  wake_.notify_one();
}

void RawCommitter::CommitLoop() {
  std::mt19937_64 random(20240613);
  std::string value(static_cast<size_t>(shape_.value_bytes), '\0');
  rocksdb::WriteOptions synced;
  synced.sync = true;
  while (true) {
    std::vector<std::pair<int64_t, std::function<void(bool)>>> group;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      group.swap(queue_);
    }
    rocksdb::WriteBatch batch;
    for (const auto& [record, done] : group) {
      for (int entry = 0; entry < shape_.entries; ++entry) {
        for (char& byte : value) byte = static_cast<char>(random());
        char key[40];
        const int length = std::snprintf(key, sizeof(key), "%02d/p-%020lld", entry, static_cast<long long>(record));
        batch.Put(rocksdb::Slice(key, static_cast<size_t>(length)), value);
      }
    }
    const bool ok = store_->db->Write(synced, &batch).ok();
    for (const auto& [record, done] : group) done(ok);
  }
}

namespace {

// Reads one message, optionally waits for a durable write, sends the message back.
class EchoReactor final : public grpc::ServerGenericBidiReactor {
 public:
  EchoReactor(RawCommitter* committer, std::atomic<int64_t>& next) : committer_(committer), next_(next) {
    StartRead(&message_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
    if (committer_ == nullptr) return Answer(true);
    committer_->Write(next_.fetch_add(1), [this](bool written) { Answer(written); });
  }
  void OnDone() override { delete this; }

 private:
  void Answer(bool ok) {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "write failed"));
    StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK);
  }
  RawCommitter* committer_;
  std::atomic<int64_t>& next_;
  grpc::ByteBuffer message_;
};

class EchoService final : public grpc::CallbackGenericService {
 public:
  explicit EchoService(RawCommitter* committer) : committer_(committer) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new EchoReactor(committer_, next_);
  }

 private:
  RawCommitter* committer_;
  std::atomic<int64_t> next_{0};
};

}  // namespace

int ServeFloor(const std::string& port_file, const std::string& store_path, WriteShape shape) {
  std::unique_ptr<RawCommitter> committer;
  if (!store_path.empty()) committer = std::make_unique<RawCommitter>(store_path, shape);
  EchoService service(committer.get());
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  const std::string draft = port_file + ".new";
  std::ofstream(draft) << port << "\n";
  if (std::rename(draft.c_str(), port_file.c_str()) != 0) return 1;
  server->Wait();
  return 0;
}

int ReadPort(const std::string& port_file) {
  for (int attempt = 0; attempt < 600; ++attempt) {
    std::ifstream in(port_file);
    int port = 0;
    if (in >> port) return port;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::fprintf(stderr, "no port in %s\n", port_file.c_str());
  std::exit(1);
}

}  // namespace dangjian::load
