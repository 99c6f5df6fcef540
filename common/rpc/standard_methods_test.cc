#include "common/rpc/standard_methods.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing/details.h"
#include "common/rpc/testing/note_server.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/empty.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using testing::BatchCreateNotesRequest;
using testing::BatchCreateNotesResponse;
using testing::BatchGetNotesRequest;
using testing::BatchGetNotesResponse;
using testing::CreateNoteRequest;
using testing::DeleteNoteRequest;
using ::testing::ElementsAre;
using testing::GetNoteRequest;
using testing::ListNotesRequest;
using testing::ListNotesResponse;
using testing::Note;
using testing::NoteServer;
using testing::UpdateNoteRequest;
using testing::ValidNote;

class StandardMethodsTest : public ::testing::Test {
 protected:
  StandardMethodsTest() {
    server_.AddPerson("lin");
    server_.AddPerson("wang");
  }
  Note Create(const std::string& id, const std::string& author = "people/lin") {
    CreateNoteRequest request = ValidNote(id);
    request.mutable_note()->set_author(author);
    const auto note = server_.client().Call<Note>(request);
    EXPECT_THAT(note, IsOk());
    return note.value_or(Note());
  }
  absl::StatusOr<Note> Get(const std::string& name) {
    GetNoteRequest request;
    request.set_name(name);
    return server_.client().Call<Note>(request);
  }
  absl::StatusOr<ListNotesResponse> List(const ListNotesRequest& request) {
    return server_.client().Call<ListNotesResponse>(request);
  }
  static std::vector<std::string> Names(const ListNotesResponse& page) {
    std::vector<std::string> names;
    for (const Note& note : page.notes()) names.push_back(note.name());
    return names;
  }

  NoteServer server_;
};

TEST_F(StandardMethodsTest, CreatesWithTheChosenIdAndFillsWhatTheServerKnows) {
  const Note note = Create("n-1");
  EXPECT_EQ(note.name(), "notes/n-1");
  EXPECT_EQ(note.state(), testing::NOTE_STATE_DRAFT);
  EXPECT_EQ(note.revisions(), 1);
  EXPECT_EQ(note.etag(), "3");
  EXPECT_EQ(note.create_time().seconds() * 1'000'000, server_.clock().NowMicros());
  EXPECT_THAT(Get("notes/n-1"), dangjian::testing::IsOkAndHolds(dangjian::testing::EqualsProto(note)));
}

TEST_F(StandardMethodsTest, ChoosesAnId) {
  const std::string first = Create("").name();
  const std::string second = Create("").name();
  EXPECT_NE(first, second);
  EXPECT_THAT(Get(first), IsOk());
}

TEST_F(StandardMethodsTest, RefusesATakenOrMalformedId) {
  Create("n-1");
  EXPECT_THAT(server_.client().Call<Note>(ValidNote("n-1")), HasReason(reasons::kRecordExists));
  EXPECT_THAT(server_.client().Call<Note>(ValidNote("N 1")), HasReason(reasons::kInvalidName));
}

TEST_F(StandardMethodsTest, DoesNotFindWhatIsNotThere) {
  EXPECT_THAT(Get("notes/none"), HasReason(reasons::kRecordNotFound));
}

TEST_F(StandardMethodsTest, UpdatesOnlyWhatTheMaskNames) {
  Create("n-1");
  UpdateNoteRequest request;
  request.mutable_note()->set_name("notes/n-1");
  request.mutable_note()->set_title("新标题");
  request.mutable_note()->set_body("not named");
  request.mutable_update_mask()->add_paths("title");
  const auto updated = server_.client().Call<Note>(request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->title(), "新标题");
  EXPECT_EQ(updated->body(), "");
  EXPECT_EQ(updated->author(), "people/lin");
  EXPECT_EQ(updated->revisions(), 2);
  EXPECT_EQ(updated->etag(), "4");
}

