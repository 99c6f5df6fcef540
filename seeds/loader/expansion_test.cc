#include "seeds/loader/expansion.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

using ::testing::HasSubstr;

Phrases Words() {
  Phrases phrases;
  const auto sections = ParseSeedFile("phrases.csv", "@phrases\nkind,text\nsurname,王\nsurname,李\nsurname,张\n");
  EXPECT_TRUE(sections.ok() && phrases.Add(sections->front()).ok());
  return phrases;
}

std::string Of(std::string_view text, int64_t i = 7) {
  const auto expanded = Expand(text, i, Words());
  return expanded.ok() ? *expanded : absl::StrCat("error: ", expanded.status().message());
}

TEST(ExpansionTest, Computes) {
  EXPECT_EQ(Of("h-{i}"), "h-7");
  EXPECT_EQ(Of("h-{i:4}-{i+1:2}"), "h-0007-08");
  EXPECT_EQ(Of("{(i-1)%4*10+i/2}"), "23");
  EXPECT_EQ(Of("{100-i*2-3}"), "83");
  EXPECT_EQ(Of("no braces"), "no braces");
}

TEST(ExpansionTest, ChoosesInTurn) {
  EXPECT_EQ(Of("{i?a|b|c}", 0), "a");
  EXPECT_EQ(Of("{i?a|b|c}", 4), "b");
  EXPECT_EQ(Of("{i/5?few|many}", 4), "few");
  EXPECT_EQ(Of("{i%2?x|}", 1), "");
}

TEST(ExpansionTest, Dates) {
  EXPECT_EQ(Of("{day:2005-12-30+i*2}", 1), "2006-01-01");
  EXPECT_EQ(Of("{day:2005-12-30}"), "2005-12-30");
  EXPECT_EQ(Of("{month:2005-12-30+i}", 2), "2006-02-01");
}

TEST(ExpansionTest, WordsFollowFromTheNumberAlone) {
  EXPECT_EQ(Of("{word:surname}"), Of("{word:surname}"));
  EXPECT_EQ(Of("{word:surname#x@i*3}", 4), Of("{word:surname#x}", 12));
  std::set<std::string> seen;
  for (int i = 0; i < 40; ++i) seen.insert(Of("{word:surname}", i));
  EXPECT_EQ(seen.size(), 3);
  EXPECT_THAT(Of("{word:given}"), HasSubstr("no phrases of kind given"));
}

TEST(ExpansionTest, TellsWhatIsWrong) {
  EXPECT_THAT(Of("{i"), HasSubstr("a brace is left open"));
  EXPECT_THAT(Of("{}"), HasSubstr("is no expression"));
  EXPECT_THAT(Of("{i+}"), HasSubstr("is no expression"));
  EXPECT_THAT(Of("{(i}"), HasSubstr("is no expression"));
  EXPECT_THAT(Of("{i/0}"), HasSubstr("is no expression"));
  EXPECT_THAT(Of("{j}"), HasSubstr("is no expression"));
  EXPECT_THAT(Of("{i:99}"), HasSubstr("the width is 1 to 18"));
  EXPECT_THAT(Of("{day:2005-02-30+i}"), HasSubstr("error"));
}

TEST(ExpansionTest, RowsRepeat) {
  const auto sections = ParseSeedFile("10_x.csv", "@x\n=*repeat,2..3\nid,name\na-{i},{i?zero|one|two|three}\n");
  ASSERT_TRUE(sections.ok());
  const auto rows = ExpandRows(sections->front(), Words());
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2);
  EXPECT_EQ(rows->at(1).Get("id"), "a-3");
  EXPECT_EQ(rows->at(1).Get("name"), "three");
  EXPECT_EQ(rows->at(1).source, "10_x.csv:4 i=3");
}

TEST(ExpansionTest, ARangeThatIsNoneNamesItsLine) {
  for (const char* range : {"3..2", "x", "1-3", "0..9999999"}) {
    const auto sections = ParseSeedFile("10_x.csv", absl::StrCat("@x\n=*repeat,", range, "\nid\na\n"));
    ASSERT_TRUE(sections.ok());
    EXPECT_THAT(std::string(ExpandRows(sections->front(), Words()).status().message()),
                HasSubstr("10_x.csv:4: *repeat is `first..last`"));
  }
}

}  // namespace
}  // namespace dangjian::seeds
