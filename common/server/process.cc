#include "common/server/process.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/change/change_service.h"
#include "common/change/directory.h"
#include "common/change/directory_feed.h"
#include "common/change/directory_resolver.h"
#include "common/change/directory_writer.h"
#include "common/obs/log.h"
#include "common/obs/metrics.h"
#include "common/report/measure_service.h"
#include "common/rpc/client.h"
#include "common/rpc/client_channel.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/executor.h"
#include "common/rpc/health_service.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/reflection_service.h"
#include "common/rpc/replica_age.h"
#include "common/server/call_recorder.h"
#include "common/server/drift_watch.h"
#include "common/server/identity.h"
#include "common/server/listener.h"
#include "common/server/self_check.h"
#include "common/server/store_service.h"
#include "common/server/upkeep.h"
#include "common/server/version.h"
#include "common/storage/rocksdb_kv_store.h"
#include "dangjian/measure/v1/measure_service.pb.h"
#include "grpc/grpc.h"

namespace dangjian::server {
namespace {

// How long calls in flight may take to end once no new ones are taken.
constexpr std::chrono::seconds kGrace{30};
constexpr size_t kPoolQueue = 1024;
constexpr int kStoreBroken = 3;  // exit status

const google::protobuf::ServiceDescriptor& MeasureDescriptor() {
  return *measure::v1::QueryMeasuresRequest::descriptor()->file()->FindServiceByName("MeasureService");
}

// `dangjian-registry` → `registry`.
std::string ServiceOf(const ProcessSpec& spec) {
  return std::string(absl::StripPrefix(ToAbsl(spec.options.name), "dangjian-"));
}

obs::Logger::Options LogOptions(const ProcessSpec& spec, const ServerOptions& options) {
  return {.service = std::string(spec.options.name),
          .version = std::string(Version()),
          .level = obs::ParseLogLevel(options.log_level).value_or(obs::LogLevel::kInfo),
          .sample_successes = options.log_sample};
}

// Half of the descriptors are for connections, of which no peer address gets more than half; the rest is for the store.
Acceptor::Limits ConnectionLimits(const ServerOptions& options) {
  constexpr size_t kMost = 4096;
  const size_t possible = std::min(RaiseDescriptorLimit() / 2, kMost);
  const size_t wanted = static_cast<size_t>(options.max_connections);
  const size_t connections = wanted == 0 ? possible : std::min(wanted, possible);
  return {.connections = connections, .of_address = std::max<size_t>(connections / 2, 1)};
}

}  // namespace

// What lives in a process that has a store.
struct StoreParts {
  StoreParts(std::unique_ptr<storage::RocksDbKvStore> store, std::string service, const std::string& data,
             const Clock& clock, obs::Metrics& metrics, rpc::PageTokens& tokens, obs::Logger& logger,
             const rpc::ReplicaAge* directory_age)
      : kv(std::move(store)),
        copies(*kv, std::move(service), data),
        database(*kv, clock),
        measures(database, tokens, directory_age),
        changes(database, metrics),
        drift(database, metrics, logger) {}

  std::unique_ptr<storage::RocksDbKvStore> kv;
  StoreService copies;
  storage::Database database;
  report::MeasureService measures;
  change::ChangeService changes;
  DriftWatch drift;
};

// What lives in a process that keeps a directory.
struct DirectoryParts {
  DirectoryParts(storage::Database& database, const std::string& registry_address, const Identity& identity,
                 std::string_view name, rpc::ReplicaAge& age, obs::Metrics& metrics, obs::Logger& logger)
      : directory(database),
        registry(rpc::ClientChannel::MakeWatched(registry_address, "registry", {}, identity.ToCall("registry"))),
        client(registry),
        writer(database, directory),
        resolver(database, writer, client, metrics),
        feed(writer, client, age, metrics, logger, {.caller = std::string(name)}) {
    resolver.set_catch_up([this](std::chrono::microseconds timeout) { return feed.CatchUp(timeout); });
  }

  change::Directory directory;
  std::shared_ptr<rpc::ClientChannel> registry;
  rpc::Client client;
  change::DirectoryWriter writer;
  change::DirectoryResolver resolver;
  change::DirectoryFeed feed;
};

// In the order in which they are made; destroyed in reverse.
struct Process::Parts {
  Parts(const ProcessSpec& spec_in, const ServerOptions& options_in, const Clock& clock_in)
      : spec(spec_in),
        options(options_in),
        clock(clock_in),
        logger(clock, LogOptions(spec, options)),
        metrics(Version()),
        directory_age(std::chrono::milliseconds(static_cast<int64_t>(options.directory_max_age * 1000))),
        tokens(clock),
        pool(static_cast<size_t>(options.pool_threads), kPoolQueue) {}
  ~Parts() { Stop(); }

