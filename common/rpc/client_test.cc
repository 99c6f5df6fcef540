#include "common/rpc/client.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/fan_out.h"
#include "common/rpc/testing/note_server.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using dangjian::testing::StatusIs;
using testing::CreateNoteRequest;
using testing::GetNoteRequest;
using testing::Latch;
using testing::Note;
using testing::NoteServer;
using testing::ProbeNotesRequest;
using testing::ProbeNotesResponse;
using testing::ValidNote;

constexpr char kNobody[] = "127.0.0.1:1";  // nothing listens there

GetNoteRequest Getting(const std::string& name) {
  GetNoteRequest request;
  request.set_name(name);
  return request;
}

TEST(MethodOfTest, FindsTheMethodThatTakesARequest) {
  ASSERT_NE(MethodOf(*GetNoteRequest::descriptor()), nullptr);
  EXPECT_EQ(MethodOf(*GetNoteRequest::descriptor())->name(), "GetNote");
  EXPECT_EQ(MethodOf(*Note::descriptor()), nullptr);
}

TEST(ClientTest, BringsErrorsBackWithTheirDetails) {
  NoteServer server;
  EXPECT_THAT(server.client().Call<Note>(Getting("notes/none")), HasReason(reasons::kRecordNotFound));
}

TEST(ClientTest, RefusesAMessageThatIsNoRequest) {
  NoteServer server;
  EXPECT_THAT(server.client().Call<Note>(Note()), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(server.client().OpenServerStream<Note>(Note(), {}).Next(), StatusIs(absl::StatusCode::kInternal));
}

TEST(ClientTest, FailsFastWhenNobodyListens) {
  Client client(ClientChannel::Make(kNobody));
  EXPECT_THAT(client.Call<Note>(Getting("notes/n-1"), {.max_attempts = 1}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(ClientTest, WaitsForAServerThatIsNotUpWhenAskedTo) {
  Client client(ClientChannel::Make(kNobody));
  EXPECT_THAT(client.Call<Note>(Getting("notes/n-1"), {.timeout_micros = 50'000, .wait_for_ready = true}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

// Fails the first calls as a server does that is going down.
class FlakyProbe {
 public:
  explicit FlakyProbe(int failures) : left_(failures) {}
  absl::StatusOr<ProbeNotesResponse> operator()(CallContext&, const ProbeNotesRequest&) {
    ++calls_;
    if (left_-- > 0) return Error(reasons::kBackendUnavailable, "try again");
    return ProbeNotesResponse();
  }
  int calls() const { return calls_; }

 private:
  std::atomic<int> left_;
  std::atomic<int> calls_ = 0;
};

TEST(ClientTest, RepeatsAReadThatWasUnavailable) {
  NoteServer server;
  FlakyProbe probe(2);
  server.set_probe([&](CallContext& c, const ProbeNotesRequest& r) { return probe(c, r); });
  EXPECT_THAT(server.client().Call<ProbeNotesResponse>(ProbeNotesRequest()), IsOk());
  EXPECT_EQ(probe.calls(), 3);
}

TEST(ClientTest, GivesUpAfterItsAttempts) {
  NoteServer server;
  FlakyProbe probe(10);
  server.set_probe([&](CallContext& c, const ProbeNotesRequest& r) { return probe(c, r); });
  EXPECT_THAT(server.client().Call<ProbeNotesResponse>(ProbeNotesRequest(), {.max_attempts = 2}),
              HasReason(reasons::kBackendUnavailable));
  EXPECT_EQ(probe.calls(), 2);
}

TEST(ClientTest, DoesNotRepeatOtherErrors) {
  NoteServer server;
  std::atomic<int> calls = 0;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    ++calls;
    return Error(reasons::kStaleEtag, "stale");
  });
  EXPECT_THAT(server.client().Call<ProbeNotesResponse>(ProbeNotesRequest()), HasReason(reasons::kStaleEtag));
  EXPECT_EQ(calls, 1);
}

TEST(ClientTest, ComesBackToAnOverloadedServerWhenItSaid) {
  NoteServer server;
  std::atomic<int> calls = 0;
  server.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    if (++calls == 1) return WithRetryDelay(Error(reasons::kOverloaded, "busy"), 400);
    return ProbeNotesResponse();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(server.client().Call<ProbeNotesResponse>(ProbeNotesRequest()), IsOk());
  EXPECT_EQ(calls, 2);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
}

// Counts the attempts of a write through a resolver that is unavailable.
class DownResolver final : public ReferenceResolver {
 public:
  bool Replicates(std::string_view) const override { return true; }
  void Resolve(const CallContext&, std::vector<std::string>, std::function<void(absl::Status)> done) override {
    ++calls;
    done(Error(reasons::kBackendUnavailable, "registry down"));
  }
  void CatchUp(const CallContext&, std::function<void(absl::Status)> done) override { done(absl::OkStatus()); }
  std::atomic<int> calls = 0;
};

TEST(ClientTest, RepeatsAWriteOnlyWithARequestId) {
  DownResolver resolver;
  NoteServer server({.resolver = &resolver});
  CreateNoteRequest request = ValidNote("n-1");
  EXPECT_THAT(server.client().Call<Note>(request), HasReason(reasons::kBackendUnavailable));
  EXPECT_EQ(resolver.calls, 1);
  request.set_request_id("r-1");
  EXPECT_THAT(server.client().Call<Note>(request), HasReason(reasons::kBackendUnavailable));
  EXPECT_EQ(resolver.calls, 4);
}

TEST(ClientTest, PassesOnIdentityTraceAndTimeLeft) {
  NoteServer inner;
  std::string trace;
  std::string subject;
  int64_t remaining = 0;
  inner.set_probe([&](CallContext& context, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    trace = context.trace_id();
    subject = context.principal().subject;
    remaining = context.remaining_micros();
    return ProbeNotesResponse();
  });
  NoteServer outer;
  std::string outer_trace;
  outer.set_probe([&](CallContext& context, const ProbeNotesRequest& request) {
    outer_trace = context.trace_id();
    return inner.client().Call<ProbeNotesResponse>(request, FromContext(context));
  });
  ASSERT_THAT(outer.client().Call<ProbeNotesResponse>(
                  ProbeNotesRequest(), {.timeout_micros = 1'000'000, .metadata = {{"dangjian-caller", "clerk-9"}}}),
              IsOk());
  EXPECT_EQ(trace, outer_trace);
  EXPECT_EQ(subject, "clerk-9");
  EXPECT_GT(remaining, 0);
  EXPECT_LE(remaining, 1'100'000);  // the wire rounds timeouts up
}

TEST(FanOutTest, CallsAllAtOnceAndKeepsTheOrder) {
  NoteServer server({.pool_threads = 3});
  // Each handler waits for the others: only calls that run in parallel can end.
  Mutex mutex;
  CondVar changed;
  int arrived = 0;
  server.set_probe([&](CallContext&, const ProbeNotesRequest& request) -> absl::StatusOr<ProbeNotesResponse> {
    MutexLock lock(mutex);
    ++arrived;
    changed.NotifyAll();
    while (arrived < 3) changed.Wait(mutex);
    ProbeNotesResponse response;
    response.set_text(request.text());
    return response;
  });
  std::vector<ProbeNotesRequest> requests(3);
  std::vector<FanOutCall> calls;
  for (int i = 0; i < 3; ++i) {
    requests[static_cast<size_t>(i)].set_text(std::string(1, static_cast<char>('a' + i)));
    calls.push_back({&server.client(), &requests[static_cast<size_t>(i)]});
  }
  const auto answers = FanOut<ProbeNotesResponse>(calls, {});
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0]->text(), "a");
  EXPECT_EQ(answers[1]->text(), "b");
  EXPECT_EQ(answers[2]->text(), "c");
}

TEST(FanOutTest, AnswersByTheDeadlineWithWhatIsLateAndDead) {
  Latch release;
  NoteServer slow;
  slow.set_probe([&](CallContext&, const ProbeNotesRequest&) -> absl::StatusOr<ProbeNotesResponse> {
    release.Wait();
    return ProbeNotesResponse();
  });
  NoteServer fast;
  Client dead(ClientChannel::Make(kNobody));
  const ProbeNotesRequest request;
  const std::vector<FanOutCall> calls = {{&slow.client(), &request}, {&fast.client(), &request}, {&dead, &request}};
  const auto answers = FanOut<ProbeNotesResponse>(calls, {.timeout_micros = 1'000'000, .max_attempts = 1});
  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(answers[1], IsOk());
  EXPECT_THAT(answers[2], StatusIs(absl::StatusCode::kUnavailable));
  release.Open();
}

TEST(FanOutTest, HasNothingToWaitForWithoutCalls) { EXPECT_TRUE(FanOut<ProbeNotesResponse>({}, {}).empty()); }

}  // namespace
}  // namespace dangjian::rpc
