#include "common/types/quantity.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/strings.h"

namespace dangjian {
namespace {

constexpr std::array<int64_t, 7> kPowers = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

bool AllDigits(std::string_view text, size_t most) {
  if (text.empty() || text.size() > most) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

absl::Status Malformed(std::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat("not a plain decimal: ", ToAbsl(text)));
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimal(std::string_view text, int32_t scale) {
  if (scale < 0 || scale > kMaxScale) return absl::InvalidArgumentError("the scale is outside 0 to 6");
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  const size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  if (!AllDigits(whole, 15)) return Malformed(text);
  std::string decimals;
  if (point != std::string_view::npos) {
    if (!AllDigits(rest.substr(point + 1), 6)) return Malformed(text);
    decimals = std::string(rest.substr(point + 1));
  }
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  const size_t kept = static_cast<size_t>(scale);
  if (decimals.size() > kept) {
    return absl::InvalidArgumentError(absl::StrCat(ToAbsl(text), " has more than ", scale, " decimals"));
  }
  decimals.append(kept - decimals.size(), '0');
  int64_t value = 0;
  if (!absl::SimpleAtoi(absl::StrCat(negative ? "-" : "", ToAbsl(whole), decimals), &value)) {
    return absl::OutOfRangeError(absl::StrCat(ToAbsl(text), " does not fit 64 bits at scale ", scale));
  }
  return value;
}

std::string FormatDecimal(int64_t value, int32_t scale) {
  if (scale <= 0) return absl::StrCat(value);
  const uint64_t magnitude = value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  const uint64_t power = static_cast<uint64_t>(kPowers[static_cast<size_t>(scale)]);
  return absl::StrFormat("%s%d.%0*d", value < 0 ? "-" : "", magnitude / power, scale, magnitude % power);
}

std::optional<int64_t> CheckedAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<int64_t> CheckedMultiply(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::optional<int64_t> Rescale(int64_t value, int32_t from_scale, int32_t to_scale) {
  if (from_scale < 0 || from_scale > kMaxScale || to_scale < 0 || to_scale > kMaxScale) return std::nullopt;
  if (to_scale >= from_scale) return CheckedMultiply(value, kPowers[static_cast<size_t>(to_scale - from_scale)]);
  const int64_t divisor = kPowers[static_cast<size_t>(from_scale - to_scale)];
  if (value % divisor != 0) return std::nullopt;
  return value / divisor;
}

}  // namespace dangjian