  absl::Status OpenStore();
  absl::Status AddMethods();
  absl::Status RegisterServices();
  absl::Status MakeDispatcher();
  void AddMetrics();
  std::vector<ReadyCheck> Readiness() const;
  // The store's last word: only a restart can tell what was committed.
  [[noreturn]] void EndProcess(std::string_view reason) const;
  // Ends what runs; nothing is in flight afterwards. Harmless when it was called before.
  void Stop();

  const ProcessSpec& spec;
  const ServerOptions options;
  const Clock& clock;
  obs::Logger logger;
  obs::Metrics metrics;
  std::unique_ptr<Identity> identity;
  rpc::ReplicaAge directory_age;  // of the directory, if there is one
  std::unique_ptr<StoreParts> store;
  rpc::PageTokens tokens;
  std::unique_ptr<DirectoryParts> directory;
  rpc::MethodTable methods;
  rpc::Router router{methods};
  std::unique_ptr<CallRecorder> recorder;
  std::unique_ptr<rpc::HealthService> health;
  std::unique_ptr<Module> module;
  std::unique_ptr<rpc::ReflectionService> reflection;
  rpc::Executor pool;
  std::unique_ptr<rpc::Dispatcher> dispatcher;
  Listener listener;
  std::unique_ptr<SelfCheck> self_check;
  std::unique_ptr<Upkeep> upkeep;

