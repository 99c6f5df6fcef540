#pragma once

#include <cstddef>
#include <limits>

namespace dangjian::storage {

// Where a page ends. At least one row is read, however large.
struct PageLimit {
  PageLimit(size_t most_rows, size_t most_bytes = std::numeric_limits<size_t>::max())  // NOLINT: a number is a limit
      : rows(most_rows), bytes(most_bytes) {}

  size_t rows;
  size_t bytes;  // of the rows together
};

}  // namespace dangjian::storage
