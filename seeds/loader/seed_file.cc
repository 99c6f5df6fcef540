#include "seeds/loader/seed_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::seeds {
namespace {

constexpr int32_t kMaxCount = 1'000'000;

absl::Status Wrong(const std::string& source, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(source, ": ", what));
}

// A section while its lines come in.
class SectionReader {
 public:
  explicit SectionReader(std::string target) { section_.target = std::move(target); }

  absl::Status AddConstant(const std::string& source, const std::vector<std::string>& cells) {
    if (cells.size() != 2) return Wrong(source, "a constant is `=column,value`");
    if (has_header_) return Wrong(source, "constants stand before the header of their section");
    RETURN_IF_ERROR(AddColumn(source, cells[0].substr(1)));
    constants_.push_back(cells[1]);
    source_ = source;
    return absl::OkStatus();
  }

  absl::Status AddLine(const std::string& source, const std::vector<std::string>& cells) {
    if (!has_header_) {
      has_header_ = true;
      for (const std::string& column : cells) RETURN_IF_ERROR(AddColumn(source, column));
      return absl::OkStatus();
    }
    if (constants_.size() + cells.size() != section_.columns.size()) {
      return Wrong(
          source, absl::StrCat(cells.size(), " cells under a header of ", section_.columns.size() - constants_.size()));
    }
    AddRow(source, cells);
    return absl::OkStatus();
  }

  SeedSection Finish() && {
    if (!has_header_ && !constants_.empty()) AddRow(source_, {});
    return std::move(section_);
  }

 private:
  void AddRow(const std::string& source, const std::vector<std::string>& cells) {
    SeedRow row{.source = source, .cells = {}};
    for (size_t i = 0; i < section_.columns.size(); ++i) {
      const std::string& cell = i < constants_.size() ? constants_[i] : cells[i - constants_.size()];
      if (!cell.empty()) row.cells[section_.columns[i]] = cell;
    }
    section_.rows.push_back(std::move(row));
  }

  absl::Status AddColumn(const std::string& source, std::string column) {
    if (column.empty()) return Wrong(source, "a column without a name");
    if (std::find(section_.columns.begin(), section_.columns.end(), column) != section_.columns.end()) {
      return Wrong(source, absl::StrCat("column ", column, " stands twice"));
    }
    section_.columns.push_back(std::move(column));
    return absl::OkStatus();
  }

  SeedSection section_;
  std::vector<std::string> constants_;
  std::string source_;  // of the last constant
  bool has_header_ = false;
};

}  // namespace

const std::string& SeedRow::Get(std::string_view column) const {
  static const std::string kEmpty;
  const auto found = cells.find(column);
  return found == cells.end() ? kEmpty : found->second;
}

absl::StatusOr<std::string> SeedRow::Text(std::string_view column) const {
  const std::string& cell = Get(column);
  if (cell.empty()) return Wrong(source, absl::StrCat("column ", ToAbsl(column), " is empty"));
  return cell;
}

absl::StatusOr<int32_t> SeedRow::Count(std::string_view column) const {
  ASSIGN_OR_RETURN(const std::string cell, Text(column));
  int32_t count = 0;
  if (!absl::SimpleAtoi(cell, &count) || count < 0 || count > kMaxCount) {
    return Wrong(source, absl::StrCat("column ", ToAbsl(column), " is no number from 0 to ", kMaxCount, ": ", cell));
  }
  return count;
}

absl::StatusOr<std::vector<std::string>> SplitCsvLine(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        cells.back() += c;
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (quoted) return absl::InvalidArgumentError("a quote is left open");
  return cells;
}

absl::StatusOr<std::vector<SeedSection>> ParseSeedFile(std::string_view file, std::string_view text) {
  std::vector<SectionReader> readers;
  int32_t number = 0;
  for (const absl::string_view raw : absl::StrSplit(ToAbsl(text), '\n')) {
    std::string_view line = ToStd(raw);
    const std::string source = absl::StrCat(ToAbsl(file), ":", ++number);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '@') {
      readers.emplace_back(std::string(line.substr(1)));
      continue;
    }
    if (readers.empty()) return Wrong(source, "a section begins with `@` and the request or generator of its rows");
    absl::StatusOr<std::vector<std::string>> cells = SplitCsvLine(line);
    if (!cells.ok()) return Wrong(source, cells.status().message());
    RETURN_IF_ERROR(line.front() == '=' ? readers.back().AddConstant(source, *cells)
                                        : readers.back().AddLine(source, *cells));
  }
  std::vector<SeedSection> sections;
  for (SectionReader& reader : readers) sections.push_back(std::move(reader).Finish());
  return sections;
}

}  // namespace dangjian::seeds
