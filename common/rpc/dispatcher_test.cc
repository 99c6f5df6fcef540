#include "common/rpc/dispatcher.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing/details.h"
#include "common/rpc/testing/note_server.h"
#include "common/rpc/testing/raw_call.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using testing::DeleteNoteRequest;
using testing::DetailOf;
using testing::GetNoteRequest;
using ::testing::HasSubstr;
using testing::Latch;
using ::testing::Not;
using testing::Note;
using testing::NoteServer;
using testing::ProbeNotesRequest;
using testing::ProbeNotesResponse;
using testing::RawAnswer;
using testing::RawCall;
using testing::RawOptions;
using testing::SeenCall;
using testing::ValidNote;

// Lets in whom it is told to, with the permissions it is told.
class ListedVerifier final : public auth::Verifier {
 public:
  absl::StatusOr<auth::Principal> Verify(const auth::Credentials& credentials) const override {
    if (credentials.Metadata("authorization") != "Bearer good") {
      return Error(reasons::kUnauthenticated, "the token does not prove an identity");
    }
    auth::Principal principal;
    principal.subject = "reader";
    principal.permissions.insert("notes.get");
    return principal;
  }
};

TEST(DispatcherTest, ServesAReadAndAWrite) {
  NoteServer server;
  server.AddPerson("lin");
  const RawAnswer created = RawCall(server.target(), "CreateNote", ValidNote("n-1"));
  ASSERT_THAT(created.status, IsOk());
  Note note;
  ASSERT_TRUE(note.ParseFromString(created.bytes));
  EXPECT_EQ(note.name(), "notes/n-1");
  EXPECT_EQ(note.etag(), "2");
  EXPECT_EQ(created.trailers.at("dangjian-revision"), "2");
  EXPECT_EQ(created.trailers.count("dangjian-replayed"), 0u);
  GetNoteRequest get;
  get.set_name("notes/n-1");
  const RawAnswer read = RawCall(server.target(), "GetNote", get);
  ASSERT_THAT(read.status, IsOk());
  EXPECT_EQ(read.bytes, created.bytes);
  EXPECT_EQ(read.trailers.count("dangjian-revision"), 0u);
}

TEST(DispatcherTest, KeepsAValidTraceAndReplacesAnyOther) {
  NoteServer server;
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  RawOptions options{.metadata = {{"traceparent", absl::StrCat("00-", trace, "-00f067aa0ba902b7-01")}}};
  EXPECT_EQ(RawCall(server.target(), "ProbeNotes", ProbeNotesRequest(), options).trailers["dangjian-trace-id"], trace);
  for (const std::string& bad :
       {std::string("nonsense"), absl::StrCat("00-", std::string(32, '0'), "-00f067aa0ba902b7-01"),
        absl::StrCat("00-", std::string(32, 'G'), "-00f067aa0ba902b7-01")}) {
    options.metadata[0].second = bad;
    const std::string made =
        RawCall(server.target(), "ProbeNotes", ProbeNotesRequest(), options).trailers["dangjian-trace-id"];
    EXPECT_EQ(made.size(), 32u);
    EXPECT_NE(made, std::string(32, '0'));
    EXPECT_NE(made, trace);
  }
}

TEST(DispatcherTest, RefusesAPathThatNobodyServes) {
  NoteServer server;
  const RawAnswer answer = RawCall(server.target(), "/no.such.Service/Method", "");
  EXPECT_THAT(answer.status, HasReason(reasons::kUnknownMethod));
  const std::vector<SeenCall> calls = server.observer().WaitForFinished(1);
  EXPECT_FALSE(calls[0].known_method);
  EXPECT_EQ(calls[0].path, "/no.such.Service/Method");
}

