#include "common/rpc/text_form.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

constexpr TextRules kLine{};
constexpr TextRules kLines{.multiline = true};
constexpr TextRules kName{.person_name = true};

// What is stored of a text; "refused" when nothing is.
std::string Stored(std::string_view text, TextRules rules = kLine) {
  const std::optional<TextForm> form = FormText(text, rules);
  if (!form.has_value()) return "refused";
  const std::string stored = form->changed.value_or(std::string(text));
  EXPECT_EQ(FormText(stored, rules)->changed, std::nullopt) << "forming twice changes " << stored;
  return stored;
}

TEST(TextFormTest, LeavesOrdinaryTextAlone) {
  for (const char* text : {"", "abc", "a b", "东风路街道", "“两代表一委员”——到社区(报到)…", "张 三", "1,353件",
                           "a,b。c", "𠮷野家", "ＡＢＣ"}) {
    const auto form = FormText(text, kLine);
    ASSERT_TRUE(form.has_value()) << text;
    EXPECT_EQ(form->changed, std::nullopt) << text;
  }
}

TEST(TextFormTest, CountsCharactersNotBytes) {
  EXPECT_EQ(FormText("", kLine)->characters, 0);
  EXPECT_EQ(FormText("东风路街道", kLine)->characters, 5);
  EXPECT_EQ(FormText("𠮷a", kLine)->characters, 2);        // outside the basic plane
  EXPECT_EQ(FormText(" e\u0301 ", kLine)->characters, 1);  // of the form that is stored
}

TEST(TextFormTest, TrimsBlanksOfEveryKind) {
  EXPECT_EQ(Stored("  张三\t"), "张三");
  for (const char* blank : {" ", "\t", "\n", "\u0085", "\u00A0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202F",
                            "\u205F", "\u3000", "\u115F", "\u1160", "\u2800", "\u3164", "\uFFA0"}) {
    EXPECT_EQ(Stored(blank), "") << blank;
    EXPECT_EQ(Stored(std::string(blank) + "张三" + blank + blank), "张三") << blank;
  }
  EXPECT_EQ(Stored("\n第一行\n\n第二行\n", kLines), "第一行\n\n第二行");
}

TEST(TextFormTest, RefusesWhatNobodySees) {
  for (const char* invisible :
       {"\u00AD",     "\u034F", "\u061C", "\u17B4", "\u180E",     "\u200B",    "\u200C", "\u200D",
        "\u200E",     "\u200F", "\u202A", "\u202E", "\u2060",     "\u2064",    "\u2066", "\u2069",
        "\u206F",     "\uFE0F", "\uFEFF", "\uFFF0", "\uFFF9",     "\uFFFC",    "\uFFFD", "\U000E0020",
        "\U000E0101", "\uFDD0", "\uFFFE", "\uFFFF", "\U0002FFFF", "\U0010FFFE"}) {
    EXPECT_EQ(Stored(invisible, kLines), "refused") << invisible;
    EXPECT_EQ(Stored(std::string("张 ") + invisible + "三", kLines), "refused") << invisible;
  }
  for (const char* inside : {"\u200B", "\u00AD", "\u3164", "\u2060", "\u200D", "\u200C", "\uFEFF"}) {
    EXPECT_EQ(Stored(std::string("张") + inside + "三"), "refused") << inside;
  }
}

TEST(TextFormTest, RefusesControlCharacters) {
  EXPECT_EQ(Stored(std::string("a\0b", 3), kLines), "refused");
  EXPECT_EQ(Stored("a\x1b[31m", kLines), "refused");
  EXPECT_EQ(Stored("a\x7f", kLines), "refused");
  EXPECT_EQ(Stored("a\u0085b", kLines), "refused");
  EXPECT_EQ(Stored("a\r\n\tb", kLines), "a\r\n\tb");
  for (const char* text : {"a\nb", "a\tb", "a\u2028b", "a\u2029b"}) EXPECT_EQ(Stored(text, kLine), "refused") << text;
  EXPECT_EQ(Stored("a\u2028b", kLines), "a\u2028b");
}

TEST(TextFormTest, RefusesWhatIsNotShortestFormUtf8) {
  for (const char* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xE4\xB8", "\xE4", "\xE4\xB8\x41"}) {
    EXPECT_EQ(Stored(text, kLines), "refused");
    EXPECT_EQ(Stored(std::string(" 党") + text, kLines), "refused");
  }
}

TEST(TextFormTest, ComposesToNfc) {
  EXPECT_EQ(Stored("Ame\u0301lie"), "Am\u00E9lie");
  EXPECT_EQ(Stored("\u1112\u1161\u11AB"), "\uD55C");  // a Korean syllable
  EXPECT_EQ(Stored("\uF900"), "\u8C48");              // a compatibility ideograph is the same ideograph
  EXPECT_EQ(Stored("\u212B"), "\u00C5");
  EXPECT_EQ(Stored("が"), Stored("か\u3099"));
}

TEST(TextFormTest, KeepsRareLetters) {
  // Extension B, C, G, H and I, one not assigned yet, one of private use.
  for (const char* letter :
       {"\U00020BB7", "\U0002A700", "\U00030000", "\U00031350", "\U0002EBF0", "\U00033480", "\uE815", "\U000F0000"}) {
    EXPECT_EQ(Stored(std::string("张") + letter), std::string("张") + letter);
  }
}

TEST(TextFormTest, KeepsVariationSelectorsAndJoinersWhereTheyBelong) {
  for (const char* text :
       {"葛\U000E0100城", "☎\uFE0F", "👨\u200D👩\u200D👧", "🏳\uFE0F\u200D🌈", "👩🏽\u200D🚒",
        "ᠮᠤᠨᠭᠭᠤᠯ\u180E\u1820", "ᠠ\u180B", "\u0915\u094D\u200D\u0937", "\u0645\u06CC\u200C\u062E\u0648"}) {
    EXPECT_EQ(Stored(text), text);
  }
  EXPECT_EQ(Stored("葛\U000E0100\U000E0101"), "refused");  // a selector of a selector
  EXPECT_EQ(Stored("👨\u200D张"), "refused");
  EXPECT_EQ(Stored("👨\u200D"), "refused");
}

TEST(TextFormTest, GivesNamesOneDot) {
  for (const char* dot : {"·", "•", "・", "‧", "∙", "⋅", "･", "\u0387", "ㆍ", "⸱", "⸳", "ꞏ", "᛫"}) {
    EXPECT_EQ(Stored(std::string("阿卜杜拉") + dot + "热合曼", kName), "阿卜杜拉·热合曼") << dot;
  }
  EXPECT_EQ(Stored("• 第一条"), "• 第一条");  // no name
}

}  // namespace
}  // namespace dangjian::rpc
