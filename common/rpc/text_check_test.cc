#include "common/rpc/text_check.h"

#include <string>

#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

TEST(TextCheckTest, CountsCharactersNotBytes) {
  EXPECT_EQ(CountCharacters("", false), 0);
  EXPECT_EQ(CountCharacters("abc", false), 3);
  EXPECT_EQ(CountCharacters("东风路街道", false), 5);
  EXPECT_EQ(CountCharacters("𠮷a", false), 2);  // outside the basic plane
}

TEST(TextCheckTest, RefusesControlCharacters) {
  EXPECT_EQ(CountCharacters(std::string("a\0b", 3), true), std::nullopt);
  EXPECT_EQ(CountCharacters("a\x1b[31m", true), std::nullopt);
  EXPECT_EQ(CountCharacters("a\x7f", true), std::nullopt);
  EXPECT_EQ(CountCharacters("a\xC2\x85", true), std::nullopt);  // U+0085
}

TEST(TextCheckTest, AllowsLineBreaksAndTabsInMultilineTextOnly) {
  EXPECT_EQ(CountCharacters("a\r\n\tb", true), 5);
  EXPECT_EQ(CountCharacters("a\nb", false), std::nullopt);
  EXPECT_EQ(CountCharacters("a\tb", false), std::nullopt);
}

TEST(TextCheckTest, RefusesNonCharactersAndDirectionOverrides) {
  for (const char* text : {"\xEF\xBF\xBE", "\xEF\xBF\xBF", "\u202A", "\u202E", "\u2066", "\u2069"}) {
    EXPECT_EQ(CountCharacters(text, true), std::nullopt) << text;
  }
  EXPECT_EQ(CountCharacters("\u2029\u202F\u2065\u206A", true), 4);
}

TEST(TextCheckTest, RefusesWhatIsNotShortestFormUtf8) {
  for (const char* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xE4\xB8", "\xE4", "\xE4\xB8\x41"}) {
    EXPECT_EQ(CountCharacters(text, true), std::nullopt);
  }
}

}  // namespace
}  // namespace dangjian::rpc
