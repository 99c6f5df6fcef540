#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Tables for a terminal, aligned for text in which Chinese characters take two columns.

namespace dangjian::ctl {

// Columns that a terminal needs for UTF-8 text: 2 for wide characters, 0 for combining ones, 1 for the others and for
// each byte that is no UTF-8.
size_t DisplayWidth(std::string_view text);

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Rows under their titles, two spaces between columns, no spaces at the end of a line. Control characters and bytes
// that are no UTF-8 are shown as `?`: a record's text must not steer the terminal.
class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns.
  void AddRow(std::vector<std::string> cells);
  std::string Render() const;

 private:
  std::string RenderRow(const std::vector<std::string>& cells, const std::vector<size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace dangjian::ctl
