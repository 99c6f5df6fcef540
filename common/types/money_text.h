#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "dangjian/common/v1/types.pb.h"

// Amounts as offices write them: `141,5312元`, `１２．５万元`, `三千元`, `二十余次`. Pure.

namespace dangjian {

namespace reasons {
inline constexpr Reason kUnreadableAmount{"UNREADABLE_AMOUNT", absl::StatusCode::kInvalidArgument,
                                          "金额或数量无法识别,请改用阿拉伯数字"};
}  // namespace reasons

// An amount read from a text.
struct AmountText {
  int64_t hundredths = 0;  // the number × 100; of money, fen
  std::string unit = {};   // what follows the number and 万 or 亿: `元`, `次`; may be empty
  common::v1::Qualifier qualifier = common::v1::QUALIFIER_EXACT;
  bool irregular_grouping = false;  // digits were not grouped by threes, e.g. `141,5312`: to be checked by a person
  std::string raw = {};             // the text as it came
};

// Reads a number with its unit. Separators (`,` `，`) and spaces are dropped whatever the grouping; full-width digits
// count as digits; 万 and 亿 multiply; 约 and 近 before and 余 and 多 after the number qualify it. Chinese numerals up
// to 亿 are read too. INVALID_ARGUMENT (UNREADABLE_AMOUNT), also for more than two decimals and for what leaves 64
// bits.
absl::StatusOr<AmountText> ParseAmountText(std::string_view text);

// The same for money: the unit must be 元 or missing; ¥ may stand before the number. `hundredths` are fen.
absl::StatusOr<AmountText> ParseMoneyText(std::string_view text);

// `三千二百` → 3200, `二十` → 20, `一万零五` → 10005; nullopt when the text is no Chinese numeral.
std::optional<int64_t> ParseChineseNumeral(std::string_view text);

}  // namespace dangjian