TEST_F(StandardMethodsTest, RefusesAStaleEtagAndSaysTheCurrentOne) {
  const Note old = Create("n-1");
  UpdateNoteRequest request;
  *request.mutable_note() = old;
  request.mutable_update_mask()->add_paths("title");
  ASSERT_THAT(server_.client().Call<Note>(request), IsOk());
  const auto stale = server_.client().Call<Note>(request);
  EXPECT_THAT(stale, HasReason(reasons::kStaleEtag));
  EXPECT_EQ(testing::DetailOf<google::rpc::ErrorInfo>(stale.status()).metadata().at("current_etag"), "4");
}

TEST_F(StandardMethodsTest, ReplacesARecordOnlyWithItsEtag) {
  Note note = Create("n-1");
  UpdateNoteRequest request;
  *request.mutable_note() = note;
  request.mutable_note()->set_title("全部替换");
  request.mutable_note()->clear_etag();
  EXPECT_THAT(server_.client().Call<Note>(request), HasReason(reasons::kRequired));
  request.mutable_note()->set_etag(note.etag());
  EXPECT_THAT(server_.client().Call<Note>(request), IsOk());
  EXPECT_EQ(Get("notes/n-1")->title(), "全部替换");
}

TEST_F(StandardMethodsTest, RefusesAMaskOfUnknownAndFixedFields) {
  Create("n-1");
  UpdateNoteRequest request;
  request.mutable_note()->set_name("notes/n-1");
  request.mutable_note()->set_author("people/wang");
  request.mutable_update_mask()->add_paths("titel");
  EXPECT_THAT(server_.client().Call<Note>(request), HasReason(reasons::kUnknownField));
  request.mutable_update_mask()->set_paths(0, "author");
  EXPECT_THAT(server_.client().Call<Note>(request), HasReason(reasons::kImmutableField));
}

TEST_F(StandardMethodsTest, DeletesWithTheRightEtag) {
  const Note note = Create("n-1");
  DeleteNoteRequest request;
  request.set_name(note.name());
  request.set_etag("1");
  EXPECT_THAT(server_.client().Call<google::protobuf::Empty>(request), HasReason(reasons::kStaleEtag));
  request.set_etag(note.etag());
  EXPECT_THAT(server_.client().Call<google::protobuf::Empty>(request), IsOk());
  EXPECT_THAT(Get(note.name()), HasReason(reasons::kRecordNotFound));
  EXPECT_THAT(server_.client().Call<google::protobuf::Empty>(request), HasReason(reasons::kRecordNotFound));
}

TEST_F(StandardMethodsTest, PagesOverOneStateWhateverIsWrittenMeanwhile) {
  for (int i = 0; i < 5; ++i) Create(absl::StrCat("n-", i));
  ListNotesRequest request;
  request.set_page_size(2);
  const auto first = List(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Names(*first), ElementsAre("notes/n-0", "notes/n-1"));
  Create("n-1a");
  DeleteNoteRequest gone;
  gone.set_name("notes/n-3");
  ASSERT_THAT(server_.client().Call<google::protobuf::Empty>(gone), IsOk());
  request.set_page_token(first->next_page_token());
  const auto second = List(request);
  EXPECT_THAT(Names(*second), ElementsAre("notes/n-2", "notes/n-3"));
  request.set_page_token(second->next_page_token());
  const auto third = List(request);
  EXPECT_THAT(Names(*third), ElementsAre("notes/n-4"));
  EXPECT_EQ(third->next_page_token(), "");
}

TEST_F(StandardMethodsTest, ListsByAnIndex) {
  Create("n-1", "people/lin");
  Create("n-2", "people/wang");
  Create("n-3", "people/lin");
  ListNotesRequest request;
  request.set_author("people/lin");
  request.set_page_size(1);
  const auto first = List(request);
  EXPECT_THAT(Names(*first), ElementsAre("notes/n-1"));
  request.set_page_token(first->next_page_token());
  EXPECT_THAT(Names(*List(request)), ElementsAre("notes/n-3"));
  ListNotesRequest by_state;
  by_state.set_state(testing::NOTE_STATE_FINAL);
  EXPECT_EQ(List(by_state)->notes_size(), 0);
  by_state.set_state(testing::NOTE_STATE_DRAFT);
  EXPECT_EQ(List(by_state)->notes_size(), 3);
}

