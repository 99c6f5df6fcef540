#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/status/reason.h"

// Codes that identify people and bodies, by their standards. Pure. An error never repeats the code.

namespace dangjian {

namespace reasons {
inline constexpr Reason kCitizenNumberMalformed{"CITIZEN_NUMBER_MALFORMED", absl::StatusCode::kInvalidArgument,
                                                "公民身份号码应为18位(或旧15位),其中出生日期应真实存在,请核对"};
inline constexpr Reason kCitizenNumberCheckDigitWrong{
    "CITIZEN_NUMBER_CHECK_DIGIT_WRONG", absl::StatusCode::kInvalidArgument, "公民身份号码校验位不符,请核对是否输错"};
inline constexpr Reason kUsccMalformed{
    "USCC_MALFORMED", absl::StatusCode::kInvalidArgument,
    "统一社会信用代码应为18位数字或大写字母(不含I、O、S、V、Z),且登记机关类别应有效"};
inline constexpr Reason kUsccCheckCharacterWrong{"USCC_CHECK_CHARACTER_WRONG", absl::StatusCode::kInvalidArgument,
                                                 "统一社会信用代码校验位不符,请核对是否输错"};
}  // namespace reasons

// The check character of the first 17 digits of a citizen number, GB 11643-1999 (ISO 7064 MOD 11-2): `0` to `9` or `X`.
// `digits` must be 17 digits.
char CitizenNumberCheckDigit(std::string_view digits);

// A citizen number in its present form: 18 characters, a final `x` in capitals, one of 15 digits upgraded (the century
// 19 put in, the check character added). Spaces around it are dropped. CITIZEN_NUMBER_MALFORMED when the length, a
// character or the date of birth is wrong; CITIZEN_NUMBER_CHECK_DIGIT_WRONG.
absl::StatusOr<std::string> NormalizeCitizenNumber(std::string_view text);

// The check character of the first 17 characters of a unified social credit code, GB 32100-2015. `code` must be 17
// characters of the standard's alphabet.
char UsccCheckCharacter(std::string_view code);

// A unified social credit code in capitals; spaces around it are dropped. USCC_MALFORMED when the length, a character,
// the division code (characters 3 to 8) or the class of the registering body (characters 1 and 2) is wrong; classes 54
// and 55, of grass-roots self-governing bodies, are right. USCC_CHECK_CHARACTER_WRONG.
absl::StatusOr<std::string> NormalizeUscc(std::string_view text);

}  // namespace dangjian
