#include "common/server/admin_http.h"

#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/obs/json_text.h"
#include "common/server/acceptor.h"
#include "common/server/admin_connections.h"

namespace dangjian::server {
namespace {

// No limit of the library's own comes before those of AdminConnections, whose closed connections take a moment to go.
constexpr unsigned int kHardLimit = 1024;
constexpr unsigned int kIdleSeconds = 10;
constexpr size_t kMemoryOfConnection = 8 << 10;  // for the request line and the headers

constexpr char kText[] = "text/plain; charset=utf-8";

struct Answer {
  unsigned int status;
  const char* content_type;
  std::string body;
};

Answer Readiness(const std::vector<ReadyCheck>& checks, bool verbose) {
  bool ready = true;
  std::string body;
  for (const ReadyCheck& check : checks) {
    const bool ok = check.status.ok();
    ready = ready && ok;
    if (ok && !verbose) continue;
    absl::StrAppend(&body, ok ? "[+] " : "[-] ", check.name, ok ? "" : ": ", check.status.message(), "\n");
  }
  absl::StrAppend(&body, ready ? "ready\n" : "not ready\n");
  return {ready ? 200U : 503U, kText, std::move(body)};
}

std::string VersionJson(const std::string& name, const std::string& version) {
  std::string json = "{\"name\":";
  obs::AppendJsonText(json, name);
  json += ",\"version\":";
  obs::AppendJsonText(json, version);
  json += "}\n";
  return json;
}

// One request while its answer is made elsewhere. Goes when its connection does, which may be as soon as that goes on.
struct Request {
  std::unique_ptr<Answer> answer;  // once it is made
};

// Makes the answers of one path on a thread of its own, all that wait for one at once.
class Maker {
 public:
  using Make = std::function<Answer(bool verbose)>;

  explicit Maker(Make make) : make_(std::move(make)), thread_([this] { Run(); }) {}

  // The connection rests until its answer is there; the library then asks for it again. False when the end has come.
  bool Submit(MHD_Connection* connection, Request& request, bool verbose) {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    MHD_suspend_connection(connection);
    waiting_.push_back({connection, &request, verbose});
    filled_.NotifyOne();
    return true;
  }

  // Every connection that rests goes on, and none rests any more.
  void Stop() {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
      filled_.NotifyOne();
    }
    thread_.join();
  }

 private:
  struct Resting {
    MHD_Connection* connection;
    Request* request;
    bool verbose;
  };

  void Run() {
    while (true) {
      std::vector<Resting> taken;
      bool stopping = false;
      {
        MutexLock lock(mutex_);
        while (waiting_.empty() && !stopping_) filled_.Wait(mutex_);
        taken.swap(waiting_);
        stopping = stopping_;
      }
      for (const bool verbose : {false, true}) Serve(taken, verbose);
      if (stopping) return;
    }
  }

  void Serve(const std::vector<Resting>& all, bool verbose) {
    std::unique_ptr<Answer> made;
    for (const Resting& resting : all) {
      if (resting.verbose != verbose) continue;
      if (made == nullptr) made = std::make_unique<Answer>(make_(verbose));
      resting.request->answer = std::make_unique<Answer>(*made);
      MHD_resume_connection(resting.connection);
    }
  }

  const Make make_;
  Mutex mutex_;
  CondVar filled_;
  std::vector<Resting> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

MHD_Result Send(MHD_Connection* connection, const Answer& answer) {
  MHD_Response* response =
      MHD_create_response_from_buffer(answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  MHD_add_response_header(response, "Content-Type", answer.content_type);
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "Connection", "close");
  const MHD_Result result = MHD_queue_response(connection, answer.status, response);
  MHD_destroy_response(response);
  return result;
}

int SocketOf(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

}  // namespace

class AdminHttp::Server {
 public:
  Server(std::unique_ptr<Acceptor> acceptor, Sources sources)
      : acceptor_(std::move(acceptor)),
        version_(VersionJson(sources.name, sources.version)),
        metrics_([read = std::move(sources.metrics)](bool) {
          return Answer{200, "text/plain; version=0.0.4; charset=utf-8", read()};
        }),
        readiness_([read = std::move(sources.readiness)](bool verbose) { return Readiness(read(), verbose); }) {}

