#include "common/rpc/standard_methods.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/answer_limits.h"
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
using dangjian::testing::Proto;
using dangjian::testing::ViolationsOf;
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

TEST_F(StandardMethodsTest, RefusesAMaskThatWouldLeaveAnImpossibleDate) {
  CreateNoteRequest create = ValidNote("n-1");
  *create.mutable_note()->mutable_period() = Proto<Note>(R"pb(period {
                                                                start_date { year: 2024 month: 1 day: 31 }
                                                                end_date { year: 2024 month: 6 day: 30 }
                                                              })pb")
                                                 .period();
  ASSERT_THAT(server_.client().Call<Note>(create), IsOk());
  UpdateNoteRequest request;
  request.mutable_note()->set_name("notes/n-1");
  request.mutable_note()->mutable_period()->mutable_start_date()->set_month(2);
  request.mutable_update_mask()->add_paths("period.start_date.month");
  EXPECT_THAT(ViolationsOf(server_.client().Call<Note>(request)), ElementsAre("note.period.start_date INVALID_DATE"));
  request.mutable_note()->mutable_period()->mutable_start_date()->set_month(3);
  const auto moved = server_.client().Call<Note>(request);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->period().start_date().day(), 31);
  request.mutable_note()->clear_period();
  request.mutable_update_mask()->set_paths(0, "period.end_date");
  EXPECT_THAT(ViolationsOf(server_.client().Call<Note>(request)), ElementsAre("note.period.end_date FIELD_REQUIRED"));
}

TEST_F(StandardMethodsTest, KeepsTheVersionOfARecordThatAnUpdateLeavesAsItIs) {
  const Note note = Create("n-1");
  const int64_t revision = server_.store().LastRevision();
  UpdateNoteRequest request;
  *request.mutable_note() = note;
  request.mutable_update_mask()->add_paths("title");
  const auto same = server_.client().Call<Note>(request);
  ASSERT_THAT(same, IsOk());
  EXPECT_THAT(*same, dangjian::testing::EqualsProto(note));
  EXPECT_EQ(server_.store().LastRevision(), revision);
  // The answer is kept for a retry all the same.
  request.set_request_id("again");
  EXPECT_THAT(server_.client().Call<Note>(request), IsOk());
  EXPECT_EQ(server_.store().LastRevision(), revision + 1);
  EXPECT_THAT(Get(note.name()), dangjian::testing::IsOkAndHolds(dangjian::testing::EqualsProto(note)));
}

