#include "services/ctl/text_table.h"

#include "gtest/gtest.h"

namespace dangjian::ctl {
namespace {

TEST(DisplayWidthTest, CountsTerminalColumns) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("D09"), 3u);
  EXPECT_EQ(DisplayWidth("社区"), 4u);
  EXPECT_EQ(DisplayWidth("（％）"), 6u);      // full-width forms
  EXPECT_EQ(DisplayWidth("“两委会”"), 8u);    // the quotation marks are narrow
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);     // a combining accent
  EXPECT_EQ(DisplayWidth("\U00020000"), 2u);  // beyond the basic plane
  EXPECT_EQ(DisplayWidth("a\xFFz"), 3u);      // no UTF-8
}

TEST(TextTableTest, AlignsWideAndNarrowText) {
  TextTable table({{"编号"}, {"指标"}, {"数值", Align::kRight}, {"单位"}});
  table.AddRow({"D01", "辖区社区", "12", "个"});
  table.AddRow({"D06", "经费", "2950.00", "元"});
  EXPECT_EQ(table.Render(),
            "编号  指标         数值  单位\n"
            "D01   辖区社区       12  个\n"
            "D06   经费      2950.00  元\n");
}

TEST(TextTableTest, LeavesNoSpacesAtTheEnd) {
  TextTable table({{"a"}, {"long title"}});
  table.AddRow({"x", ""});
  table.AddRow({"y", "z"});
  EXPECT_EQ(table.Render(), "a  long title\nx\ny  z\n");
}

TEST(TextTableTest, TextCannotSteerTheTerminal) {
  TextTable table({{"a"}});
  table.AddRow({"\x1B[2Jline\nbreak\x7F \u009B1m \u202Eabc \xFF"});
  EXPECT_EQ(table.Render(), "a\n?[2Jline?break? ?1m ?abc ?\n");
}

}  // namespace
}  // namespace dangjian::ctl
