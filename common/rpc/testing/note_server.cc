#include "common/rpc/testing/note_server.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/server_transport.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "google/protobuf/util/message_differencer.h"
#include "grpcpp/server_builder.h"

namespace dangjian::rpc::testing {
namespace {

constexpr uint16_t kNotes = 0xFE00;
constexpr uint16_t kNotesByAuthor = 0xFE01;
constexpr uint16_t kNotesByState = 0xFE02;
constexpr uint16_t kPeople = 0xFE03;
constexpr uint16_t kNotesByCode = 0xFE04;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "the test server cannot start: %s\n", status.ToString().c_str());
  std::abort();
}

storage::TableSchema<Note> NoteSchema() {
  return {
      .tag = kNotes,
      .collection = "notes",
      .indexes = {{.tag = kNotesByAuthor,
                   .name = "by_author",
                   .columns =
                       [](const Note& note, storage::KeyWriter& key) {
                         key.Text(note.author());
                         return true;
                       }},
                  {.tag = kNotesByCode,
                   .name = "code",
                   .columns =
                       [](const Note& note, storage::KeyWriter& key) {
                         key.Text(note.code());
                         return !note.code().empty();
                       },
                   .unique = true},
                  {.tag = kNotesByState, .name = "by_state", .columns = [](const Note& note, storage::KeyWriter& key) {
                     key.Text(NoteState_Name(note.state()));
                     return true;
                   }}}};
}

absl::Status CompleteNote(CallContext&, Note& note) {
  if (note.state() == NOTE_STATE_UNSPECIFIED) note.set_state(NOTE_STATE_DRAFT);
  note.set_revisions(1);
  if (note.title() == "refused") return Error(reasons::kIllegalTransition, "the test wants this note to be refused");
  return absl::OkStatus();
}

absl::Status CountRevision(CallContext&, const Note& current, Note& updated) {
  const bool same = google::protobuf::util::MessageDifferencer::Equals(current, updated);
  updated.set_revisions(current.revisions() + (same ? 0 : 1));
  return absl::OkStatus();
}

}  // namespace

void RecordingObserver::Started(const MethodInfo*) {
  MutexLock lock(mutex_);
  ++started_;
}
void RecordingObserver::MessageReceived(const MethodInfo&) {
  MutexLock lock(mutex_);
  ++received_;
}
void RecordingObserver::MessageSent(const MethodInfo&) {
  MutexLock lock(mutex_);
  ++sent_;
}
void RecordingObserver::Finished(const CallOutcome& outcome) {
  MutexLock lock(mutex_);
  finished_.push_back({.path = std::string(outcome.path),
                       .status = outcome.status,
                       .trace_id = std::string(outcome.trace_id),
                       .request_id = std::string(outcome.request_id),
                       .subject = std::string(outcome.subject),
                       .revision = outcome.revision,
                       .replayed = outcome.replayed,
                       .known_method = outcome.method != nullptr});
  changed_.NotifyAll();
}
int RecordingObserver::started() const {
  MutexLock lock(mutex_);
  return started_;
}
int RecordingObserver::received() const {
  MutexLock lock(mutex_);
  return received_;
}
int RecordingObserver::sent() const {
  MutexLock lock(mutex_);
  return sent_;
}
std::vector<SeenCall> RecordingObserver::finished() const {
  MutexLock lock(mutex_);
  return finished_;
}
std::vector<SeenCall> RecordingObserver::WaitForFinished(size_t count) const {
  MutexLock lock(mutex_);
  while (finished_.size() < count) changed_.Wait(mutex_);
  return finished_;
}

void Latch::Open() {
  MutexLock lock(mutex_);
  open_ = true;
  changed_.NotifyAll();
}
void Latch::Wait() {
  MutexLock lock(mutex_);
  while (!open_) changed_.Wait(mutex_);
}

NoteServer::NoteServer(const Options& options)
    : options_(options),
      clock_(MicrosOfNoon(Day::Of(2024, 3, 15))),
      store_(storage::MemoryKvStore::Create(options.store_queue)),
      database_(std::make_unique<storage::Database>(*store_, clock_)),
      notes_(&database_->AddTable(NoteSchema())),
      people_(&database_->AddTable(storage::TableSchema<Person>{.tag = kPeople, .collection = "people"})),
      development_verifier_(auth::NewDevelopmentVerifier()) {
  Check(database_->Open());
  Start();
}

NoteServer::~NoteServer() { Stop(); }

void NoteServer::Restart() {
  Stop();
  Start();
}