  Mutex mutex;
  CondVar changed;
  bool hurried ABSL_GUARDED_BY(mutex) = false;
  std::atomic<bool> draining{false};
  bool stopped = false;
};

absl::Status Process::Parts::OpenStore() {
  if (!spec.options.has_store) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<storage::RocksDbKvStore>> kv = storage::RocksDbKvStore::Open(
      options.data, {.service = ServiceOf(spec),
                     .block_cache_bytes = static_cast<size_t>(options.block_cache_mb) << 20,
                     .queue_limit = static_cast<size_t>(options.queue),
                     .log =
                         [this](std::string_view line) {
                           logger.Warning(line, {{"library", "rocksdb"}});
                         },
                     .fatal = [this](std::string_view reason) { EndProcess(reason); }});
  if (absl::IsNotFound(kv.status())) {
    return absl::NotFoundError(absl::StrCat("there is no store in ", options.data, ": run `", ToAbsl(spec.options.name),
                                            " init --data ", options.data, "`, or check that the volume is mounted"));
  }
  RETURN_IF_ERROR(kv.status());
  store = std::make_unique<StoreParts>(*std::move(kv), ServiceOf(spec), options.data, clock, metrics, tokens, logger,
                                       spec.options.uses_directory ? &directory_age : nullptr);
  if (spec.options.uses_directory) {
    directory = std::make_unique<DirectoryParts>(store->database, options.registry_address, *identity,
                                                 spec.options.name, directory_age, metrics, logger);
  }
  return absl::OkStatus();
}

absl::Status Process::Parts::AddMethods() {
  for (const auto* service : module->Services()) RETURN_IF_ERROR(methods.AddService(*service));
  if (store != nullptr) {
    RETURN_IF_ERROR(methods.AddService(MeasureDescriptor()));
    RETURN_IF_ERROR(methods.AddService(change::ChangeService::Descriptor()));
    RETURN_IF_ERROR(methods.AddService(StoreService::Descriptor()));
  }
  RETURN_IF_ERROR(methods.AddPublicService(rpc::HealthService::Descriptor()));
  for (const auto* service : rpc::ReflectionService::Descriptors()) {
    RETURN_IF_ERROR(methods.AddPublicService(*service));
  }
  for (const auto* service : module->ForwardedServices()) RETURN_IF_ERROR(methods.AddForwardedService(*service));
  recorder = std::make_unique<CallRecorder>(methods, metrics, logger);
  return absl::OkStatus();
}

absl::Status Process::Parts::RegisterServices() {
  ModuleContext context{.database = store == nullptr ? nullptr : &store->database,
                        .directory = directory == nullptr ? nullptr : &directory->directory,
                        .router = router,
                        .page_tokens = tokens,
                        .clock = clock,
                        .metrics = metrics,
                        .forwarded_methods = &methods,
                        .forwarded_observer = recorder.get(),
                        .max_forwarded = options.queue,
                        .verifier = &identity->verifier(),
                        .to_call = [this](std::string_view service) { return identity->ToCall(service); }};
  RETURN_IF_ERROR(module->Register(context));
  if (store != nullptr) {
    store->measures.Register(router);
    store->changes.Register(router);
    store->copies.Register(router);
    RETURN_IF_ERROR(store->database.Open());
  }
  health = std::make_unique<rpc::HealthService>(methods.Services());
  health->Register(router);
  module->ReportTo(*health);
  reflection = std::make_unique<rpc::ReflectionService>(methods.Services());
  reflection->Register(router);
  return absl::OkStatus();
}

absl::Status Process::Parts::MakeDispatcher() {
  ASSIGN_OR_RETURN(dispatcher,
                   rpc::Dispatcher::Create({.router = router,
                                            .verifier = identity->verifier(),
                                            .clock = clock,
                                            .executor = pool,
                                            .database = store == nullptr ? nullptr : &store->database,
                                            .observer = recorder.get(),
                                            .resolver = directory == nullptr ? nullptr : &directory->resolver,
                                            .passthrough = module->passthrough(),
                                            .max_in_flight = options.queue}));
  return absl::OkStatus();
}

void Process::Parts::AddMetrics() {
  using Kind = obs::Metrics::Kind;
  const auto add = [this](Kind kind, std::string_view name, std::string_view help, std::function<double()> read) {
    metrics.AddCallback(kind, name, help,
                        [read = std::move(read)] { return std::vector<obs::Sample>{{.value = read()}}; });
  };
  add(Kind::kCounter, "dangjian_log_lines_dropped_total", "Log lines lost because the queue was full.",
      [this] { return static_cast<double>(logger.dropped()); });
  add(Kind::kGauge, "dangjian_calls_in_flight", "Admitted calls that have not ended.",
      [this] { return static_cast<double>(dispatcher->in_flight().load()); });
  add(Kind::kGauge, "dangjian_pool_tasks", "Reads that run or wait in the pool.",
      [this] { return static_cast<double>(pool.load()); });
  add(Kind::kGauge, "dangjian_connections", "Connections to the gRPC listeners that are open.",
      [this] { return static_cast<double>(listener.acceptor->open()); });
  add(Kind::kGauge, "dangjian_connections_limit", "Connections that may be open at once.",
      [this] { return static_cast<double>(listener.acceptor->limits().connections); });
  metrics.AddCallback(
      Kind::kCounter, "dangjian_connections_refused_total",
      "Connections that were closed at once, by reason: too many altogether, too many from one address, "
      "no descriptor left.",
      [this] {
        const auto refused = [this](Acceptor::Refusal why, const char* reason) {
          return obs::Sample{.value = static_cast<double>(listener.acceptor->refused(why)),
                             .labels = {{"reason", reason}}};
        };
        return std::vector<obs::Sample>{refused(Acceptor::kLimit, "limit"), refused(Acceptor::kAddress, "address"),
                                        refused(Acceptor::kDescriptors, "descriptors")};
      });
  add(Kind::kGauge, "dangjian_draining", "1 while the process drains.", [this] { return draining.load() ? 1.0 : 0.0; });
  if (directory != nullptr) {
    add(Kind::kGauge, "dangjian_registry_up", "1 while the registry answers; otherwise calls to it fail at once.",
        [this] { return directory->registry->peer()->state() == rpc::PeerWatch::State::kAway ? 0.0 : 1.0; });
  }
  identity->AddMetrics(metrics);
  if (store != nullptr) {
    metrics.AddSource("dangjian_", "A figure of the store: see docs/storage_format.md.",
                      [kv = store->kv.get()] { return kv->Stats(); });
  }
}

std::vector<ReadyCheck> Process::Parts::Readiness() const {
  std::vector<ReadyCheck> checks;
  checks.push_back({"serving", draining ? absl::UnavailableError("the process drains") : absl::OkStatus()});
  checks.push_back({"grpc", self_check->Status()});
  if (store != nullptr) {
    checks.push_back({"store", store->kv->CheckWritable()});
  }
  if (directory != nullptr) checks.push_back({"directory", directory->feed.Ready()});
  return checks;
}

void Process::Parts::EndProcess(std::string_view reason) const {
  {
    // A logger of its own, whose end waits until the line is written: what the other one has queued is lost.
    obs::Logger last(clock, LogOptions(spec, options));
    last.Error("the process ends: start it again", {{"reason", reason}});
  }
  std::_Exit(kStoreBroken);
}

void Process::Parts::Stop() {
  if (std::exchange(stopped, true)) return;
  if (store != nullptr) store->drift.Stop();
  if (store != nullptr) store->changes.Shutdown();
  if (health != nullptr) health->Shutdown();
  if (listener.acceptor != nullptr) listener.acceptor->Stop();
  if (listener.server != nullptr) {
    bool at_once = false;
    {
      MutexLock lock(mutex);
      at_once = hurried;
    }
    listener.server->Shutdown(std::chrono::system_clock::now() + (at_once ? std::chrono::seconds(0) : kGrace));
  }
  if (directory != nullptr) directory->feed.Stop();
}

Process::Process(std::unique_ptr<Parts> parts, std::vector<std::string> listening)
    : parts_(std::move(parts)), listening_(std::move(listening)) {}

Process::~Process() {
  admin_.reset();
  if (!parts_->draining) Hurry();
}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const ProcessSpec& spec, const ServerOptions& options,
                                                        const Clock& clock) {
  RaiseDescriptorLimit();  // before the store opens its files
  auto parts = std::make_unique<Parts>(spec, options, clock);
  parts->logger.CaptureLibraryLogs();
  parts->module = spec.make_module(options);
  ASSIGN_OR_RETURN(parts->identity, Identity::Make(options, clock, parts->logger));
  RETURN_IF_ERROR(parts->OpenStore());
  RETURN_IF_ERROR(parts->AddMethods());
  RETURN_IF_ERROR(parts->RegisterServices());
  RETURN_IF_ERROR(parts->MakeDispatcher());
  parts->AddMetrics();
  ASSIGN_OR_RETURN(parts->listener, Listen(*parts->dispatcher, options.listen, ConnectionLimits(options),
                                           parts->identity->ForListeners()));
  std::vector<std::string> listening = parts->listener.acceptor->addresses();
  parts->self_check = std::make_unique<SelfCheck>(listening.front(), parts->identity->ToCallOneself());
  Parts* all = parts.get();
  all->upkeep = std::make_unique<Upkeep>(std::vector<std::function<void()>>{
      [all] { all->logger.TellWhatWasLeftOut(); }, [all] { all->identity->Look(); }, MemoryReturn()});
  std::unique_ptr<Process> process(new Process(std::move(parts), std::move(listening)));
  ASSIGN_OR_RETURN(process->admin_,
                   AdminHttp::Start(options.admin_listen, {.metrics = [all] { return all->metrics.Expose(); },
                                                           .readiness = [all] { return all->Readiness(); },
                                                           .name = std::string(spec.options.name),
                                                           .version = std::string(Version())}));
  if (all->directory != nullptr) all->directory->feed.Start();
  if (all->store != nullptr && options.reconcile_minutes > 0) {
    all->store->drift.Start(std::chrono::minutes(options.reconcile_minutes));
  }
  all->health->SetServing(true);
  all->logger.Info("serving", {{"listen", absl::StrJoin(process->listening_, ",")},
                               {"admin", process->admin_address()},
                               {"revision", all->store == nullptr ? 0 : all->store->kv->LastRevision()}});
  return process;
}

