#include <atomic>
#include <string>
#include <vector>

#include "common/rpc/testing/note_server.h"
#include "common/rpc/testing/raw_call.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using testing::CreateNoteRequest;
using testing::Note;
using testing::NoteServer;
using testing::RawAnswer;
using testing::RawCall;
using testing::RawOptions;
using testing::ValidNote;

class IdempotencyTest : public ::testing::Test {
 protected:
  IdempotencyTest() { server_.AddPerson("lin"); }

  // A create whose id the server chooses, so that a second execution would show.
  static CreateNoteRequest Request(const std::string& request_id) {
    CreateNoteRequest request = ValidNote("");
    request.set_request_id(request_id);
    return request;
  }
  RawAnswer Create(const CreateNoteRequest& request, const std::string& caller = "clerk-1") {
    return RawCall(server_.target(), "CreateNote", request, {.metadata = {{"dangjian-caller", caller}}});
  }
  int64_t Revision() { return server_.database().kv().LastRevision(); }

  NoteServer server_;
};

TEST_F(IdempotencyTest, AnswersARepeatedRequestFromTheStore) {
  const RawAnswer first = Create(Request("r-1"));
  const RawAnswer second = Create(Request("r-1"));
  ASSERT_THAT(second.status, IsOk());
  EXPECT_EQ(second.bytes, first.bytes);
  EXPECT_EQ(second.trailers.at("dangjian-replayed"), "true");
  EXPECT_EQ(second.trailers.at("dangjian-revision"), first.trailers.at("dangjian-revision"));
  EXPECT_EQ(Revision(), 2);
  EXPECT_TRUE(server_.observer().WaitForFinished(2)[1].replayed);
}

TEST_F(IdempotencyTest, RefusesTheSameIdWithAnotherBody) {
  ASSERT_THAT(Create(Request("r-1")).status, IsOk());
  CreateNoteRequest other = Request("r-1");
  other.mutable_note()->set_title("另一条");
  EXPECT_THAT(Create(other).status, HasReason(reasons::kRequestIdReused));
  EXPECT_EQ(Revision(), 2);
}

TEST_F(IdempotencyTest, RemembersAfterARestart) {
  const RawAnswer first = Create(Request("r-1"));
  server_.Restart();
  const RawAnswer second = Create(Request("r-1"));
  EXPECT_EQ(second.bytes, first.bytes);
  EXPECT_EQ(second.trailers.at("dangjian-replayed"), "true");
}

TEST_F(IdempotencyTest, KeepsCallersAndMethodsApart) {
  const RawAnswer first = Create(Request("r-1"), "clerk-1");
  const RawAnswer second = Create(Request("r-1"), "clerk-2");
  ASSERT_THAT(second.status, IsOk());
  EXPECT_NE(second.bytes, first.bytes);
  testing::BatchCreateNotesRequest batch;
  *batch.add_requests() = ValidNote("");
  batch.set_request_id("r-1");
  EXPECT_THAT(
      RawCall(server_.target(), "BatchCreateNotes", batch, {.metadata = {{"dangjian-caller", "clerk-1"}}}).status,
      IsOk());
}

TEST_F(IdempotencyTest, DoesNotRememberARefusal) {
  CreateNoteRequest request = Request("r-1");
  request.mutable_note()->set_author("people/wang");
  EXPECT_THAT(Create(request).status, HasReason(reasons::kReferenceNotFound));
  server_.AddPerson("wang");
  const RawAnswer again = Create(request);
  EXPECT_THAT(again.status, IsOk());
  EXPECT_EQ(again.trailers.count("dangjian-replayed"), 0u);
}

TEST_F(IdempotencyTest, ExecutesEveryRequestWithoutAnId) {
  EXPECT_NE(Create(Request("")).bytes, Create(Request("")).bytes);
  EXPECT_EQ(Revision(), 3);
}

TEST_F(IdempotencyTest, ExecutesOnceHoweverManyArriveTogether) {
  constexpr int kCalls = 32;
  std::vector<absl::StatusOr<Note>> answers(kCalls, absl::UnknownError("none yet"));
  std::atomic<int> open = kCalls;
  testing::Latch finished;
  for (int i = 0; i < kCalls; ++i) {
    server_.client().CallAsync<Note>(Request("r-1"), {}, [&, i](absl::StatusOr<Note> answer) {
      answers[static_cast<size_t>(i)] = std::move(answer);
      if (--open == 0) finished.Open();
    });
  }
  finished.Wait();
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->name(), answers[0]->name());
  }
  EXPECT_EQ(Revision(), 2);
}

}  // namespace
}  // namespace dangjian::rpc