TEST(DispatcherTest, CapsAMissingAndALongerDeadlineAtThePolicys) {
  NoteServer server;
  for (const int64_t timeout : {int64_t{0}, int64_t{3'600'000'000}}) {
    const RawAnswer answer = RawCall(server.target(), "ProbeNotes", ProbeNotesRequest(), {.timeout_micros = timeout});
    ProbeNotesResponse response;
    ASSERT_TRUE(response.ParseFromString(answer.bytes));
    EXPECT_GT(response.remaining_micros(), 0);
    EXPECT_LE(response.remaining_micros(), 2'000'000);
  }
}

TEST(DispatcherTest, KeepsAShorterDeadline) {
  NoteServer server;
  const RawAnswer answer = RawCall(server.target(), "ProbeNotes", ProbeNotesRequest(), {.timeout_micros = 1'000'000});
  ProbeNotesResponse response;
  ASSERT_TRUE(response.ParseFromString(answer.bytes));
  // The wire rounds timeouts up.
  EXPECT_LE(response.remaining_micros(), 1'100'000);
}

TEST(DispatcherTest, DoesNotStartAHandlerAfterTheDeadline) {
  NoteServer server({.pool_threads = 1});
  // Holds the only worker until the call behind it has waited longer than its policy allows.
  server.set_probe([&](CallContext& context, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    while (server.executor().load() < 2) std::this_thread::yield();
    const int64_t left = context.remaining_micros();
    while (context.remaining_micros() > left - 50'000) std::this_thread::yield();
    return ProbeNotesResponse();
  });
  Latch answered;
  server.client().CallAsync<ProbeNotesResponse>(ProbeNotesRequest(), {},
                                                [&](absl::StatusOr<ProbeNotesResponse>) { answered.Open(); });
  while (server.handled() == 0) std::this_thread::yield();
  EXPECT_THAT(
      server.client().Call<testing::FlashNotesResponse>(testing::FlashNotesRequest(), {.timeout_micros = 60'000'000}),
      HasReason(reasons::kDeadlineExceeded));
  answered.Wait();
  EXPECT_EQ(server.handled(), 1);
}

TEST(DispatcherTest, RefusesACallerWithoutIdentityAndOneWithoutPermission) {
  const ListedVerifier verifier;
  NoteServer server({.verifier = &verifier});
  GetNoteRequest get;
  get.set_name("notes/n-1");
  EXPECT_THAT(RawCall(server.target(), "GetNote", get).status, HasReason(reasons::kUnauthenticated));
  const RawOptions good{.metadata = {{"authorization", "Bearer good"}}};
  EXPECT_THAT(RawCall(server.target(), "GetNote", get, good).status, HasReason(reasons::kRecordNotFound));
  const absl::Status refused = RawCall(server.target(), "CreateNote", ValidNote("n-1"), good).status;
  EXPECT_THAT(refused, HasReason(reasons::kPermissionDenied));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(refused).metadata().at("permission"), "notes.create");
  const std::vector<SeenCall> calls = server.observer().WaitForFinished(3);
  EXPECT_EQ(calls[0].subject, "");
  EXPECT_EQ(calls[2].subject, "reader");
}

TEST(DispatcherTest, TellsWhoMayNothingNotWhatIsWrongWithTheRequest) {
  const ListedVerifier verifier;
  NoteServer server({.verifier = &verifier});
  EXPECT_THAT(RawCall(server.target(), "/dangjian.rpc.testing.NoteService/CreateNote", "\xff\xff").status,
              HasReason(reasons::kUnauthenticated));
}

TEST(DispatcherTest, RefusesAnOversizeMessageByName) {
  NoteServer server;
  auto request = ValidNote("n-1");
  request.mutable_note()->set_body(std::string(70'000, 'x'));
  const absl::Status status = RawCall(server.target(), "CreateNote", request).status;
  EXPECT_THAT(status, HasReason(reasons::kMessageTooLarge));
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().at("limit"), "65536");
}

TEST(DispatcherTest, RefusesBytesThatAreNoMessage) {
  NoteServer server;
  const std::string path = "/dangjian.rpc.testing.NoteService/CreateNote";
  EXPECT_THAT(RawCall(server.target(), path, "\x0a\xff").status, HasReason(reasons::kMalformedMessage));
  // note_id = two bytes that are no UTF-8.
  EXPECT_THAT(RawCall(server.target(), path, "\x0a\x02\xc0\xaf").status, HasReason(reasons::kMalformedMessage));
}

TEST(DispatcherTest, ReportsAllViolationsAtOnceInEnglishAndChinese) {
  NoteServer server;
  testing::CreateNoteRequest request;
  request.mutable_note()->set_title(std::string("a\0b", 3));
  request.mutable_note()->set_pages(-5);
  request.set_request_id("not valid");
  const absl::Status status = RawCall(server.target(), "CreateNote", request).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf<google::rpc::BadRequest>(status).field_violations_size(), 4);
  const auto localized = DetailOf<google::rpc::LocalizedMessage>(status);
  EXPECT_EQ(localized.locale(), "zh-CN");
  EXPECT_THAT(localized.message(), HasSubstr("note.author:必填项为空"));
  EXPECT_EQ(server.database().kv().LastRevision(), 0);
}

TEST(DispatcherTest, ReportsAllMissingReferencesAtOnce) {
  NoteServer server;
  server.AddPerson("lin");
  testing::BatchCreateNotesRequest batch;
  for (const char* author : {"people/lin", "people/wang", "people/zhao"}) {
    *batch.add_requests() = ValidNote("");
    batch.mutable_requests(batch.requests_size() - 1)->mutable_note()->set_author(author);
  }
  const absl::Status status = RawCall(server.target(), "BatchCreateNotes", batch).status;
  EXPECT_THAT(status, HasReason(reasons::kReferenceNotFound));
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "requests[1].note.author");
  EXPECT_EQ(bad.field_violations(1).field(), "requests[2].note.author");
  EXPECT_EQ(server.database().kv().LastRevision(), 1);
}

TEST(DispatcherTest, RefusesACallWhenAllWorkersAreBusy) {
  NoteServer server({.pool_threads = 1, .pool_queue = 0});
  Latch busy;
  Latch release;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    busy.Open();
    release.Wait();
    return ProbeNotesResponse();
  });
  Latch answered;
  server.client().CallAsync<ProbeNotesResponse>(ProbeNotesRequest(), {},
                                                [&](absl::StatusOr<ProbeNotesResponse> answer) {
                                                  EXPECT_THAT(answer, IsOk());
                                                  answered.Open();
                                                });
  busy.Wait();
  const absl::Status status = RawCall(server.target(), "ProbeNotes", ProbeNotesRequest()).status;
  EXPECT_THAT(status, HasReason(reasons::kOverloaded));
  EXPECT_GT(DetailOf<google::rpc::RetryInfo>(status).retry_delay().nanos(), 0);
  // What needs no worker goes on.
  GetNoteRequest get;
  get.set_name("notes/n-1");
  EXPECT_THAT(RawCall(server.target(), "GetNote", get).status, HasReason(reasons::kRecordNotFound));
  release.Open();
  answered.Wait();
}

