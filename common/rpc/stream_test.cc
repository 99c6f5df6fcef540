#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing/note_server.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using dangjian::testing::StatusIs;
using testing::ImportNotesRequest;
using testing::ImportNotesResponse;
using testing::Latch;
using testing::Note;
using testing::NoteServer;
using testing::StreamNotesRequest;
using testing::ValidNote;

StreamNotesRequest Asking(int32_t count, int32_t body_bytes = 0) {
  StreamNotesRequest request;
  request.set_count(count);
  request.set_body_bytes(body_bytes);
  return request;
}

ImportNotesRequest Importing(const std::string& id) {
  ImportNotesRequest request;
  *request.mutable_note() = ValidNote("").note();
  request.mutable_note()->set_name("notes/" + id);
  return request;
}

TEST(ServerStreamTest, SendsEveryMessageInOrder) {
  NoteServer server;
  auto stream = server.client().OpenServerStream<Note>(Asking(1000), {});
  for (int i = 0; i < 1000; ++i) {
    const auto note = stream.Next();
    ASSERT_THAT(note, IsOk());
    ASSERT_TRUE(note->has_value());
    EXPECT_EQ((*note)->name(), absl::StrCat("notes/n-", i));
  }
  const auto end = stream.Next();
  ASSERT_THAT(end, IsOk());
  EXPECT_FALSE(end->has_value());
  EXPECT_FALSE(stream.Next()->has_value());
  server.observer().WaitForFinished(1);
  EXPECT_EQ(server.observer().sent(), 1000);
}

TEST(ServerStreamTest, RefusesAMessageThatAClientCouldNotTake) {
  NoteServer server;
  auto too_large = server.client().OpenServerStream<Note>(Asking(1, 4'150'000), {});
  EXPECT_THAT(too_large.Next(), HasReason(reasons::kAnswerTooLarge));
  auto large = server.client().OpenServerStream<Note>(Asking(1, 4'100'000), {});
  EXPECT_THAT(large.Next(), IsOk());
}

TEST(ServerStreamTest, ValidatesItsRequest) {
  NoteServer server;
  auto stream = server.client().OpenServerStream<Note>(Asking(1, -1), {});
  EXPECT_THAT(stream.Next(), HasReason(reasons::kOutOfBounds));
  EXPECT_THAT(stream.Next(), HasReason(reasons::kOutOfBounds));
}

TEST(ServerStreamTest, EndsTheHandlerWhenTheCallerLeaves) {
  NoteServer server;
  Latch ended;
  absl::Status outcome;
  server.set_stream_ended([&](absl::Status status) {
    outcome = std::move(status);
    ended.Open();
  });
  {
    auto stream = server.client().OpenServerStream<Note>(Asking(-1), {});
    ASSERT_TRUE(stream.Next()->has_value());
  }
  ended.Wait();
  EXPECT_THAT(outcome, HasReason(reasons::kCancelled));
}

TEST(ServerStreamTest, WakesAReaderThatIsCancelled) {
  NoteServer server;
  auto stream = server.client().OpenServerStream<Note>(Asking(-1), {});
  ASSERT_TRUE(stream.Next()->has_value());
  stream.Cancel();
  absl::StatusOr<std::optional<Note>> next = std::optional<Note>();
  do {
    next = stream.Next();
  } while (next.ok() && next->has_value());
  EXPECT_THAT(next, StatusIs(absl::StatusCode::kCancelled));
}

TEST(ServerStreamTest, HoldsBackForASlowReaderUntilTheDeadline) {
  NoteServer server;
  Latch ended;
  absl::Status outcome;
  server.set_stream_ended([&](absl::Status status) {
    outcome = std::move(status);
    ended.Open();
  });
  // An endless stream of large messages that nobody takes: the handler stands still once the transport's windows are
  // full.
  auto stream = server.client().OpenServerStream<Note>(testing::HurryNotesRequest(), {.timeout_micros = 60'000'000});
  ended.Wait();
  EXPECT_THAT(outcome, HasReason(reasons::kDeadlineExceeded));
  server.observer().WaitForFinished(1);
  EXPECT_LT(server.observer().sent(), 1000);
}

TEST(ServerStreamTest, RefusesMoreStreamsThanThreads) {
  NoteServer server({.streams = {.callers = 1}});
  auto first = server.client().OpenServerStream<Note>(Asking(-1), {});
  ASSERT_TRUE(first.Next()->has_value());
  auto second = server.client().OpenServerStream<Note>(Asking(1), {});
  EXPECT_THAT(second.Next(), HasReason(reasons::kOverloaded));
}

// Opens streams that stay open until the vector goes.
std::vector<Client::ServerStream<Note>> OpenStreams(NoteServer& server, const std::string& caller, int count) {
  std::vector<Client::ServerStream<Note>> streams;
  for (int i = 0; i < count; ++i) {
    streams.push_back(server.client().OpenServerStream<Note>(Asking(-1), {.metadata = {{"dangjian-caller", caller}}}));
    EXPECT_TRUE(streams.back().Next().ok()) << caller << " " << i;
  }
  return streams;
}

TEST(ServerStreamTest, NoCallerTakesMoreThanAShare) {
  NoteServer server({.streams = {.callers = 8, .of_caller = 3}});
  auto held = OpenStreams(server, "greedy", 3);
  auto fourth = server.client().OpenServerStream<Note>(Asking(1), {.metadata = {{"dangjian-caller", "greedy"}}});
  EXPECT_THAT(fourth.Next(), HasReason(reasons::kOverloaded));
  EXPECT_EQ(OpenStreams(server, "other", 3).size(), 3u);
  held.pop_back();  // a place is free again once the stream has ended
  while (true) {
    auto again = server.client().OpenServerStream<Note>(Asking(1), {.metadata = {{"dangjian-caller", "greedy"}}});
    if (again.Next().ok()) break;
  }
}

