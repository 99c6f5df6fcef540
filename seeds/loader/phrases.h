#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "seeds/loader/seed_file.h"

namespace dangjian::seeds {

// A number from 0 to `sides` - 1 that depends on `key` alone: the same for every run, every machine and every order of
// asking. `sides` is at least 1.
int32_t Roll(std::string_view key, int32_t sides);

// A phrase that the generators compose invented records from.
struct Phrase {
  std::string text;
  std::string quantity;  // plain decimal; empty when the phrase promises no amount
  std::string unit;      // code of its unit
};

// Word lists by kind, read from the section `@phrases` with the columns kind, text, quantity and unit.
class Phrases {
 public:
  // INVALID_ARGUMENT when a row has no kind or no text.
  absl::Status Add(const SeedSection& section);

  // The phrase that `key` falls on; the next ones with `offset` 1, 2, … INVALID_ARGUMENT when there is no such kind.
  absl::StatusOr<Phrase> Pick(const std::string& kind, std::string_view key, int32_t offset = 0) const;

 private:
  std::map<std::string, std::vector<Phrase>> by_kind_;
};

}  // namespace dangjian::seeds
