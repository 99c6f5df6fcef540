#include "common/status/language.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/strings.h"
#include "common/status/details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace dangjian {
namespace {

constexpr size_t kMaxRanges = 32;  // a longer list is no preference
constexpr size_t kMaxTextBytes = 640;

// `0`, `0.5`, `1.000`: a weight in thousandths; nullopt for anything else.
std::optional<int32_t> ParseWeight(absl::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return std::nullopt;
  int32_t weight = text[0] == '1' ? 1000 : 0;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return std::nullopt;
  int32_t unit = 100;
  for (const char digit : text.substr(2)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit))) return std::nullopt;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight > 1000 ? std::nullopt : std::optional<int32_t>(weight);
}

struct Range {
  absl::string_view tag;
  int32_t weight = 1000;
};

std::optional<Range> ParseRange(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ';');
  Range range{.tag = absl::StripAsciiWhitespace(parts[0])};
  if (range.tag.empty()) return std::nullopt;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> option = absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(option.first), "q")) continue;
    const std::optional<int32_t> weight = ParseWeight(absl::StripAsciiWhitespace(option.second));
    if (!weight.has_value()) return std::nullopt;
    range.weight = *weight;
  }
  return range;
}

bool IsOf(absl::string_view tag, absl::string_view language) {
  return absl::StartsWithIgnoreCase(tag, language) && (tag.size() == language.size() || tag[language.size()] == '-');
}

// The best weight that a list gives to a language, and where it stands.
struct Wish {
  std::optional<int32_t> weight;  // nullopt: the list does not name it
  size_t position = kMaxRanges;

  void Take(const Range& range, size_t at) {
    if (weight.has_value() && *weight >= range.weight) return;
    weight = range.weight;
    position = at;
  }
};

// What an error says in English: its violations with their paths, else its message.
std::string EnglishText(const google::rpc::Status& details) {
  google::rpc::BadRequest bad;
  std::string text;
  for (const auto& detail : details.details()) {
    if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) {
      const std::string line =
          absl::StrCat(violation.field(), violation.field().empty() ? "" : ": ", violation.description());
      if (text.size() + line.size() > kMaxTextBytes) break;
      absl::StrAppend(&text, text.empty() ? "" : "; ", line);
    }
  }
  return text.empty() ? details.message() : text;
}

}  // namespace

Language PreferredLanguage(std::string_view accept_language) {
  Wish chinese;
  Wish english;
  Wish other;
  size_t position = 0;
  for (const absl::string_view text : absl::StrSplit(ToAbsl(accept_language), ',')) {
    if (position == kMaxRanges) break;
    const std::optional<Range> range = ParseRange(text);
    if (!range.has_value()) continue;
    if (IsOf(range->tag, "zh")) chinese.Take(*range, position);
    if (IsOf(range->tag, "en")) english.Take(*range, position);
    if (range->tag == "*") other.Take(*range, position);
    ++position;
  }
  // `*` stands for what the list does not name.
  const int32_t for_chinese = chinese.weight.value_or(other.weight.value_or(0));
  const int32_t for_english = english.weight.value_or(other.weight.value_or(0));
  if (for_english != for_chinese) return for_english > for_chinese ? Language::kEnglish : Language::kChinese;
  return for_english > 0 && english.position < chinese.position ? Language::kEnglish : Language::kChinese;
}

absl::Status InLanguage(const absl::Status& error, Language language) {
  if (language == Language::kChinese) return error;  // as every error is made
  const auto payload = error.GetPayload(ToAbsl(kDetailsUrl));
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return error;
  google::rpc::LocalizedMessage english;
  english.set_locale("en");
  english.set_message(EnglishText(details));
  for (auto& detail : *details.mutable_details()) {
    if (detail.Is<google::rpc::LocalizedMessage>()) detail.PackFrom(english);
  }
  absl::Status result = error;
  result.SetPayload(ToAbsl(kDetailsUrl), absl::Cord(details.SerializeAsString()));
  return result;
}

}  // namespace dangjian