TEST_F(StandardMethodsTest, RefusesAStaleEtagAndSaysTheCurrentOne) {
  const Note old = Create("n-1");
  UpdateNoteRequest request;
  *request.mutable_note() = old;
  request.mutable_update_mask()->add_paths("title");
  request.mutable_note()->set_title("新标题");
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

TEST_F(StandardMethodsTest, EndsAPageWhenItsRowsAreLarge) {
  constexpr int kNotes = 40;
  for (int i = 0; i < kNotes; ++i) {
    CreateNoteRequest request = ValidNote(absl::StrCat("n-", i));
    request.mutable_note()->set_body(std::string(60'000, 'x'));
    ASSERT_THAT(server_.client().Call<Note>(request), IsOk());
  }
  for (const char* author : {"", "people/lin"}) {
    ListNotesRequest request;
    request.set_page_size(100);
    request.set_author(author);
    std::set<std::string> names;
    int pages = 0;
    do {
      const auto page = List(request);
      ASSERT_THAT(page, IsOk());
      EXPECT_LE(page->ByteSizeLong(), kPageBytes + 2048);
      for (const Note& note : page->notes()) names.insert(note.name());
      request.set_page_token(page->next_page_token());
      ++pages;
    } while (!request.page_token().empty());
    EXPECT_EQ(names.size(), kNotes);
    EXPECT_EQ(pages, 3);
  }
}

TEST_F(StandardMethodsTest, RefusesAnAnswerThatAClientCouldNotTake) {
  CreateNoteRequest create = ValidNote("n-1");
  create.mutable_note()->set_body(std::string(60'000, 'x'));
  ASSERT_THAT(server_.client().Call<Note>(create), IsOk());
  BatchGetNotesRequest request;
  for (int i = 0; i < 65; ++i) request.add_names("notes/n-1");
  ASSERT_THAT(server_.client().Call<BatchGetNotesResponse>(request), IsOk());
  for (int i = 0; i < 5; ++i) request.add_names("notes/n-1");
  EXPECT_THAT(server_.client().Call<BatchGetNotesResponse>(request), HasReason(reasons::kAnswerTooLarge));
}

TEST_F(StandardMethodsTest, RefusesAFilterThatNamesNobody) {
  ListNotesRequest request;
  request.set_author("people/absent");
  EXPECT_THAT(List(request), HasReason(reasons::kRecordNotFound));
  EXPECT_THAT(ViolationsOf(List(request)), ElementsAre("author RECORD_NOT_FOUND"));
  request.set_author("cats/tom");
  EXPECT_THAT(List(request), HasReason(reasons::kInvalidName));
  request.set_author("people/wang");
  EXPECT_EQ(List(request)->notes_size(), 0);
}

TEST_F(StandardMethodsTest, RefusesAForeignOrMalformedName) {
  for (const char* name : {"people/lin", "notes", "notes/", "notes/UPPER", "notes/a/b"}) {
    EXPECT_THAT(Get(name), HasReason(reasons::kInvalidName)) << name;
    UpdateNoteRequest update;
    update.mutable_note()->set_name(name);
    update.mutable_update_mask()->add_paths("title");
    update.mutable_note()->set_title("t");
    EXPECT_THAT(ViolationsOf(server_.client().Call<Note>(update)), ElementsAre("note.name INVALID_NAME")) << name;
    BatchGetNotesRequest batch;
    batch.add_names(name);
    EXPECT_THAT(ViolationsOf(server_.client().Call<BatchGetNotesResponse>(batch)),
                ElementsAre("names[0] INVALID_NAME"));
  }
  UpdateNoteRequest nameless;
  nameless.mutable_update_mask()->add_paths("body");
  EXPECT_THAT(ViolationsOf(server_.client().Call<Note>(nameless)), ElementsAre("note.name FIELD_REQUIRED"));
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

TEST_F(StandardMethodsTest, NamesEveryBadRowOfABatch) {
  Create("taken");
  const int64_t revision = server_.store().LastRevision();
  BatchCreateNotesRequest request;
  for (const char* id : {"n-0", "n-1", "n-2", "n-3", "taken", "n-5"}) *request.add_requests() = ValidNote(id);
  request.mutable_requests(1)->mutable_note()->set_title("refused");         // a rule of the entity
  request.mutable_requests(2)->mutable_note()->set_author("people/absent");  // a reference
  request.mutable_requests(3)->mutable_note()->set_pages(501);               // a rule of a field
  const auto refused = server_.client().Call<BatchCreateNotesResponse>(request);
  EXPECT_THAT(ViolationsOf(refused),
              ElementsAre("requests[3].note.pages OUT_OF_BOUNDS", "requests[2].note.author REFERENCE_NOT_FOUND",
                          "requests[1] ILLEGAL_TRANSITION", "requests[4] RECORD_EXISTS"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MetadataOf(refused.status(), "rows"), "1-4");
  EXPECT_EQ(server_.store().LastRevision(), revision);
  // A code that all rows share stays.
  request.mutable_requests(3)->mutable_note()->set_pages(5);
  EXPECT_EQ(server_.client().Call<BatchCreateNotesResponse>(request).status().code(),
            absl::StatusCode::kFailedPrecondition);
  request.mutable_requests()->DeleteSubrange(1, 4);
  EXPECT_THAT(server_.client().Call<BatchCreateNotesResponse>(request), IsOk());
}

TEST_F(StandardMethodsTest, NamesBothRowsThatAreAlike) {
  BatchCreateNotesRequest request;
  for (const char* id : {"n-0", "n-1", "n-2", "n-3", "n-1"}) *request.add_requests() = ValidNote(id);
  request.mutable_requests(0)->mutable_note()->set_code("DF1");
  request.mutable_requests(3)->mutable_note()->set_code("DF1");
  EXPECT_THAT(ViolationsOf(server_.client().Call<BatchCreateNotesResponse>(request)),
              ElementsAre("requests[1].note_id DUPLICATE_ID_IN_BATCH", "requests[4].note_id DUPLICATE_ID_IN_BATCH",
                          "requests[0] UNIQUE_VIOLATION", "requests[3] UNIQUE_VIOLATION"));
  CreateNoteRequest stored = ValidNote("n-9");
  stored.mutable_note()->set_code("DF1");
  ASSERT_THAT(server_.client().Call<Note>(stored), IsOk());
  request.mutable_requests()->DeleteSubrange(1, 4);
  const auto refused = server_.client().Call<BatchCreateNotesResponse>(request);
  EXPECT_THAT(ViolationsOf(refused), ElementsAre("requests[0] UNIQUE_VIOLATION"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MetadataOf(refused.status(), "resource"), "notes/n-9");
}

TEST_F(StandardMethodsTest, RehearsesABatch) {
  const int64_t revision = server_.store().LastRevision();
  BatchCreateNotesRequest request;
  request.set_validate_only(true);
  request.set_request_id("rehearsal");
  for (const char* id : {"n-0", "n-1"}) *request.add_requests() = ValidNote(id);
  EXPECT_EQ(server_.client().Call<BatchCreateNotesResponse>(request)->notes_size(), 2);
  EXPECT_EQ(server_.store().LastRevision(), revision);
  DeleteNoteRequest gone;
  gone.set_name(Create("n-2").name());
  gone.set_validate_only(true);
  EXPECT_THAT(server_.client().Call<google::protobuf::Empty>(gone), IsOk());
  EXPECT_THAT(Get("notes/n-2"), IsOk());
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
