#include "common/types/money_text.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/quantity.h"

namespace dangjian {
namespace {

using Word = std::pair<std::string_view, int64_t>;

constexpr std::array<Word, 12> kDigits = {{{"零", 0},
                                           {"〇", 0},
                                           {"一", 1},
                                           {"二", 2},
                                           {"两", 2},
                                           {"三", 3},
                                           {"四", 4},
                                           {"五", 5},
                                           {"六", 6},
                                           {"七", 7},
                                           {"八", 8},
                                           {"九", 9}}};
constexpr std::array<Word, 3> kPlaces = {{{"十", 10}, {"百", 100}, {"千", 1000}}};
constexpr std::array<Word, 2> kMyriads = {{{"万", 10'000}, {"亿", 100'000'000}}};
constexpr size_t kMostDigits = 15;

// Takes a word off the front of `text`; nullopt when none of `words` stands there.
template <size_t N>
std::optional<int64_t> Take(const std::array<Word, N>& words, std::string_view& text) {
  for (const auto& [word, value] : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return value;
  }
  return std::nullopt;
}

bool TakeText(std::string_view word, std::string_view& text) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Full-width digits, points and separators as ASCII; spaces of any width left out.
std::string Normalise(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (TakeText(" ", text) || TakeText("\t", text) || TakeText("\u3000", text) || TakeText("\u00A0", text)) continue;
    if (TakeText("，", text)) {
      plain.push_back(',');
    } else if (TakeText("．", text)) {
      plain.push_back('.');
    } else if (text.size() >= 3 && text.starts_with("\xEF\xBC") && text[2] >= '\x90' && text[2] <= '\x99') {
      plain.push_back(static_cast<char>('0' + (text[2] - '\x90')));
      text.remove_prefix(3);
    } else {
      plain.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return plain;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether separators stand after every third digit, counted from the point.
bool GroupedByThrees(std::string_view digits) {
  const size_t first = digits.find(',');
  if (first == std::string_view::npos) return true;
  if (first == 0 || first > 3) return false;
  for (size_t at = first; at < digits.size(); at += 4) {
    if (digits[at] != ',' || digits.size() - at < 4) return false;
    if (digits.substr(at + 1, 3).find(',') != std::string_view::npos) return false;
  }
  return true;
}

// Takes digits with separators and decimals off the front: the number × 100.
std::optional<int64_t> TakeDigits(std::string_view& text, bool& irregular) {
  size_t end = 0;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == ',')) ++end;
  const std::string_view grouped = text.substr(0, end);
  size_t decimals_end = end;
  if (end < text.size() && text[end] == '.') {
    decimals_end = end + 1;
    while (decimals_end < text.size() && IsDigit(text[decimals_end])) ++decimals_end;
  }
  std::string number;
  for (const char c : grouped) {
    if (c != ',') number.push_back(c);
  }
  if (number.empty() || number.size() > kMostDigits || !IsDigit(grouped.front()) || !IsDigit(grouped.back())) {
    return std::nullopt;
  }
  irregular = !GroupedByThrees(grouped);
  const auto value = ParseDecimal(absl::StrCat(number, ToAbsl(text.substr(end, decimals_end - end))), kMaxScale);
  if (!value.ok()) return std::nullopt;
  text.remove_prefix(decimals_end);
  return *value;
}

// The longest Chinese numeral at the front, with its 万 and 亿.
size_t NumeralLength(std::string_view text) {
  std::string_view rest = text;
  while (Take(kDigits, rest).has_value() || Take(kPlaces, rest).has_value() || Take(kMyriads, rest).has_value()) {
  }
  return text.size() - rest.size();
}

absl::Status Unreadable(std::string_view text) {
  return Error(reasons::kUnreadableAmount, absl::StrCat("no amount can be read from `", ToAbsl(text), "`"));
}

// The number at the front of `text` in millionths.
std::optional<int64_t> TakeNumber(std::string_view& text, bool& irregular) {
  if (!text.empty() && IsDigit(text.front())) return TakeDigits(text, irregular);
  const size_t length = NumeralLength(text);
  const auto value = ParseChineseNumeral(text.substr(0, length));
  if (!value.has_value()) return std::nullopt;
  text.remove_prefix(length);
  return CheckedMultiply(*value, 1'000'000);
}

}  // namespace

std::optional<int64_t> ParseChineseNumeral(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int64_t total = 0;    // of finished 亿 and 万
  int64_t section = 0;  // below the next 万
  int64_t digit = 0;    // 0: none stands before the next word
  while (!text.empty()) {
    if (const auto next = Take(kDigits, text)) {
      if (digit != 0) return std::nullopt;
      digit = *next;
    } else if (const auto place = Take(kPlaces, text)) {
      section += (digit == 0 ? 1 : digit) * *place;  // 十 alone is ten
      digit = 0;
    } else if (const auto myriad = Take(kMyriads, text)) {
      section += digit;
      digit = 0;
      if (total + section == 0) return std::nullopt;
      const auto product = CheckedMultiply(*myriad == 10'000 ? section : total + section, *myriad);
      if (!product.has_value()) return std::nullopt;
      total = *myriad == 10'000 ? total + *product : *product;
      section = 0;
    } else {
      return std::nullopt;
    }
  }
  return total + section + digit;
}

absl::StatusOr<AmountText> ParseAmountText(std::string_view text) {
  AmountText amount;
  amount.raw = std::string(text);
  const std::string plain = Normalise(text);
  std::string_view rest = plain;
  if (TakeText("约", rest)) amount.qualifier = common::v1::QUALIFIER_ABOUT;
  if (TakeText("近", rest)) amount.qualifier = common::v1::QUALIFIER_NEARLY;
  std::optional<int64_t> number = TakeNumber(rest, amount.irregular_grouping);
  const auto qualify = [&] {
    if (TakeText("余", rest) || TakeText("多", rest)) amount.qualifier = common::v1::QUALIFIER_AT_LEAST;
  };
  qualify();
  for (auto myriad = Take(kMyriads, rest); number.has_value() && myriad.has_value(); myriad = Take(kMyriads, rest)) {
    number = CheckedMultiply(*number, *myriad);
  }
  qualify();
  constexpr int64_t kToHundredths = 10'000;
  if (!number.has_value() || *number % kToHundredths != 0) return Unreadable(text);
  amount.hundredths = *number / kToHundredths;
  amount.unit = std::string(rest);
  return amount;
}

absl::StatusOr<AmountText> ParseMoneyText(std::string_view text) {
  const std::string plain = Normalise(text);
  std::string_view rest = plain;
  if (!TakeText("¥", rest)) TakeText("￥", rest);
  ASSIGN_OR_RETURN(AmountText amount, ParseAmountText(rest));
  amount.raw = std::string(text);
  if (!amount.unit.empty() && amount.unit != "元") return Unreadable(text);
  return amount;
}

}  // namespace dangjian
