#include "seeds/loader/phrases.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace dangjian::seeds {
namespace {

// The fixed seed: another value gives another street.
constexpr uint64_t kSeed = 20240630;

// FNV-1a, then the finisher of SplitMix64 so that near keys fall far apart.
uint64_t Mix(std::string_view key) {
  uint64_t hash = 14695981039346656037ULL ^ kSeed;
  for (const char c : key) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

}  // namespace

int32_t Roll(std::string_view key, int32_t sides) {
  return static_cast<int32_t>(Mix(key) % static_cast<uint64_t>(sides));
}

absl::Status Phrases::Add(const SeedSection& section) {
  for (const SeedRow& row : section.rows) {
    ASSIGN_OR_RETURN(const std::string kind, row.Text("kind"));
    ASSIGN_OR_RETURN(std::string text, row.Text("text"));
    by_kind_[kind].push_back({.text = std::move(text), .quantity = row.Get("quantity"), .unit = row.Get("unit")});
  }
  return absl::OkStatus();
}

absl::StatusOr<Phrase> Phrases::Pick(const std::string& kind, std::string_view key, int32_t offset) const {
  const auto found = by_kind_.find(kind);
  if (found == by_kind_.end()) return absl::InvalidArgumentError(absl::StrCat("there are no phrases of kind ", kind));
  const std::vector<Phrase>& phrases = found->second;
  const int32_t size = static_cast<int32_t>(phrases.size());
  return phrases[static_cast<size_t>((Roll(key, size) + offset) % size)];
}

}  // namespace dangjian::seeds
