#include "common/types/identity_codes.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian {
namespace {

constexpr size_t kLength = 18;
constexpr size_t kOldCitizenLength = 15;

// GB 11643-1999, appendix: 2^(18-i) mod 11.
constexpr std::array<int, 17> kCitizenWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::string_view kCitizenChecks = "10X98765432";

// GB 32100-2015: digits and capitals without I, O, S, V and Z; a character's value is its position.
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr int kUsccModulus = 31;

// The registering body and the class of what it registers: characters 1 and 2.
constexpr std::array<std::string_view, 38> kUsccClasses = {
    "11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "54", "55",
    "59", "61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1"};

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string Trimmed(std::string_view text) {
  std::string upper(ToStd(absl::StripAsciiWhitespace(ToAbsl(text))));
  absl::AsciiStrToUpper(&upper);
  return upper;
}

// `YYYYMMDD` names a day that exists.
bool IsDay(std::string_view digits) {
  return ParseDay(absl::StrCat(ToAbsl(digits.substr(0, 4)), "-", ToAbsl(digits.substr(4, 2)), "-",
                               ToAbsl(digits.substr(6, 2))))
      .ok();
}

}  // namespace

char CitizenNumberCheckDigit(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < kCitizenWeights.size(); ++i) sum += (digits[i] - '0') * kCitizenWeights[i];
  return kCitizenChecks[static_cast<size_t>(sum % 11)];
}

absl::StatusOr<std::string> NormalizeCitizenNumber(std::string_view text) {
  std::string number = Trimmed(text);
  const bool old = number.size() == kOldCitizenLength && AllDigits(number);
  if (old) {
    number.insert(6, "19");
    number.push_back(CitizenNumberCheckDigit(number));
  }
  const std::string_view body = std::string_view(number).substr(0, std::min(number.size(), kLength - 1));
  const bool formed = number.size() == kLength && AllDigits(body) && (AllDigits(number) || number.back() == 'X');
  if (!formed || number.front() == '0' || !IsDay(body.substr(6, 8))) {
    return Error(reasons::kCitizenNumberMalformed, "the citizen number has a wrong length, character or date of birth");
  }
  if (number.back() != CitizenNumberCheckDigit(body)) {
    return Error(reasons::kCitizenNumberCheckDigitWrong, "the check character of the citizen number is wrong");
  }
  return number;
}

char UsccCheckCharacter(std::string_view code) {
  int sum = 0;
  int weight = 1;
  for (const char c : code.substr(0, kLength - 1)) {
    sum += static_cast<int>(kUsccAlphabet.find(c)) * weight;
    weight = weight * 3 % kUsccModulus;
  }
  return kUsccAlphabet[static_cast<size_t>((kUsccModulus - sum % kUsccModulus) % kUsccModulus)];
}

absl::StatusOr<std::string> NormalizeUscc(std::string_view text) {
  std::string code = Trimmed(text);
  const std::string_view view = code;
  const bool formed = view.size() == kLength && view.find_first_not_of(kUsccAlphabet) == std::string_view::npos &&
                      AllDigits(view.substr(2, 6)) &&
                      std::find(kUsccClasses.begin(), kUsccClasses.end(), view.substr(0, 2)) != kUsccClasses.end();
  if (!formed) {
    return Error(reasons::kUsccMalformed,
                 "the unified social credit code has a wrong length, character, division or registering body");
  }
  if (view.back() != UsccCheckCharacter(view)) {
    return Error(reasons::kUsccCheckCharacterWrong, "the check character of the unified social credit code is wrong");
  }
  return code;
}

}  // namespace dangjian
