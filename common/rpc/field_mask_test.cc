#include "common/rpc/field_mask.h"

#include "common/rpc/testing/note.pb.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::EqualsText;
using dangjian::testing::HasReason;
using dangjian::testing::Proto;
using google::protobuf::FieldMask;
using testing::Note;

FieldMask Mask(const std::vector<std::string>& paths) {
  FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

absl::Status Apply(const FieldMask& mask, const Note& source, Note& target) {
  Violations violations;
  ApplyFieldMask(mask, source, "note", target, violations);
  return violations.ToStatus();
}

TEST(FieldMaskTest, CopiesOnlyWhatIsNamed) {
  Note target = Proto<Note>(R"(title: "old" body: "keep" tags: "a" tags: "b")");
  const Note source = Proto<Note>(R"(title: "new" body: "drop" tags: "c")");
  ASSERT_TRUE(Apply(Mask({"title", "tags"}), source, target).ok());
  EXPECT_THAT(target, EqualsText(R"(title: "new" body: "keep" tags: "c")"));
}

TEST(FieldMaskTest, ClearsANamedFieldThatIsUnset) {
  Note target = Proto<Note>(R"(title: "old" items { text: "x" } period { start_date { year: 2024 } })");
  ASSERT_TRUE(Apply(Mask({"items", "period"}), Note(), target).ok());
  EXPECT_THAT(target, EqualsText(R"(title: "old")"));
}

TEST(FieldMaskTest, ReachesIntoMessages) {
  Note target = Proto<Note>("period { start_date { year: 2023 } end_date { year: 2023 } }");
  const Note source = Proto<Note>("period { start_date { year: 2024 } }");
  ASSERT_TRUE(Apply(Mask({"period.start_date"}), source, target).ok());
  EXPECT_THAT(target, EqualsText("period { start_date { year: 2024 } end_date { year: 2023 } }"));
}

TEST(FieldMaskTest, LeavesAPartOfNothingNothing) {
  Note target = Proto<Note>("title: 'old'");
  ASSERT_TRUE(Apply(Mask({"period.start_date.month", "title"}), Note(), target).ok());
  EXPECT_THAT(target, EqualsText(""));
}

TEST(FieldMaskTest, RefusesUnknownAndFixedFieldsAllAtOnce) {
  Note target;
  const absl::Status status =
      Apply(Mask({"titel", "items.text", "author", "revisions", "name", "etag"}), Note(), target);
  EXPECT_THAT(dangjian::testing::ViolationsOf(status),
              ::testing::ElementsAre("update_mask.paths[0] UNKNOWN_FIELD", "update_mask.paths[1] UNKNOWN_FIELD",
                                     "update_mask.paths[2] IMMUTABLE_FIELD", "update_mask.paths[3] IMMUTABLE_FIELD",
                                     "update_mask.paths[4] IMMUTABLE_FIELD", "update_mask.paths[5] IMMUTABLE_FIELD"));
}

TEST(FieldMaskTest, ReplacesAllThatMayChangeUnderAWholeMask) {
  for (const FieldMask& mask : {Mask({}), Mask({"*"})}) {
    Note target = Proto<Note>(R"(name: "notes/1" etag: "3" author: "people/a" title: "old" body: "gone" revisions: 4)");
    const Note source = Proto<Note>(R"(name: "notes/1" etag: "9" author: "people/a" title: "new" revisions: 7)");
    ASSERT_TRUE(Apply(mask, source, target).ok());
    EXPECT_THAT(target, EqualsText(R"(name: "notes/1" etag: "3" author: "people/a" title: "new" revisions: 4)"));
  }
}

TEST(SameFieldTest, ComparesFieldsOfEveryKind) {
  const Note note = Proto<Note>(R"pb(title: "t"
                                     state: NOTE_STATE_FINAL
                                     pages: 3
                                     tags: "a"
                                     tags: "b"
                                     items { text: "x" }
                                     period { start_date { year: 2024 } })pb");
  const auto differing = [&note](const std::string& other) {
    const Note changed = Proto<Note>(other);
    std::string names;
    for (int i = 0; i < Note::descriptor()->field_count(); ++i) {
      const auto* field = Note::descriptor()->field(i);
      if (!SameField(note, changed, field)) names += field->name() + " ";
    }
    return names;
  };
  EXPECT_EQ(differing(note.DebugString()), "");
  EXPECT_EQ(differing(""), "title state pages tags items period ");
  EXPECT_EQ(differing(R"pb(title: "u"
                           state: NOTE_STATE_DRAFT
                           pages: 4
                           tags: "a"
                           tags: "c"
                           items { text: "y" }
                           period { start_date { year: 2025 } })pb"),
            "title state pages tags items period ");
  EXPECT_EQ(differing(note.DebugString() + " tags: 'c' items { text: 'z' }"), "tags items ");
}

TEST(FieldMaskTest, RefusesAnotherValueOfAnImmutableField) {
  Note target = Proto<Note>(R"(author: "people/a")");
  EXPECT_THAT(Apply(Mask({"*"}), Proto<Note>(R"(author: "people/b")"), target), HasReason(reasons::kImmutableField));
  EXPECT_TRUE(Apply(Mask({"*"}), Note(), target).ok());
  EXPECT_EQ(target.author(), "people/a");
}

}  // namespace
}  // namespace dangjian::rpc