TEST(DispatcherTest, RefusesACallWhenTooManyAreInFlightButAnswersHealth) {
  NoteServer server({.max_in_flight = 1});
  server.health().SetServing(true);
  Latch busy;
  Latch release;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    busy.Open();
    release.Wait();
    return ProbeNotesResponse();
  });
  Latch answered;
  server.client().CallAsync<ProbeNotesResponse>(ProbeNotesRequest(), {},
                                                [&](absl::StatusOr<ProbeNotesResponse>) { answered.Open(); });
  busy.Wait();
  GetNoteRequest get;
  get.set_name("notes/n-1");
  EXPECT_THAT(RawCall(server.target(), "GetNote", get).status, HasReason(reasons::kOverloaded));
  EXPECT_THAT(RawCall(server.target(), "/grpc.health.v1.Health/Check", "").status, IsOk());
  release.Open();
  answered.Wait();
  server.set_probe(nullptr);
  EXPECT_THAT(server.client().Call<ProbeNotesResponse>(ProbeNotesRequest()), IsOk());
}

TEST(DispatcherTest, RefusesAWriteWhenTheStoresQueueIsFull) {
  NoteServer server({.store_queue = 1});
  Latch busy;
  Latch release;
  const auto block = [&](storage::KvTxn&) {
    busy.Open();
    release.Wait();
    return absl::OkStatus();
  };
  const auto ignore = [](absl::Status, int64_t) {};
  ASSERT_THAT(server.store().Submit(block, ignore), IsOk());
  busy.Wait();
  while (server.store().Submit([](storage::KvTxn&) { return absl::OkStatus(); }, ignore).ok()) {
  }
  EXPECT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, HasReason(reasons::kOverloaded));
  release.Open();
}

