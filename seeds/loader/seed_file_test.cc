#include "seeds/loader/seed_file.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ErrorOf(std::string_view text) {
  const auto parsed = ParseSeedFile("10_x.csv", text);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST(SeedFileTest, ReadsSectionsWithConstantsHeaderAndRows) {
  const auto sections = ParseSeedFile("10_x.csv",
                                      "# about\n"
                                      "@a.Request\n"
                                      "=kind,BRANCH\n"
                                      "id,name\n"
                                      "x,西社区\n"
                                      "\n"
                                      "y,\n"
                                      "@b\n"
                                      "n\n");
  ASSERT_TRUE(sections.ok()) << sections.status();
  ASSERT_EQ(sections->size(), 2);
  const SeedSection& first = sections->front();
  EXPECT_EQ(first.target, "a.Request");
  EXPECT_THAT(first.columns, ElementsAre("kind", "id", "name"));
  ASSERT_EQ(first.rows.size(), 2);
  EXPECT_EQ(first.rows[0].Get("kind"), "BRANCH");
  EXPECT_EQ(first.rows[0].Get("name"), "西社区");
  EXPECT_EQ(first.rows[1].source, "10_x.csv:7");
  EXPECT_EQ(first.rows[1].Get("name"), "");
  EXPECT_TRUE(sections->back().rows.empty());
}

TEST(SeedFileTest, ConstantsWithoutHeaderAreOneRow) {
  const auto sections = ParseSeedFile("10_x.csv", "@a\n=id,x\n=name,y\n");
  ASSERT_TRUE(sections.ok()) << sections.status();
  ASSERT_EQ(sections->front().rows.size(), 1);
  EXPECT_EQ(sections->front().rows[0].Get("name"), "y");
  EXPECT_EQ(sections->front().rows[0].source, "10_x.csv:3");
}

TEST(SeedFileTest, SplitsQuotedCells) {
  EXPECT_THAT(*SplitCsvLine(R"(a,"b, ""c""",,d)"), ElementsAre("a", R"(b, "c")", "", "d"));
  EXPECT_FALSE(SplitCsvLine(R"(a,"b)").ok());
}

TEST(SeedFileTest, NamesFileAndLineOfWhatIsMalformed) {
  EXPECT_THAT(ErrorOf("id\n"), HasSubstr("10_x.csv:1: a section begins with `@`"));
  EXPECT_THAT(ErrorOf("@a\nid,name\nx\n"), HasSubstr("10_x.csv:3: 1 cells under a header of 2"));
  EXPECT_THAT(ErrorOf("@a\nid,id\n"), HasSubstr("10_x.csv:2: column id stands twice"));
  EXPECT_THAT(ErrorOf("@a\n=id,x,y\n"), HasSubstr("10_x.csv:2: a constant is"));
  EXPECT_THAT(ErrorOf("@a\nid\n=k,v\n"), HasSubstr("10_x.csv:3: constants stand before"));
  EXPECT_THAT(ErrorOf("@a\nid\n\"x\n"), HasSubstr("10_x.csv:3: a quote is left open"));
}

TEST(SeedFileTest, ReadsLinesThatEndInCarriageReturns) {
  const auto sections = ParseSeedFile("10_x.csv", "@a\r\nid\r\nx\r\n");
  ASSERT_TRUE(sections.ok()) << sections.status();
  EXPECT_EQ(sections->front().target, "a");
  EXPECT_EQ(sections->front().rows[0].Get("id"), "x");
}

TEST(SeedRowTest, RefusesEmptyTextAndWrongCounts) {
  const SeedRow row{.source = "f:1", .cells = {{"n", "12"}, {"minus", "-1"}, {"word", "x"}}};
  EXPECT_EQ(*row.Count("n"), 12);
  EXPECT_FALSE(row.Count("minus").ok());
  EXPECT_FALSE(row.Count("word").ok());
  EXPECT_EQ(row.Text("absent").status().message(), "f:1: column absent is empty");
}

}  // namespace
}  // namespace dangjian::seeds