void NoteServer::Stop() {
  client_ = nullptr;
  if (health_ != nullptr) health_->Shutdown();
  if (server_ != nullptr) {
    // Calls that a test left open are cut off.
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  server_ = nullptr;
  dispatcher_ = nullptr;
  executor_ = nullptr;
  tokens_ = nullptr;
}

void NoteServer::RegisterHandlers() {
  health_->Register(*router_);
  reflection_->Register(*router_);
  router_->Unary(this, &NoteServer::ProbeNotes);
  router_->Unary(this, &NoteServer::FlashNotes);
  router_->ServerStream(this, &NoteServer::StreamNotes);
  router_->ClientStream(this, &NoteServer::ImportNotes);
  router_->ServerStream(this, &NoteServer::HurryNotes);
  router_->ClientStream(this, &NoteServer::CountNotes);
  RegisterStandardMethods<Note>(*router_, *Note::descriptor()->file()->FindServiceByName("NoteService"), *notes_,
                                *tokens_,
                                {.on_create = &CompleteNote,
                                 .on_update = &CountRevision,
                                 .on_delete =
                                     [this](CallContext& call, const Note&) {
                                       deleted_as_ = std::any_cast<const std::string&>(call.prepared());
                                       return absl::OkStatus();
                                     },
                                 .list_filters = {{"author", kNotesByAuthor}, {"state", kNotesByState}}});
  router_->Prepare(this, &NoteServer::PrepareDeletion);
}

absl::StatusOr<std::string> NoteServer::PrepareDeletion(CallContext& context, const DeleteNoteRequest& request) {
  return preparation_ == nullptr ? std::string() : preparation_(context, request);
}

void NoteServer::Start() {
  methods_ = std::make_unique<MethodTable>();
  Check(methods_->AddService(*Note::descriptor()->file()->FindServiceByName("NoteService")));
  Check(methods_->AddPublicService(HealthService::Descriptor()));
  for (const auto* service : ReflectionService::Descriptors()) Check(methods_->AddPublicService(*service));
  router_ = std::make_unique<Router>(*methods_);
  tokens_ = std::make_unique<PageTokens>(clock_);
  health_ = std::make_unique<HealthService>(methods_->Services());
  reflection_ = std::make_unique<ReflectionService>(methods_->Services());
  RegisterHandlers();
  executor_ = std::make_unique<Executor>(options_.pool_threads, options_.pool_queue);
  auto dispatcher =
      Dispatcher::Create({.router = *router_,
                          .verifier = options_.verifier != nullptr ? *options_.verifier : *development_verifier_,
                          .clock = clock_,
                          .executor = *executor_,
                          .database = database_.get(),
                          .observer = &observer_,
                          .resolver = options_.resolver,
                          .passthrough = options_.passthrough,
                          .max_in_flight = options_.max_in_flight,
                          .longest_wait_micros = options_.longest_wait_micros,
                          .streams = options_.streams});
  Check(dispatcher.status());
  dispatcher_ = *std::move(dispatcher);
  grpc::ServerBuilder builder;
  ApplyTransportLimits(builder);
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(dispatcher_.get());
  server_ = builder.BuildAndStart();
  Check(server_ != nullptr ? absl::OkStatus() : absl::UnavailableError("no port"));
  target_ = absl::StrCat("127.0.0.1:", port);
  client_ = std::make_unique<Client>(ClientChannel::Make(target_));
}

void NoteServer::AddPerson(const std::string& id) {
  Check(database_
            ->Transact({.actor = "test", .method = "/test/AddPerson", .request_id = "test"},
                       [&](storage::Transaction& txn) {
                         Person person;
                         person.set_name(absl::StrCat("people/", id));
                         return people_->Insert(txn, person);
                       })
            .status());
}

absl::StatusOr<ProbeNotesResponse> NoteServer::ProbeNotes(CallContext& context, const ProbeNotesRequest& request) {
  ++handled_;
  if (probe_) return probe_(context, request);
  ProbeNotesResponse response;
  response.set_text(request.text());
  response.set_remaining_micros(context.remaining_micros());
  return response;
}

absl::StatusOr<FlashNotesResponse> NoteServer::FlashNotes(CallContext&, const FlashNotesRequest&) {
  ++handled_;
  return FlashNotesResponse();
}

absl::Status NoteServer::StreamNotes(CallContext&, const StreamNotesRequest& request, StreamWriter<Note>& writer) {
  Note note;
  note.set_body(std::string(static_cast<size_t>(request.body_bytes()), 'x'));
  absl::Status status;
  for (int32_t i = 0; status.ok() && (request.count() < 0 || i < request.count()); ++i) {
    note.set_name(absl::StrCat("notes/n-", i));
    status = writer.Write(note);
  }
  if (stream_ended_) stream_ended_(status);
  return status;
}

absl::StatusOr<ImportNotesResponse> NoteServer::ImportNotes(CallContext& context,
                                                            StreamReader<ImportNotesRequest>& reader) {
  ImportNotesResponse response;
  ImportNotesRequest request;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.Read(&request));
    if (!more) return response;
    Note note = request.note();
    ASSIGN_OR_RETURN(const int64_t revision,
                     context.Transact([&](storage::Transaction& txn) { return notes_->Insert(txn, note); }));
    response.set_count(response.count() + 1);
    response.set_revision(revision);
  }
}

absl::Status NoteServer::HurryNotes(CallContext& context, const HurryNotesRequest&, StreamWriter<Note>& writer) {
  StreamNotesRequest endless;
  endless.set_count(-1);
  endless.set_body_bytes(100'000);
  return StreamNotes(context, endless, writer);
}

absl::StatusOr<CountNotesResponse> NoteServer::CountNotes(CallContext&, StreamReader<CountNotesRequest>& reader) {
  CountNotesResponse response;
  CountNotesRequest request;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.Read(&request));
    if (!more) return response;
    response.set_count(response.count() + 1);
  }
}

CreateNoteRequest ValidNote(const std::string& id) {
  CreateNoteRequest request;
  request.set_note_id(id);
  request.mutable_note()->set_author("people/lin");
  request.mutable_note()->set_title("读书笔记");
  return request;
}

}  // namespace dangjian::rpc::testing
