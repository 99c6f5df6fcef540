#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/auth/verifier.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/rpc/client.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/health_service.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/reflection_service.h"
#include "common/rpc/testing/note.pb.h"
#include "common/storage/memory_kv_store.h"
#include "grpcpp/server.h"

namespace dangjian::rpc::testing {

// What an observer was told of one finished call.
struct SeenCall {
  std::string path;
  absl::Status status;
  std::string trace_id;
  std::string request_id;
  std::string subject;
  int64_t revision = 0;
  bool replayed = false;
  bool known_method = false;
};

// Remembers every call. Thread-safe.
class RecordingObserver final : public CallObserver {
 public:
  void Started(const MethodInfo* method) override;
  void MessageReceived(const MethodInfo& method) override;
  void MessageSent(const MethodInfo& method) override;
  void Finished(const CallOutcome& outcome) override;

  int started() const;
  int received() const;
  int sent() const;
  std::vector<SeenCall> finished() const;
  // Waits until `count` calls have finished: a caller may have its answer a moment before.
  std::vector<SeenCall> WaitForFinished(size_t count) const;

 private:
  mutable Mutex mutex_;
  mutable CondVar changed_;
  int started_ ABSL_GUARDED_BY(mutex_) = 0;
  int received_ ABSL_GUARDED_BY(mutex_) = 0;
  int sent_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<SeenCall> finished_ ABSL_GUARDED_BY(mutex_);
};

// A latch that opens once. Thread-safe.
class Latch {
 public:
  void Open();
  void Wait();

 private:
  Mutex mutex_;
  CondVar changed_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
};

// A real server of NoteService on a loopback port, over a store in memory that survives Restart.
class NoteServer {
 public:
  struct Options {
    size_t pool_threads = 2;
    size_t pool_queue = 16;
    int32_t max_in_flight = 100;
    int64_t longest_wait_micros = 10'000'000;  // a machine under load is no overload
    StreamLimits streams = {};
    size_t store_queue = 4096;
    const auth::Verifier* verifier = nullptr;  // nullptr: the development verifier
    ReferenceResolver* resolver = nullptr;
    Passthrough* passthrough = nullptr;
  };
  using Probe = std::function<absl::StatusOr<ProbeNotesResponse>(CallContext&, const ProbeNotesRequest&)>;

  NoteServer() : NoteServer(Options()) {}
  explicit NoteServer(const Options& options);
  ~NoteServer();

  // Everything but the store anew, on another port: as after a restart of the process.
  void Restart();
  // Ends the server; the store stays.
  void Stop();

  Client& client() { return *client_; }
  const std::string& target() const { return target_; }
  storage::Database& database() { return *database_; }
  storage::MemoryKvStore& store() { return *store_; }
  FakeClock& clock() { return clock_; }
  RecordingObserver& observer() { return observer_; }
  HealthService& health() { return *health_; }
  Executor& executor() { return *executor_; }
  // How often a ProbeNotes or FlashNotes handler has started.
  int handled() const { return handled_; }

  // What ProbeNotes does.
  void set_probe(Probe probe) { probe_ = std::move(probe); }
  // What is done before the transaction of DeleteNote, whose handler keeps it in deleted_as().
  using Preparation = std::function<absl::StatusOr<std::string>(CallContext&, const DeleteNoteRequest&)>;
  void set_preparation(Preparation preparation) { preparation_ = std::move(preparation); }
  const std::string& deleted_as() const { return deleted_as_; }
  // Told how each StreamNotes or HurryNotes handler ended.
  void set_stream_ended(std::function<void(absl::Status)> ended) { stream_ended_ = std::move(ended); }
  // Stores `people/<id>`.
  void AddPerson(const std::string& id);

  absl::StatusOr<ProbeNotesResponse> ProbeNotes(CallContext& context, const ProbeNotesRequest& request);
  absl::StatusOr<std::string> PrepareDeletion(CallContext& context, const DeleteNoteRequest& request);
  absl::StatusOr<FlashNotesResponse> FlashNotes(CallContext& context, const FlashNotesRequest& request);
  absl::Status StreamNotes(CallContext& context, const StreamNotesRequest& request, StreamWriter<Note>& writer);
  absl::StatusOr<ImportNotesResponse> ImportNotes(CallContext& context, StreamReader<ImportNotesRequest>& reader);
  absl::Status HurryNotes(CallContext& context, const HurryNotesRequest& request, StreamWriter<Note>& writer);
  absl::StatusOr<CountNotesResponse> CountNotes(CallContext& context, StreamReader<CountNotesRequest>& reader);

 private:
  void Start();
  void RegisterHandlers();

  const Options options_;
  FakeClock clock_;
  std::unique_ptr<storage::MemoryKvStore> store_;
  std::unique_ptr<storage::Database> database_;
  const storage::Table<Note>* notes_;
  const storage::Table<Person>* people_;
  const std::unique_ptr<auth::Verifier> development_verifier_;
  RecordingObserver observer_;
  Probe probe_;
  Preparation preparation_;
  std::string deleted_as_;  // what the last DeleteNote was given by its preparation
  std::atomic<int> handled_ = 0;
  std::function<void(absl::Status)> stream_ended_;

  std::unique_ptr<MethodTable> methods_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<PageTokens> tokens_;
  std::unique_ptr<HealthService> health_;
  std::unique_ptr<ReflectionService> reflection_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
  std::string target_;
  std::unique_ptr<Client> client_;
};

// A note that every rule accepts, by `people/lin`.
CreateNoteRequest ValidNote(const std::string& id);

}  // namespace dangjian::rpc::testing