  // False when the system has nothing left to start with.
  bool Start() {
    daemon_ = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0,
                               nullptr, nullptr, &Server::OnRequest, this, MHD_OPTION_CONNECTION_LIMIT, kHardLimit,
                               MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                               kMemoryOfConnection, MHD_OPTION_NOTIFY_CONNECTION, &Server::OnConnection, this,
                               MHD_OPTION_NOTIFY_COMPLETED, &Server::OnCompleted, this, MHD_OPTION_END);
    if (daemon_ == nullptr) return false;
    acceptor_->Start([this](const Acceptor::Connection& connection) { Take(connection); },
                     [this] { connections_.CloseLate(); });
    return true;
  }

  ~Server() {
    acceptor_->Stop();
    metrics_.Stop();
    readiness_.Stop();
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  const std::string& address() const { return acceptor_->addresses().front(); }

 private:
  void Take(const Acceptor::Connection& connection) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    auto* name = reinterpret_cast<sockaddr*>(&peer);
    connections_.Enter(connection.socket, connection.address);
    // The library closes what it cannot take, and says nothing of it.
    const bool taken = ::getpeername(connection.socket, name, &size) == 0 &&
                       MHD_add_connection(daemon_, connection.socket, name, size) == MHD_YES;
    if (!taken) connections_.Leave(connection.socket);
  }

  static void OnConnection(void* self, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) static_cast<Server*>(self)->connections_.Leave(SocketOf(connection));
  }

  static void OnCompleted(void*, MHD_Connection*, void** request, MHD_RequestTerminationCode) {
    delete static_cast<Request*>(*request);
    *request = nullptr;
  }

  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url, const char* method, const char*,
                              const char*, size_t*, void** request) {
    return static_cast<Server*>(self)->Serve(connection, url, method, request);
  }

  // Called when the headers are here, and again when an answer that was made elsewhere is.
  MHD_Result Serve(MHD_Connection* connection, std::string_view path, std::string_view method, void** request) {
    if (*request != nullptr) {
      const auto& resting = *static_cast<Request*>(*request);
      return resting.answer == nullptr ? MHD_NO : Send(connection, *resting.answer);
    }
    connections_.NoteRequest(SocketOf(connection));
    if (method != "GET" && method != "HEAD") return Send(connection, {405, kText, "only GET and HEAD\n"});
    if (path == "/livez") return Send(connection, {200, kText, "ok\n"});
    if (path == "/version") return Send(connection, {200, "application/json", version_});
    Maker* maker = path == "/metrics" ? &metrics_ : path == "/readyz" ? &readiness_ : nullptr;
    if (maker == nullptr) return Send(connection, {404, kText, "no such page\n"});
    const bool verbose =
        MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND, "verbose", 7, nullptr, nullptr) == MHD_YES;
    auto resting = std::make_unique<Request>();
    if (!maker->Submit(connection, *resting, verbose)) return Send(connection, {503, kText, "the process ends\n"});
    *request = resting.release();
    return MHD_YES;
  }

  const std::unique_ptr<Acceptor> acceptor_;
  const std::string version_;
  AdminConnections connections_;
  Maker metrics_;
  Maker readiness_;
  MHD_Daemon* daemon_ = nullptr;
};

AdminHttp::AdminHttp(std::unique_ptr<Server> server) : server_(std::move(server)) {}

AdminHttp::~AdminHttp() = default;

const std::string& AdminHttp::address() const { return server_->address(); }

absl::StatusOr<std::unique_ptr<AdminHttp>> AdminHttp::Start(const std::string& address, Sources sources) {
  constexpr size_t kUnlimited = kHardLimit;  // the caps are those of AdminConnections
  ASSIGN_OR_RETURN(auto acceptor, Acceptor::Bind({address}, {.connections = kUnlimited, .of_address = kUnlimited}));
  auto server = std::make_unique<Server>(std::move(acceptor), std::move(sources));
  if (!server->Start()) return absl::UnavailableError(absl::StrCat("cannot serve HTTP on ", address));
  return std::unique_ptr<AdminHttp>(new AdminHttp(std::move(server)));
}

}  // namespace dangjian::server
