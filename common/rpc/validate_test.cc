#include "common/rpc/validate.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing/details.h"
#include "common/rpc/testing/note_server.h"
#include "common/testing/matchers.h"
#include "dangjian/options/v1/options.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::Proto;
using dangjian::testing::ViolationsOf;
using testing::CreateNoteRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Note;
using ::testing::UnorderedElementsAre;
using testing::UpdateNoteRequest;
using testing::ValidNote;

// The violations of a request as `field REASON`, and its references as `field name`.
class ValidateTest : public ::testing::Test {
 protected:
  std::vector<std::string> Check(google::protobuf::Message& request) {
    Validator validator;
    EXPECT_TRUE(validator.Add(*request.GetDescriptor()).ok());
    Violations violations;
    std::vector<Reference> references;
    validator.Check(request, violations, references);
    for (const Reference& reference : references) {
      references_.push_back(absl::StrCat(reference.field, " ", reference.name));
    }
    return ViolationsOf(violations.ToStatus());
  }
  // The same of a record that a write has changed.
  static std::vector<std::string> CheckChanged(const Note& before, Note& after) {
    Validator validator;
    EXPECT_TRUE(validator.Add(*CreateNoteRequest::descriptor()).ok());
    Violations violations;
    validator.CheckChanged(before, after, "note", violations);
    return ViolationsOf(violations.ToStatus());
  }

  std::vector<std::string> references_;
};

TEST_F(ValidateTest, AcceptsAValidRequest) {
  CreateNoteRequest request = ValidNote("n-1");
  request.set_request_id("r-1:2024.06_30");
  request.mutable_note()->set_body("第一行\n第二行");
  request.mutable_note()->set_code("DF12");
  EXPECT_THAT(Check(request), IsEmpty());
  EXPECT_THAT(references_, ElementsAre("note.author people/lin"));
}

TEST_F(ValidateTest, ListsEveryViolationWithItsPath) {
  CreateNoteRequest request;
  Note& note = *request.mutable_note();
  note.set_author("cats/tom");
  note.set_code("df12");
  note.set_pages(501);
  note.set_state(static_cast<testing::NoteState>(77));
  for (int i = 0; i < 4; ++i) note.add_tags("x");
  note.add_items()->set_text("ok");
  note.add_items()->set_text("this is too long");
  note.mutable_items(1)->mutable_due_date()->set_year(2024);
  note.add_items();
  note.mutable_period()->mutable_start_date()->set_year(2024);
  EXPECT_THAT(Check(request), UnorderedElementsAre(
                                  "note.author INVALID_NAME", "note.title FIELD_REQUIRED", "note.code PATTERN_MISMATCH",
                                  "note.pages OUT_OF_BOUNDS", "note.state UNKNOWN_ENUM_VALUE",
                                  "note.tags TOO_MANY_ITEMS", "note.items[1].text TEXT_TOO_LONG",
                                  "note.items[1].due_date INVALID_DATE", "note.items[2].text FIELD_REQUIRED",
                                  "note.period.start_date INVALID_DATE", "note.period.end_date FIELD_REQUIRED"));
}

TEST_F(ValidateTest, RequiresAMessage) {
  CreateNoteRequest request;
  EXPECT_THAT(Check(request), ElementsAre("note FIELD_REQUIRED"));
}

TEST_F(ValidateTest, RefusesTextThatCannotBeStored) {
  CreateNoteRequest request = ValidNote("n-1");
  request.mutable_note()->set_title(std::string("a\0b", 3));
  request.mutable_note()->add_tags("two\nlines");
  request.mutable_note()->set_body("evil \u202E txt");
  EXPECT_THAT(Check(request), UnorderedElementsAre("note.title MALFORMED_TEXT", "note.body MALFORMED_TEXT",
                                                   "note.tags[0] MALFORMED_TEXT"));
}

TEST_F(ValidateTest, CountsLengthInCharacters) {
  CreateNoteRequest request = ValidNote("n-1");
  std::string title;
  for (int i = 0; i < 20; ++i) title += "党";
  request.mutable_note()->set_title(title);
  EXPECT_THAT(Check(request), IsEmpty());
  request.mutable_note()->set_title(title + "建");
  EXPECT_THAT(Check(request), ElementsAre("note.title TEXT_TOO_LONG"));
}

TEST_F(ValidateTest, LimitsTextWithoutRules) {
  CreateNoteRequest request = ValidNote(std::string(201, 'n'));
  EXPECT_THAT(Check(request), ElementsAre("note_id TEXT_TOO_LONG"));
}

TEST_F(ValidateTest, ChecksTheFormOfARequestId) {
  CreateNoteRequest request = ValidNote("n-1");
  request.set_request_id("with space");
  EXPECT_THAT(Check(request), ElementsAre("request_id PATTERN_MISMATCH"));
  request.set_request_id(std::string(65, 'x'));
  EXPECT_THAT(Check(request), ElementsAre("request_id TEXT_TOO_LONG"));
  request.set_request_id(std::string(64, 'x'));
  EXPECT_THAT(Check(request), IsEmpty());
}

TEST_F(ValidateTest, RefusesANegativePageSize) {
  testing::ListNotesRequest request;
  request.set_page_size(-1);
  request.set_page_token(std::string(1024, 'x'));
  EXPECT_THAT(Check(request), ElementsAre("page_size NEGATIVE_PAGE_SIZE"));
}

