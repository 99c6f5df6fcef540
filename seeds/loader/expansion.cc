#include "seeds/loader/expansion.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::seeds {
namespace {

constexpr int64_t kMaxRepeats = 1'000'000;
constexpr std::string_view kDayForm = "day:";
constexpr std::string_view kMonthForm = "month:";
constexpr std::string_view kWordForm = "word:";

// sum := product (('+'|'-') product)*;  product := atom (('*'|'/'|'%') atom)*;  atom := number | 'i' | '(' sum ')'
class Arithmetic {
 public:
  Arithmetic(std::string_view text, int64_t i) : text_(text), i_(i) {}

  absl::StatusOr<int64_t> Value() {
    ASSIGN_OR_RETURN(const int64_t value, Sum());
    if (at_ != text_.size()) return Malformed();
    return value;
  }

 private:
  absl::Status Malformed() const {
    return absl::InvalidArgumentError(absl::StrCat("`", ToAbsl(text_), "` is no expression of i and whole numbers"));
  }
  char Next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  absl::StatusOr<int64_t> Sum() {
    ASSIGN_OR_RETURN(int64_t value, Product());
    while (Next() == '+' || Next() == '-') {
      const char sign = text_[at_++];
      ASSIGN_OR_RETURN(const int64_t right, Product());
      value = sign == '+' ? value + right : value - right;
    }
    return value;
  }

  absl::StatusOr<int64_t> Product() {
    ASSIGN_OR_RETURN(int64_t value, Atom());
    while (Next() == '*' || Next() == '/' || Next() == '%') {
      const char sign = text_[at_++];
      ASSIGN_OR_RETURN(const int64_t right, Atom());
      if (sign != '*' && right <= 0) return Malformed();
      value = sign == '*' ? value * right : sign == '/' ? value / right : value % right;
    }
    return value;
  }

  absl::StatusOr<int64_t> Atom() {
    if (Next() == 'i') {
      ++at_;
      return i_;
    }
    if (Next() == '(') {
      ++at_;
      ASSIGN_OR_RETURN(const int64_t value, Sum());
      if (Next() != ')') return Malformed();
      ++at_;
      return value;
    }
    const size_t begin = at_;
    while (absl::ascii_isdigit(static_cast<unsigned char>(Next()))) ++at_;
    int64_t value = 0;
    if (!absl::SimpleAtoi(ToAbsl(text_.substr(begin, at_ - begin)), &value)) return Malformed();
    return value;
  }

