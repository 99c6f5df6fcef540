#include "services/ctl/text_table.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

namespace dangjian::ctl {
namespace {

constexpr size_t kGap = 2;

// Whether a terminal shows the character in two columns. Characters of ambiguous width (“”, ×) are narrow outside old
// Chinese encodings, and so are they in every terminal set to UTF-8.
bool IsWide(UChar32 character) {
  const int32_t width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
}

bool IsCombining(UChar32 character) {
  const int8_t type = u_charType(character);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

// Control characters, and the invisible ones that reorder text.
bool Steers(UChar32 character) {
  const int8_t type = u_charType(character);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR;
}

// Bytes that are no UTF-8 become U+FFFD.
icu::UnicodeString Decode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string WithoutControls(std::string_view text) {
  constexpr UChar32 kReplacement = 0xFFFD;
  const icu::UnicodeString characters = Decode(text);
  icu::UnicodeString clean;
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1)) {
    const UChar32 character = characters.char32At(i);
    clean.append(character == kReplacement || Steers(character) ? UChar32{'?'} : character);
  }
  std::string utf8;
  return clean.toUTF8String(utf8);
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  const icu::UnicodeString characters = Decode(text);
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1)) {
    const UChar32 character = characters.char32At(i);
    if (!IsCombining(character)) width += IsWide(character) ? 2 : 1;
  }
  return width;
}

void TextTable::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = WithoutControls(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::RenderRow(const std::vector<std::string>& cells, const std::vector<size_t>& widths) const {
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const size_t padding = widths[i] - DisplayWidth(cells[i]);
    if (columns_[i].align == Align::kRight) line.append(padding, ' ');
    line += cells[i];
    if (columns_[i].align == Align::kLeft) line.append(padding, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string TextTable::Render() const {
  std::vector<std::string> titles;
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    titles.push_back(column.title);
    widths.push_back(DisplayWidth(column.title));
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < columns_.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text = RenderRow(titles, widths);
  for (const auto& row : rows_) text += RenderRow(row, widths);
  return text;
}

}  // namespace dangjian::ctl