TEST_F(ValidateTest, DropsWhatOnlyTheServerSetsButKeepsTheEtag) {
  CreateNoteRequest request = ValidNote("n-1");
  request.mutable_note()->set_revisions(99);
  request.mutable_note()->mutable_create_time()->set_seconds(1);
  request.mutable_note()->set_etag("7");
  EXPECT_THAT(Check(request), IsEmpty());
  EXPECT_EQ(request.note().revisions(), 0);
  EXPECT_FALSE(request.note().has_create_time());
  EXPECT_EQ(request.note().etag(), "7");
}

TEST_F(ValidateTest, DoesNotTakeTheRecordItselfForAReference) {
  testing::DeleteNoteRequest request;
  request.set_name("notes/n-1");
  EXPECT_THAT(Check(request), IsEmpty());
  EXPECT_THAT(references_, IsEmpty());
  request.set_name("people/lin");
  EXPECT_THAT(Check(request), ElementsAre("name INVALID_NAME"));
  request.set_name("notes/Upper");
  EXPECT_THAT(Check(request), ElementsAre("name INVALID_NAME"));
}

TEST_F(ValidateTest, ChecksOnlyTheFieldsThatAMaskNames) {
  UpdateNoteRequest request;
  request.mutable_note()->set_name("notes/n-1");
  request.mutable_note()->set_pages(-1);
  request.mutable_note()->set_author("nobody");
  request.mutable_update_mask()->add_paths("pages");
  EXPECT_THAT(Check(request), ElementsAre("note.pages OUT_OF_BOUNDS"));
  EXPECT_THAT(references_, IsEmpty());
}

TEST_F(ValidateTest, FollowsAMaskIntoAMessage) {
  UpdateNoteRequest request;
  request.mutable_note()->mutable_period()->mutable_start_date()->set_year(2024);
  request.mutable_update_mask()->add_paths("period.start_date");
  EXPECT_THAT(Check(request), ElementsAre("note.period.start_date INVALID_DATE"));
  // A part of a date says nothing of itself, and what is not named may stand in the record.
  request.mutable_update_mask()->set_paths(0, "period.start_date.month");
  EXPECT_THAT(Check(request), IsEmpty());
  request.mutable_update_mask()->set_paths(0, "period.end_date");
  EXPECT_THAT(Check(request), ElementsAre("note.period.end_date FIELD_REQUIRED"));
  request.mutable_update_mask()->set_paths(0, "period");
  EXPECT_THAT(Check(request),
              UnorderedElementsAre("note.period.start_date INVALID_DATE", "note.period.end_date FIELD_REQUIRED"));
}

TEST_F(ValidateTest, ChecksTheWholeOfEveryFieldThatAWriteHasChanged) {
  const Note before = Proto<Note>(R"pb(
    author: "people/lin"
    title: "t"
    tags: "a"
    tags: "b"
    tags: "c"
    code: "old mark"
    period {
      start_date { year: 2024 month: 1 day: 31 }
      end_date { year: 2024 month: 6 day: 30 }
    })pb");
  Note after = before;
  EXPECT_THAT(CheckChanged(before, after), IsEmpty());  // what a rule of today would refuse may stay as it was
  after.mutable_period()->mutable_start_date()->set_month(2);
  after.add_tags("d");
  after.clear_title();
  after.set_revisions(9);
  EXPECT_THAT(CheckChanged(before, after), ElementsAre("note.title FIELD_REQUIRED", "note.tags TOO_MANY_ITEMS",
                                                       "note.period.start_date INVALID_DATE"));
  EXPECT_EQ(after.revisions(), 9);  // the server's own
}

TEST_F(ValidateTest, ChecksEverythingUnderAWholeMask) {
  UpdateNoteRequest request;
  request.mutable_note()->set_name("notes/n-1");
  EXPECT_THAT(Check(request), UnorderedElementsAre("note.author FIELD_REQUIRED", "note.title FIELD_REQUIRED"));
  request.mutable_update_mask()->add_paths("*");
  EXPECT_THAT(Check(request), UnorderedElementsAre("note.author FIELD_REQUIRED", "note.title FIELD_REQUIRED"));
}

TEST_F(ValidateTest, ChecksTheRequestsOfABatch) {
  testing::BatchCreateNotesRequest request;
  *request.add_requests() = ValidNote("n-1");
  *request.add_requests() = ValidNote("n-2");
  request.mutable_requests(1)->mutable_note()->clear_title();
  EXPECT_THAT(Check(request), ElementsAre("requests[1].note.title FIELD_REQUIRED"));
  EXPECT_THAT(references_, ElementsAre("requests[0].note.author people/lin", "requests[1].note.author people/lin"));
}

TEST_F(ValidateTest, LimitsItemsWithoutRules) {
  testing::BatchGetNotesRequest request;
  for (int i = 0; i < 1001; ++i) request.add_names("notes/n-1");
  EXPECT_THAT(Check(request), ElementsAre("names TOO_MANY_ITEMS"));
  request.clear_names();
  EXPECT_THAT(Check(request), ElementsAre("names FIELD_REQUIRED"));
}

TEST_F(ValidateTest, RefusesAPatternThatDoesNotCompile) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("broken.proto");
  file.set_package("broken");
  file.set_syntax("proto3");
  auto* message = file.add_message_type();
  message->set_name("Broken");
  auto* field = message->add_field();
  field->set_name("code");
  field->set_number(1);
  field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
  field->set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
  field->mutable_options()->MutableExtension(options::v1::rules)->set_pattern("(");
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  Validator validator;
  const absl::Status status = validator.Add(*pool.BuildFile(file)->message_type(0));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("broken.Broken.code"));
}

}  // namespace
}  // namespace dangjian::rpc