TEST(DispatcherTest, HidesEngineTextFromTheCallerButShowsItToTheObserver) {
  NoteServer server;
  server.set_probe([](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    return absl::DataLossError("checksum of 000123.sst");
  });
  const absl::Status status = RawCall(server.target(), "ProbeNotes", ProbeNotesRequest()).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("sst")));
  EXPECT_THAT(server.observer().WaitForFinished(1)[0].status.ToString(), HasSubstr("000123.sst"));
}

TEST(DispatcherTest, TellsTheObserverOfEveryCallAlsoOfRefusedOnes) {
  NoteServer server;
  server.AddPerson("lin");
  auto request = ValidNote("n-1");
  request.set_request_id("r-1");
  RawCall(server.target(), "CreateNote", request, {.metadata = {{"dangjian-caller", "clerk-3"}}});
  RawCall(server.target(), "CreateNote", testing::CreateNoteRequest());
  const std::vector<SeenCall> calls = server.observer().WaitForFinished(2);
  EXPECT_EQ(calls[0].path, "/dangjian.rpc.testing.NoteService/CreateNote");
  EXPECT_EQ(calls[0].subject, "clerk-3");
  EXPECT_EQ(calls[0].request_id, "r-1");
  EXPECT_EQ(calls[0].revision, 2);
  EXPECT_EQ(calls[0].trace_id.size(), 32u);
  EXPECT_THAT(calls[1].status, HasReason(reasons::kRequired));
  EXPECT_EQ(server.observer().started(), 2);
  EXPECT_EQ(server.observer().received(), 2);
  EXPECT_EQ(server.observer().sent(), 1);
}

TEST(DispatcherTest, RehearsesAWriteWithoutKeepingIt) {
  NoteServer server;
  server.AddPerson("lin");
  auto request = ValidNote("n-1");
  request.set_validate_only(true);
  request.set_request_id("r-1");
  const RawAnswer answer = RawCall(server.target(), "CreateNote", request);
  ASSERT_THAT(answer.status, IsOk());
  Note note;
  ASSERT_TRUE(note.ParseFromString(answer.bytes));
  EXPECT_EQ(note.name(), "notes/n-1");
  EXPECT_EQ(answer.trailers.count("dangjian-revision"), 0u);
  GetNoteRequest get;
  get.set_name("notes/n-1");
  EXPECT_THAT(RawCall(server.target(), "GetNote", get).status, HasReason(reasons::kRecordNotFound));
  // The request_id is still free for the real thing.
  request.set_validate_only(false);
  EXPECT_THAT(RawCall(server.target(), "CreateNote", request).status, IsOk());
  request.set_note_id("n-2");
  request.set_request_id("");
  request.set_validate_only(true);
  request.mutable_note()->set_title("refused");
  EXPECT_THAT(RawCall(server.target(), "CreateNote", request).status, HasReason(reasons::kIllegalTransition));
}

TEST(DispatcherTest, NamesTheCallerAndTheMethodInTheCommitRecord) {
  NoteServer server;
  server.AddPerson("lin");
  auto request = ValidNote("n-1");
  request.set_request_id("r-77");
  ASSERT_THAT(RawCall(server.target(), "CreateNote", request, {.metadata = {{"dangjian-caller", "clerk-3"}}}).status,
              IsOk());
  const auto stored =
      server.database().GetSnapshot()->Get(storage::KeyWriter(storage::keyspace::kCommit).Int64(2).str());
  ASSERT_TRUE(stored.ok() && stored->has_value());
  storage::v1::Commit commit;
  ASSERT_TRUE(commit.ParseFromString(**stored));
  EXPECT_EQ(commit.actor(), "clerk-3");
  EXPECT_EQ(commit.method(), "/dangjian.rpc.testing.NoteService/CreateNote");
  EXPECT_EQ(commit.request_id(), "r-77");
}