TEST(ServerStreamTest, TheSuitesServicesHaveStreamsOfTheirOwn) {
  NoteServer server({.streams = {.services = 2, .of_service = 2, .callers = 4, .of_caller = 1}});
  std::vector<std::vector<Client::ServerStream<Note>>> outsiders;
  for (int i = 0; i < 4; ++i) outsiders.push_back(OpenStreams(server, absl::StrCat("outsider-", i), 1));
  auto fifth = server.client().OpenServerStream<Note>(Asking(1), {.metadata = {{"dangjian-caller", "outsider-4"}}});
  EXPECT_THAT(fifth.Next(), HasReason(reasons::kOverloaded));
  EXPECT_EQ(OpenStreams(server, "dangjian-welfare", 2).size(), 2u);
}

using Reflection =
    Client::ClientStream<grpc::reflection::v1::ServerReflectionRequest, grpc::reflection::v1::ServerReflectionResponse>;

Reflection OpenReflection(NoteServer& server) {
  return server.client()
      .OpenClientStream<grpc::reflection::v1::ServerReflectionRequest, grpc::reflection::v1::ServerReflectionResponse>(
          {});
}

TEST(PublicStreamTest, TakesNoThreadFromThoseWhoAreKnown) {
  NoteServer server({.streams = {.callers = 1, .anonymous = 2, .of_address = 2}});
  grpc::reflection::v1::ServerReflectionRequest list;
  list.set_list_services("*");
  std::vector<std::unique_ptr<Reflection>> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(std::make_unique<Reflection>(OpenReflection(server)));
    open.back()->Write(list).IgnoreError();
  }
  EXPECT_EQ(OpenStreams(server, "clerk", 1).size(), 1u);
}

TEST(PublicStreamTest, EndsWhenItIsIdle) {
  NoteServer server({.streams = {.idle_micros = 50'000}});
  Reflection stream = OpenReflection(server);
  grpc::reflection::v1::ServerReflectionRequest list;
  list.set_list_services("*");
  absl::Status status = stream.Write(list);
  for (int i = 0; status.ok() && i < 100; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    status = stream.Write(list);
  }
  EXPECT_THAT(status, HasReason(reasons::kDeadlineExceeded));
}

TEST(ClientStreamTest, StoresEachMessageAndAnswersOnce) {
  NoteServer server;
  auto stream = server.client().OpenClientStream<ImportNotesRequest, ImportNotesResponse>({});
  for (int i = 0; i < 20; ++i) ASSERT_THAT(stream.Write(Importing(absl::StrCat("n-", i))), IsOk());
  const auto response = stream.Finish();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->count(), 20);
  EXPECT_EQ(response->revision(), 20);
  EXPECT_EQ(server.database().kv().LastRevision(), 20);
}

TEST(ClientStreamTest, AnswersAnEmptyStream) {
  NoteServer server;
  auto stream = server.client().OpenClientStream<ImportNotesRequest, ImportNotesResponse>({});
  EXPECT_EQ(stream.Finish()->count(), 0);
}

TEST(ClientStreamTest, ValidatesEachMessageAndKeepsWhatWasStored) {
  NoteServer server;
  auto stream = server.client().OpenClientStream<ImportNotesRequest, ImportNotesResponse>({});
  ASSERT_THAT(stream.Write(Importing("n-1")), IsOk());
  ImportNotesRequest broken = Importing("n-2");
  broken.mutable_note()->clear_title();
  stream.Write(broken).IgnoreError();  // the refusal may arrive before or after the write is done
  EXPECT_THAT(stream.Finish(), HasReason(reasons::kRequired));
  EXPECT_EQ(server.database().kv().LastRevision(), 1);
}

TEST(ClientStreamTest, LimitsEachMessage) {
  NoteServer server;
  auto stream = server.client().OpenClientStream<ImportNotesRequest, ImportNotesResponse>({});
  ImportNotesRequest large = Importing("n-1");
  large.mutable_note()->set_body(std::string(2000, 'x'));
  stream.Write(large).IgnoreError();
  EXPECT_THAT(stream.Finish(), HasReason(reasons::kMessageTooLarge));
}

TEST(ClientStreamTest, StopsWhenTheCallerLeaves) {
  NoteServer server;
  {
    auto stream = server.client().OpenClientStream<ImportNotesRequest, ImportNotesResponse>({});
    ASSERT_THAT(stream.Write(Importing("n-1")), IsOk());
  }
  const auto calls = server.observer().WaitForFinished(1);
  EXPECT_THAT(calls[0].status, HasReason(reasons::kCancelled));
}

TEST(ClientStreamTest, EndsAtTheDeadlineWhenTheCallerIsSilent) {
  NoteServer server;
  auto stream = server.client().OpenClientStream<testing::CountNotesRequest, testing::CountNotesResponse>(
      {.timeout_micros = 60'000'000});
  EXPECT_THAT(server.observer().WaitForFinished(1)[0].status, HasReason(reasons::kDeadlineExceeded));
  EXPECT_THAT(stream.Finish(), HasReason(reasons::kDeadlineExceeded));
}

}  // namespace
}  // namespace dangjian::rpc
