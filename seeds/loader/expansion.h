#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/seed_file.h"

// Rows that stand for many: a section with the directive `*repeat` is written out once for each value of `i`, and what
// stands in braces in its cells is computed. What comes out follows from the text and the phrases alone.
//
//   =*repeat,1..998       the values of i, both ends included
//   in any cell of the row:
//     {i}  {i+7}  {i*2}  {i/3}  {(i-1)%12}   whole numbers; / rounds down
//     {i:4}                                  with zeros in front up to four digits
//     {i%3?red|green|blue}                   the alternative of that position, counted from 0 and beginning again
//     {day:2005-01-03+i*2}                   a date that many days later
//     {month:2006-01-01+i}                   the first day of the month that many months later
//     {word:surname}  {word:given#son}       a phrase of that kind; which one follows from i, the kind and what is
//     after #

namespace dangjian::seeds {

// INVALID_ARGUMENT for an open brace, an expression that is none, a division by zero or a kind without phrases.
absl::StatusOr<std::string> Expand(std::string_view text, int64_t i, const Phrases& phrases);

// The rows of a section as they are sent: itself, or what `*repeat` makes of each. A row that repeats keeps its source
// and says for which i. INVALID_ARGUMENT with the line for anything malformed.
absl::StatusOr<std::vector<SeedRow>> ExpandRows(const SeedSection& section, const Phrases& phrases);

}  // namespace dangjian::seeds