TEST(DispatcherTest, AWriteIsPreparedBeforeItsTransaction) {
  NoteServer server;
  server.AddPerson("lin");
  ASSERT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, IsOk());
  DeleteNoteRequest request;
  request.set_name("notes/n-1");
  server.set_preparation([](CallContext&, const DeleteNoteRequest&) -> absl::StatusOr<std::string> {
    return Error(reasons::kIllegalTransition, "not now");
  });
  EXPECT_THAT(RawCall(server.target(), "DeleteNote", request).status, HasReason(reasons::kIllegalTransition));
  GetNoteRequest get;
  get.set_name("notes/n-1");
  EXPECT_THAT(RawCall(server.target(), "GetNote", get).status, IsOk()) << "nothing was written";

  // It may write and wait for it, which the handler in its transaction may not.
  server.set_preparation([&](CallContext& call, const DeleteNoteRequest& of) -> absl::StatusOr<std::string> {
    EXPECT_THAT(call.database()->Transact({.actor = "a", .method = "m", .request_id = ""},
                                          [](storage::Transaction&) { return absl::OkStatus(); }),
                IsOk());
    return "prepared " + of.name();
  });
  EXPECT_THAT(RawCall(server.target(), "DeleteNote", request).status, IsOk());
  EXPECT_EQ(server.deleted_as(), "prepared notes/n-1");
}

// A replica of people that knows whom it is told about.
class FakeResolver final : public ReferenceResolver {
 public:
  bool Replicates(std::string_view collection) const override { return collection == "people"; }
  void Resolve(const CallContext&, std::vector<std::string> names, std::function<void(absl::Status)> done) override {
    asked.push_back(names);
    done(resolve(names));
  }
  void CatchUp(const CallContext&, std::function<void(absl::Status)> done) override {
    ++caught_up;
    done(catch_up);
  }
  absl::Status catch_up;
  int caught_up = 0;
  std::function<absl::Status(const std::vector<std::string>&)> resolve;
  std::vector<std::vector<std::string>> asked;
};

TEST(DispatcherTest, FetchesMissingReferencesBeforeTheTransaction) {
  FakeResolver resolver;
  NoteServer server({.resolver = &resolver});
  // The fetch writes from a thread of its own: the gRPC thread that asks must not wait for the store.
  resolver.resolve = [](const std::vector<std::string>&) { return absl::OkStatus(); };
  EXPECT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, HasReason(reasons::kReferenceNotFound));
  ASSERT_EQ(resolver.asked.size(), 1u);
  EXPECT_THAT(resolver.asked[0], ::testing::ElementsAre("people/lin"));
  server.AddPerson("lin");
  EXPECT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, IsOk());
  EXPECT_EQ(resolver.asked.size(), 1u);
}

TEST(DispatcherTest, EndsTheCallWhenReferencesCannotBeFetched) {
  FakeResolver resolver;
  NoteServer server({.resolver = &resolver});
  resolver.resolve = [](const std::vector<std::string>&) {
    return Error(reasons::kBackendUnavailable, "registry down");
  };
  EXPECT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, HasReason(reasons::kBackendUnavailable));
}

TEST(DispatcherTest, TheReplicasAreBroughtUpToDateForTheMethodsThatWantIt) {
  FakeResolver resolver;
  NoteServer server({.resolver = &resolver});
  server.AddPerson("lin");
  ASSERT_THAT(RawCall(server.target(), "CreateNote", ValidNote("n-1")).status, IsOk());
  EXPECT_EQ(resolver.caught_up, 0);
  DeleteNoteRequest request;
  request.set_name("notes/n-1");
  resolver.catch_up = Error(reasons::kBackendUnavailable, "registry down");
  EXPECT_THAT(RawCall(server.target(), "DeleteNote", request).status, HasReason(reasons::kBackendUnavailable));
  resolver.catch_up = absl::OkStatus();
  EXPECT_THAT(RawCall(server.target(), "DeleteNote", request).status, IsOk());
  EXPECT_EQ(resolver.caught_up, 2);
}