void Process::Drain() {
  parts_->draining = true;
  parts_->health->SetServing(false);
  parts_->logger.Info("draining", {{"seconds", parts_->options.drain_seconds}});
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                          std::chrono::duration<double>(parts_->options.drain_seconds));
  {
    MutexLock lock(parts_->mutex);
    while (!parts_->hurried) {
      const auto rest = end - std::chrono::steady_clock::now();
      if (rest <= std::chrono::steady_clock::duration::zero()) break;
      parts_->changed.WaitFor(parts_->mutex, rest);
    }
  }
  parts_->Stop();
  parts_->logger.Info("drained");
}

void Process::Hurry() {
  {
    MutexLock lock(parts_->mutex);
    parts_->hurried = true;
  }
  parts_->changed.NotifyAll();
  // The public way, Shutdown with a deadline, cannot be told later that it is to be earlier.
  grpc_server_cancel_all_calls(parts_->listener.server->c_server());
}

absl::Status InitStore(const ProcessSpec& spec, const ServerOptions& options) {
  const absl::Status status = storage::RocksDbKvStore::Init(options.data, ServiceOf(spec));
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(absl::StrCat("there is a store in ", options.data, " already: nothing was changed"));
}

absl::Status WritePortsFile(const std::string& path, const Process& process) {
  std::string lines;
  for (const std::string& address : process.listening()) absl::StrAppend(&lines, "listen ", address, "\n");
  absl::StrAppend(&lines, "admin ", process.admin_address(), "\n");
  // A reader finds the whole file or none.
  const std::string unfinished = path + ".new";
  std::FILE* file = std::fopen(unfinished.c_str(), "w");
  bool written = file != nullptr && std::fwrite(lines.data(), 1, lines.size(), file) == lines.size();
  if (file != nullptr) written = std::fclose(file) == 0 && written;
  if (written && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write --ports-file ", path, ": check that its folder exists"));
}

}  // namespace dangjian::server