TEST_F(StandardMethodsTest, RefusesTwoFiltersAndBadPages) {
  ListNotesRequest request;
  request.set_author("people/lin");
  request.set_state(testing::NOTE_STATE_DRAFT);
  EXPECT_THAT(List(request), HasReason(reasons::kConflictingFilters));
  request = ListNotesRequest();
  request.set_page_size(-1);
  EXPECT_THAT(List(request), HasReason(reasons::kNegativePageSize));
  request.set_page_size(0);
  request.set_page_token("made-up");
  EXPECT_THAT(List(request), HasReason(reasons::kPageTokenForeign));
}

TEST_F(StandardMethodsTest, ForgetsTokensWithTheProcess) {
  for (int i = 0; i < 3; ++i) Create(absl::StrCat("n-", i));
  ListNotesRequest request;
  request.set_page_size(1);
  request.set_page_token(List(request)->next_page_token());
  server_.Restart();
  EXPECT_THAT(List(request), HasReason(reasons::kPageTokenExpired));
}

TEST_F(StandardMethodsTest, GetsABatchInTheOrderAsked) {
  Create("n-1");
  Create("n-2");
  BatchGetNotesRequest request;
  for (const char* name : {"notes/n-2", "notes/n-1", "notes/n-2"}) request.add_names(name);
  const auto batch = server_.client().Call<BatchGetNotesResponse>(request);
  ASSERT_THAT(batch, IsOk());
  ASSERT_EQ(batch->notes_size(), 3);
  EXPECT_EQ(batch->notes(0).name(), "notes/n-2");
  EXPECT_EQ(batch->notes(1).name(), "notes/n-1");
  request.add_names("notes/none");
  EXPECT_THAT(server_.client().Call<BatchGetNotesResponse>(request), HasReason(reasons::kRecordNotFound));
}

TEST_F(StandardMethodsTest, CreatesABatchWholeOrNotAtAll) {
  BatchCreateNotesRequest request;
  for (const char* id : {"n-1", "n-2", ""}) *request.add_requests() = ValidNote(id);
  const auto batch = server_.client().Call<BatchCreateNotesResponse>(request);
  ASSERT_THAT(batch, IsOk());
  ASSERT_EQ(batch->notes_size(), 3);
  EXPECT_EQ(batch->notes(0).etag(), "3");
  EXPECT_EQ(batch->notes(2).etag(), "3");
  EXPECT_EQ(batch->notes(2).revisions(), 1);
  BatchCreateNotesRequest broken;
  *broken.add_requests() = ValidNote("n-3");
  *broken.add_requests() = ValidNote("n-1");
  EXPECT_THAT(server_.client().Call<BatchCreateNotesResponse>(broken), HasReason(reasons::kRecordExists));
  EXPECT_THAT(Get("notes/n-3"), HasReason(reasons::kRecordNotFound));
}

TEST_F(StandardMethodsTest, RefusesARehearsalInsideABatch) {
  BatchCreateNotesRequest request;
  *request.add_requests() = ValidNote("n-1");
  request.mutable_requests(0)->set_validate_only(true);
  EXPECT_FALSE(server_.client().Call<BatchCreateNotesResponse>(request).ok());
  EXPECT_THAT(Get("notes/n-1"), HasReason(reasons::kRecordNotFound));
}

TEST_F(StandardMethodsTest, LetsTheEntityRefuse) {
  CreateNoteRequest request = ValidNote("n-1");
  request.mutable_note()->set_title("refused");
  EXPECT_THAT(server_.client().Call<Note>(request), HasReason(reasons::kIllegalTransition));
  EXPECT_THAT(Get("notes/n-1"), HasReason(reasons::kRecordNotFound));
}

TEST(CheckEtagTest, AcceptsNoneAndTheCurrentOne) {
  EXPECT_TRUE(CheckEtag("", "7").ok());
  EXPECT_TRUE(CheckEtag("7", "7").ok());
  EXPECT_THAT(CheckEtag("6", "7"), HasReason(reasons::kStaleEtag));
}

}  // namespace
}  // namespace dangjian::rpc
