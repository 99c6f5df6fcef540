#include "services/pledge/evaluation_round/exact_sum.h"

namespace dangjian::pledge {
namespace {

absl::int128 Gcd(absl::int128 a, absl::int128 b) {
  while (b != 0) {
    const absl::int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

void ExactSum::Add(int64_t numerator, int64_t denominator) {
  const absl::int128 common = Gcd(denominator_, denominator);
  numerator_ = numerator_ * (denominator / common) + numerator * (denominator_ / common);
  denominator_ *= denominator / common;
}

int64_t ExactSum::DividedHalfUp(int64_t divisor) const {
  const absl::int128 denominator = denominator_ * divisor;
  absl::int128 whole = numerator_ / denominator;
  absl::int128 rest = numerator_ % denominator;
  if (rest < 0) {
    --whole;
    rest += denominator;
  }
  return static_cast<int64_t>(whole + (rest * 2 >= denominator ? 1 : 0));
}

}  // namespace dangjian::pledge
