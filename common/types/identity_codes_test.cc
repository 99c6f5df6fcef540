#include "common/types/identity_codes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/testing/matchers.h"

namespace dangjian {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

// A code of class `prefix` with a right check character.
std::string Uscc(std::string_view prefix) {
  const std::string body = absl::StrCat(ToAbsl(prefix), "610303MF0000013");
  return body + UsccCheckCharacter(body);
}

TEST(IdentityCodesTest, WorkedExample4CitizenNumber) {
  EXPECT_EQ(CitizenNumberCheckDigit("11010519491231002"), 'X');  // sum 167, 167 mod 11 = 2
  EXPECT_EQ(NormalizeCitizenNumber("11010519491231002X").value(), "11010519491231002X");
  EXPECT_EQ(NormalizeCitizenNumber("11010519491231002x").value(), "11010519491231002X");
  EXPECT_EQ(NormalizeCitizenNumber("110105491231002").value(), "11010519491231002X");
}

TEST(IdentityCodesTest, WorkedExample4UsccOfAResidentsCommittee) {
  EXPECT_EQ(UsccCheckCharacter("55610303MF0000013"), 'A');  // sum 1,199, mod 31 = 21, 31 - 21 = 10
  EXPECT_EQ(NormalizeUscc("55610303MF0000013A").value(), "55610303MF0000013A");
  EXPECT_EQ(NormalizeUscc(" 55610303mf0000013a ").value(), "55610303MF0000013A");
}

TEST(IdentityCodesTest, EveryWrongDigitOfACitizenNumberIsFound) {
  const std::string right = "11010519491231002X";
  for (size_t i = 14; i < 17; ++i) {  // the sequence: the date stays one that exists
    std::string wrong = right;
    wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
    EXPECT_THAT(NormalizeCitizenNumber(wrong), HasReason(reasons::kCitizenNumberCheckDigitWrong)) << i;
  }
  EXPECT_THAT(NormalizeCitizenNumber("110105194912310021"), HasReason(reasons::kCitizenNumberCheckDigitWrong));
}

TEST(IdentityCodesTest, AMalformedCitizenNumberIsNamedSo) {
  for (const char* text :
       {"", "1", "1101051949123100", "11010519491231002XX", "1101051949123100X2", "X10105194912310021",
        "110105194902300021", "11010549123100X", "01010519491231002X", "11010519491331002X", "110105491331002"}) {
    EXPECT_THAT(NormalizeCitizenNumber(text), HasReason(reasons::kCitizenNumberMalformed)) << text;
  }
}

TEST(IdentityCodesTest, AnErrorDoesNotRepeatTheCode) {
  EXPECT_EQ(NormalizeCitizenNumber("110105194912310021").status().ToString().find("19491231"), std::string::npos);
}

TEST(IdentityCodesTest, EveryWrongCharacterOfAUsccIsFound) {
  const std::string right = "55610303MF0000013A";
  for (size_t i = 2; i < right.size(); ++i) {
    std::string wrong = right;
    wrong[i] = wrong[i] == '7' ? '8' : '7';
    EXPECT_THAT(NormalizeUscc(wrong), HasReason(reasons::kUsccCheckCharacterWrong)) << i;
  }
}

TEST(IdentityCodesTest, AMalformedUsccIsNamedSo) {
  for (const char* text : {"", "55610303MF0000013", "55610303MF0000013AA", "5561030IMF0000013A", "55610303MO0000013A",
                           "5561A303MF0000013A", "99610303MF0000013A", "00610303MF0000013A"}) {
    EXPECT_THAT(NormalizeUscc(text), HasReason(reasons::kUsccMalformed)) << text;
  }
}

TEST(IdentityCodesTest, ClassesOfTheStandardAreAccepted) {
  for (const char* prefix :
       {"11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53",
        "54", "55", "59", "61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "N1", "Y1"}) {
    EXPECT_THAT(NormalizeUscc(Uscc(prefix)), IsOk()) << prefix;
  }
  for (const char* prefix : {"14", "22", "56", "94", "99", "B1", "1A", "Y9"}) {
    EXPECT_THAT(NormalizeUscc(Uscc(prefix)), HasReason(reasons::kUsccMalformed)) << prefix;
  }
}

}  // namespace
}  // namespace dangjian
