#include "common/rpc/text_form.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace dangjian::rpc {
namespace {

constexpr UChar32 kNone = -1;
constexpr UChar32 kJoiner = 0x200D;
constexpr UChar32 kNonJoiner = 0x200C;
constexpr UChar32 kEmojiStyle = 0xFE0F;
constexpr UChar32 kMongolianVowelSeparator = 0x180E;
constexpr std::string_view kMiddleDot = "\u00B7";

bool IsBetween(UChar32 c, UChar32 first, UChar32 last) { return c >= first && c <= last; }

// Takes the first character; kNone when the bytes are no shortest-form UTF-8.
UChar32 Take(std::string_view& text) {
  int32_t used = 0;
  UChar32 c = kNone;
  // The macro narrows within itself, which GCC warns of here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
  U8_NEXT(text.data(), used, static_cast<int32_t>(text.size()), c);
#pragma GCC diagnostic pop
  text.remove_prefix(static_cast<size_t>(used));
  return c < 0 ? kNone : c;
}

// What nearly every text consists of: visible, of one form by itself and beside any neighbour, no dot of a name.
bool IsPlain(UChar32 c) {
  return IsBetween(c, 0x21, 0x7E) || IsBetween(c, 0x4E00, 0x9FFF) || IsBetween(c, 0x3400, 0x4DBF) ||
         IsBetween(c, 0x3001, 0x3029) || IsBetween(c, 0xFF01, 0xFF5E) || IsBetween(c, 0x20000, 0x2A6DF) ||
         (IsBetween(c, 0x2010, 0x2026) && c != 0x2022) || c == 0xB7;
}

// The number of characters of a text in which all are plain, but for blanks between them; nullopt for any other.
std::optional<int64_t> CountPlain(std::string_view text, bool multiline) {
  int64_t characters = 0;
  bool at_end = true;
  while (!text.empty()) {
    UChar32 c = static_cast<unsigned char>(text.front());
    if (c < 0x80) {
      text.remove_prefix(1);
    } else {
      c = Take(text);
    }
    const bool blank = c == ' ' || (multiline && (c == '\n' || c == '\r' || c == '\t'));
    if (blank ? characters == 0 : !IsPlain(c)) return std::nullopt;
    at_end = !blank;
    ++characters;
  }
  return at_end ? std::optional<int64_t>(characters) : std::nullopt;
}

bool IsFiller(UChar32 c) { return c == 0x115F || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xFFA0; }
bool IsBlank(UChar32 c) { return u_isUWhiteSpace(c) || IsFiller(c); }

bool IsDotOfName(UChar32 c) {
  constexpr UChar32 kDots[] = {0x0387, 0x16EB, 0x2022, 0x2027, 0x2219, 0x22C5, 0x2E31,
                               0x2E33, 0x30FB, 0x318D, 0xA78F, 0xFF65, 0x10101};
  return std::find(std::begin(kDots), std::end(kDots), c) != std::end(kDots);
}

bool IsIgnorable(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT); }
bool IsVisible(UChar32 c) { return c != kNone && !IsBlank(c) && !IsIgnorable(c) && u_charType(c) != U_CONTROL_CHAR; }
bool IsPictograph(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC); }
bool IsCursive(UChar32 c) {
  return c != kNone && u_getIntPropertyValue(c, UCHAR_JOINING_TYPE) != U_JT_NON_JOINING && !IsIgnorable(c);
}
bool IsMongolian(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return c != kNone && uscript_getScript(c, &error) == USCRIPT_MONGOLIAN;
}

// Whether a joiner has something to join: after a virama, between cursive letters, or between the parts of an emoji.
bool Joins(UChar32 c, UChar32 before, UChar32 after) {
  constexpr uint8_t kVirama = 9;
  if (before == kNone || after == kNone) return false;
  if (u_getCombiningClass(before) == kVirama || (IsCursive(before) && IsCursive(after))) return true;
  const bool of_emoji =
      IsPictograph(before) || before == kEmojiStyle || u_hasBinaryProperty(before, UCHAR_EMOJI_MODIFIER);
  return c == kJoiner && of_emoji && IsPictograph(after);
}

bool IsAllowed(UChar32 c, UChar32 before, UChar32 after, bool multiline) {
  if (u_charType(c) == U_CONTROL_CHAR) return multiline && (c == '\n' || c == '\r' || c == '\t');
  if (c == 0x2028 || c == 0x2029) return multiline;
  if (U_IS_UNICODE_NONCHAR(c) || IsBetween(c, 0xFFF9, 0xFFFD)) return false;
  if (!IsIgnorable(c)) return true;
  if (c == kJoiner || c == kNonJoiner) return Joins(c, before, after);
  if (c == kMongolianVowelSeparator) return IsMongolian(before) && IsMongolian(after);
  return u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) && IsVisible(before);
}

std::optional<std::vector<UChar32>> Decode(std::string_view text) {
  std::vector<UChar32> characters;
  while (!text.empty()) {
    characters.push_back(Take(text));
    if (characters.back() == kNone) return std::nullopt;
  }
  return characters;
}

void Append(UChar32 c, std::string& text) {
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  text.append(bytes, static_cast<size_t>(size));
}

// The text without blanks at its ends and with one dot in names; nullopt when it is no UTF-8.
std::optional<std::string> Trim(std::string_view text, bool person_name) {
  const std::optional<std::vector<UChar32>> characters = Decode(text);
  if (!characters.has_value()) return std::nullopt;
  auto first = characters->begin();
  auto last = characters->end();
  while (first != last && IsBlank(*first)) ++first;
  while (first != last && IsBlank(*(last - 1))) --last;
  std::string trimmed;
  for (; first != last; ++first) {
    if (person_name && IsDotOfName(*first)) {
      trimmed += kMiddleDot;
    } else {
      Append(*first, trimmed);
    }
  }
  return trimmed;
}

std::string Compose(std::string text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  const icu::StringPiece piece(text.data(), static_cast<int32_t>(text.size()));
  if (U_FAILURE(error) || nfc->isNormalizedUTF8(piece, error)) return text;
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  nfc->normalizeUTF8(0, piece, sink, nullptr, error);
  return U_FAILURE(error) ? text : composed;
}

}  // namespace

std::optional<TextForm> FormText(std::string_view text, TextRules rules) {
  if (const std::optional<int64_t> plain = CountPlain(text, rules.multiline); plain.has_value()) {
    return TextForm{.changed = {}, .characters = *plain};
  }
  std::optional<std::string> trimmed = Trim(text, rules.person_name);
  if (!trimmed.has_value()) return std::nullopt;
  std::string formed = Compose(*std::move(trimmed));
  const std::optional<std::vector<UChar32>> characters = Decode(formed);
  if (!characters.has_value()) return std::nullopt;
  for (size_t i = 0; i < characters->size(); ++i) {
    const UChar32 before = i == 0 ? kNone : (*characters)[i - 1];
    const UChar32 after = i + 1 == characters->size() ? kNone : (*characters)[i + 1];
    if (!IsAllowed((*characters)[i], before, after, rules.multiline)) return std::nullopt;
  }
  TextForm form{.changed = {}, .characters = static_cast<int64_t>(characters->size())};
  if (formed != text) form.changed = std::move(formed);
  return form;
}

}  // namespace dangjian::rpc
