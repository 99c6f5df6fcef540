#include "common/rpc/field_paths.h"

#include "common/rpc/testing/note.pb.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

TEST(RequestPathTest, KeepsAPathOfTheRequest) {
  const auto& create = *testing::CreateNoteRequest::descriptor();
  for (const char* path : {"note.items[2].due_date", "note", "note_id", "note.tags[1]"}) {
    EXPECT_EQ(RequestPath(create, path), path);
  }
  EXPECT_EQ(RequestPath(*testing::UpdateNoteRequest::descriptor(), "update_mask.paths[0]"), "update_mask.paths[0]");
  const auto& batch = *testing::BatchCreateNotesRequest::descriptor();
  EXPECT_EQ(RequestPath(batch, "requests[3].note.period.end_date"), "requests[3].note.period.end_date");
  EXPECT_EQ(RequestPath(batch, "requests[3]"), "requests[3]");
}

TEST(RequestPathTest, FindsAFieldOfTheRecordAtTheTopOfARequest) {
  // As the request of a verb has it.
  EXPECT_EQ(RequestPath(*testing::Note::descriptor(), "note.items[2].due_date"), "items[2].due_date");
}

TEST(RequestPathTest, NamesTheRecordWhenItsStoredFieldIsTheMatter) {
  EXPECT_EQ(RequestPath(*testing::DeleteNoteRequest::descriptor(), "note.items[2].due_date"), "name");
  EXPECT_EQ(RequestPath(*testing::CreateNoteRequest::descriptor(), "plainly wrong"), "");
}

}  // namespace
}  // namespace dangjian::rpc
