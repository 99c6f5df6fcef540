#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The form of a seed file: plain CSV in sections, so that a change to the data is a change of lines that people can
// review.
//
//   # a comment
//   @dangjian.registry.v1.CreateOrganizationRequest     what each row becomes: a request message, or a generator's name
//   =organization.activated_on,2004-07-01               a column with the same value in every row
//   organization_id,organization.kind                   the columns: field paths of the request
//   jintai,DISTRICT                                     one request
//
// A section with constants and no header is one request, one field a line.

namespace dangjian::seeds {

// A row of a section.
struct SeedRow {
  std::string source;                                     // `10_organizations.csv:7`, for messages
  std::map<std::string, std::string, std::less<>> cells;  // by column, constants included; empty cells are left out

  // The cell of a column; empty when it is not there.
  const std::string& Get(std::string_view column) const;
  // INVALID_ARGUMENT naming the row and the column when the cell is empty.
  absl::StatusOr<std::string> Text(std::string_view column) const;
  // INVALID_ARGUMENT unless the cell is a whole number, 0 to 1,000,000.
  absl::StatusOr<int32_t> Count(std::string_view column) const;
};

// One `@` section.
struct SeedSection {
  std::string target;                // what stands after the `@`
  std::vector<std::string> columns;  // constants first, then those of the rows, in the order of the file
  std::vector<SeedRow> rows;
};

// Cells of one CSV line: commas between cells, double quotes around cells that hold commas, two quotes for one.
// INVALID_ARGUMENT when a quote is left open.
absl::StatusOr<std::vector<std::string>> SplitCsvLine(std::string_view line);

// `file` names the text in messages. INVALID_ARGUMENT with file and line when the text has not the form above, a column
// stands twice, or a row has more or fewer cells than the header.
absl::StatusOr<std::vector<SeedSection>> ParseSeedFile(std::string_view file, std::string_view text);

}  // namespace dangjian::seeds