  std::string_view text_;
  const int64_t i_;
  size_t at_ = 0;
};

// `2005-01-03+i*2`: the date and the number behind it.
absl::StatusOr<std::pair<Day, int64_t>> DateAndNumber(std::string_view text, int64_t i) {
  const size_t plus = text.find('+');
  ASSIGN_OR_RETURN(const Day day, ParseDay(text.substr(0, plus)));
  if (plus == std::string_view::npos) return std::pair(day, int64_t{0});
  ASSIGN_OR_RETURN(const int64_t number, Arithmetic(text.substr(plus + 1), i).Value());
  return std::pair(day, number);
}

// What stands between two braces.
absl::StatusOr<std::string> Compute(std::string_view text, int64_t i, const Phrases& phrases) {
  if (text.starts_with(kWordForm)) {
    text.remove_prefix(kWordForm.size());
    const size_t at = text.find('@');
    const std::string word(text.substr(0, at));
    if (at != std::string_view::npos) {
      ASSIGN_OR_RETURN(i, Arithmetic(text.substr(at + 1), i).Value());
    }
    ASSIGN_OR_RETURN(Phrase phrase, phrases.Pick(word.substr(0, word.find('#')), absl::StrCat(i, " ", word)));
    return std::move(phrase.text);
  }
  if (text.starts_with(kDayForm)) {
    ASSIGN_OR_RETURN(const auto date, DateAndNumber(text.substr(kDayForm.size()), i));
    return FormatDay(date.first + static_cast<int32_t>(date.second));
  }
  if (text.starts_with(kMonthForm)) {
    ASSIGN_OR_RETURN(const auto date, DateAndNumber(text.substr(kMonthForm.size()), i));
    const absl::CivilMonth month = absl::CivilMonth(date.first.civil()) + date.second;
    return FormatDay(Day::Of(static_cast<int>(month.year()), month.month(), 1));
  }
  if (const size_t choice = text.find('?'); choice != std::string_view::npos) {
    ASSIGN_OR_RETURN(const int64_t position, Arithmetic(text.substr(0, choice), i).Value());
    const std::vector<std::string> alternatives = absl::StrSplit(ToAbsl(text.substr(choice + 1)), '|');
    const auto count = static_cast<int64_t>(alternatives.size());
    return alternatives[static_cast<size_t>(((position % count) + count) % count)];
  }
  const size_t colon = text.find(':');
  ASSIGN_OR_RETURN(const int64_t value, Arithmetic(text.substr(0, colon), i).Value());
  if (colon == std::string_view::npos) return absl::StrCat(value);
  int width = 0;
  if (!absl::SimpleAtoi(ToAbsl(text.substr(colon + 1)), &width) || width < 1 || width > 18) {
    return absl::InvalidArgumentError(absl::StrCat("`", ToAbsl(text), "`: the width is 1 to 18"));
  }
  return absl::StrFormat("%0*d", width, value);
}

// `1..998`
absl::StatusOr<std::pair<int64_t, int64_t>> ParseRepeat(const std::string& text) {
  const std::pair<std::string, std::string> ends = absl::StrSplit(text, absl::MaxSplits("..", 1));
  std::pair<int64_t, int64_t> range;
  if (!absl::SimpleAtoi(ends.first, &range.first) || !absl::SimpleAtoi(ends.second, &range.second) ||
      range.second < range.first || range.second - range.first >= kMaxRepeats) {
    return absl::InvalidArgumentError(absl::StrCat("*repeat is `first..last`, at most ", kMaxRepeats, " long: ", text));
  }
  return range;
}

absl::StatusOr<SeedRow> ExpandRow(const SeedRow& row, int64_t i, const Phrases& phrases) {
  SeedRow expanded{.source = absl::StrCat(row.source, " i=", i), .cells = {}};
  for (const auto& [column, cell] : row.cells) {
    ASSIGN_OR_RETURN(std::string text, Expand(cell, i, phrases));
    if (!text.empty()) expanded.cells.emplace(column, std::move(text));
  }
  return expanded;
}

}  // namespace

absl::StatusOr<std::string> Expand(std::string_view text, int64_t i, const Phrases& phrases) {
  std::string expanded;
  while (true) {
    const size_t open = text.find('{');
    absl::StrAppend(&expanded, ToAbsl(text.substr(0, open)));
    if (open == std::string_view::npos) return expanded;
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) return absl::InvalidArgumentError("a brace is left open");
    ASSIGN_OR_RETURN(const std::string value, Compute(text.substr(open + 1, close - open - 1), i, phrases));
    absl::StrAppend(&expanded, value);
    text.remove_prefix(close + 1);
  }
}

absl::StatusOr<std::vector<SeedRow>> ExpandRows(const SeedSection& section, const Phrases& phrases) {
  std::vector<SeedRow> rows;
  for (const SeedRow& row : section.rows) {
    const std::string& repeat = row.Get("*repeat");
    if (repeat.empty()) {
      rows.push_back(row);
      continue;
    }
    absl::StatusOr<std::pair<int64_t, int64_t>> range = ParseRepeat(repeat);
    if (!range.ok()) return absl::InvalidArgumentError(absl::StrCat(row.source, ": ", range.status().message()));
    for (int64_t i = range->first; i <= range->second; ++i) {
      absl::StatusOr<SeedRow> expanded = ExpandRow(row, i, phrases);
      if (!expanded.ok())
        return absl::InvalidArgumentError(absl::StrCat(row.source, ": ", expanded.status().message()));
      rows.push_back(*std::move(expanded));
    }
  }
  return rows;
}

}  // namespace dangjian::seeds
