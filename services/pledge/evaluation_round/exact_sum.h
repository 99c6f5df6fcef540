#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"

namespace dangjian::pledge {

// A sum of fractions, kept exactly. The caller bounds what goes in: the sum times the least common multiple of all
// denominators must stay below 2^126. A value.
class ExactSum {
 public:
  // `denominator` is positive.
  void Add(int64_t numerator, int64_t denominator);
  // The sum divided by `divisor`, which is positive, rounded once to a whole number: half up, towards the greater one
  // below zero too.
  int64_t DividedHalfUp(int64_t divisor) const;

 private:
  absl::int128 numerator_ = 0;
  absl::int128 denominator_ = 1;
};

}  // namespace dangjian::pledge