// Answers every path with its own name.
class EchoPassthrough final : public Passthrough {
 public:
  grpc::ServerGenericBidiReactor* Take(grpc::GenericCallbackServerContext* context) override {
    class Echo final : public grpc::ServerGenericBidiReactor {
     public:
      explicit Echo(const std::string& text) { Finish(grpc::Status(grpc::StatusCode::ALREADY_EXISTS, text)); }
      void OnDone() override { delete this; }
    };
    if (context->method() == "/other.Service/Unknown") return nullptr;
    return new Echo(context->method());
  }
};

TEST(DispatcherTest, HandsUnknownPathsToThePassthrough) {
  EchoPassthrough passthrough;
  NoteServer server({.passthrough = &passthrough});
  EXPECT_EQ(RawCall(server.target(), "/other.Service/Method", "").status.message(), "/other.Service/Method");
  EXPECT_THAT(RawCall(server.target(), "/other.Service/Unknown", "").status, HasReason(reasons::kUnknownMethod));
  EXPECT_THAT(RawCall(server.target(), "ProbeNotes", ProbeNotesRequest()).status, IsOk());
}

// Calls until one is refused: more than a few have to wait, and the oldest of them for long.
absl::Status CallUntilRefused(NoteServer& server, std::string_view method, const google::protobuf::Message& request) {
  while (true) {
    const RawAnswer answer = RawCall(server.target(), method, request, {.timeout_micros = 20'000});
    if (!absl::IsDeadlineExceeded(answer.status)) return answer.status;
  }
}

TEST(DispatcherTest, RefusesReadsAtOnceWhenThoseBeforeThemWaitTooLong) {
  NoteServer server({.pool_threads = 1, .pool_queue = 64, .longest_wait_micros = 50'000});
  Latch arrived;
  Latch release;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    arrived.Open();
    release.Wait();
    return ProbeNotesResponse();
  });
  std::thread first([&] { RawCall(server.target(), "ProbeNotes", ProbeNotesRequest()); });
  arrived.Wait();
  const absl::Status refused = CallUntilRefused(server, "ProbeNotes", ProbeNotesRequest());
  EXPECT_THAT(refused, HasReason(reasons::kOverloaded));
  EXPECT_GT(RetryMillisOf(refused), 0);
  // What waits for no worker is served all the same.
  EXPECT_THAT(RawCall(server.target(), "/grpc.health.v1.Health/Check", "").status, IsOk());
  release.Open();
  first.join();
}

TEST(DispatcherTest, RefusesWritesAtOnceWhenThoseBeforeThemWaitTooLong) {
  NoteServer server({.longest_wait_micros = 50'000});
  server.AddPerson("lin");
  Latch arrived;
  Latch release;
  ASSERT_THAT(server.store().Submit(
                  [&](storage::KvTxn&) {
                    arrived.Open();
                    release.Wait();
                    return absl::OkStatus();
                  },
                  [](absl::Status, int64_t) {}),
              IsOk());
  arrived.Wait();
  const absl::Status refused = CallUntilRefused(server, "CreateNote", ValidNote("n-1"));
  EXPECT_THAT(refused, HasReason(reasons::kOverloaded));
  EXPECT_GT(RetryMillisOf(refused), 0);
  const std::vector<SeenCall> calls = server.observer().WaitForFinished(1);
  EXPECT_TRUE(calls.back().known_method) << "what is refused is counted";
  release.Open();
  // The queue is worked off, and calls pass again.
  while (true) {
    const RawAnswer answer = RawCall(server.target(), "CreateNote", ValidNote("n-2"));
    if (answer.status.ok()) break;
    ASSERT_THAT(answer.status, HasReason(reasons::kOverloaded));
  }
}

}  // namespace
}  // namespace dangjian::rpc
