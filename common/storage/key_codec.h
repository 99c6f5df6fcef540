#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/storage/kv_store.h"

// Keys: a 2-byte table tag, then columns whose encoded bytes order as their values do. Format: docs/storage_format.md.

namespace dangjian::storage {

// Builds a key column by column.
class KeyWriter {
 public:
  explicit KeyWriter(uint16_t tag);
  // Text: 00 becomes 00 FF, the end is 00 01; so a text sorts before every longer text that it begins.
  KeyWriter& Text(std::string_view text);
  // Big-endian with the sign bit flipped.
  KeyWriter& Int64(int64_t value);
  // Int64 inverted: newest first.
  KeyWriter& Int64Descending(int64_t value);
  KeyWriter& Int32(int32_t value);
  KeyWriter& Uint16(uint16_t value);
  KeyWriter& Date(Day day) { return Int32(day.number()); }
  const std::string& str() const& { return key_; }
  std::string str() && { return std::move(key_); }

 private:
  std::string key_;
};

// Takes a key apart in the order in which it was built. After a malformed column every read fails.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key);
  uint16_t tag() const { return tag_; }
  std::string Text();
  int64_t Int64();
  int64_t Int64Descending();
  int32_t Int32();
  uint16_t Uint16();
  Day Date() { return Day(Int32()); }
  std::string_view rest() const { return rest_; }
  // DATA_LOSS when the key did not have the columns that were read.
  absl::Status status() const;

 private:
  std::string_view Take(size_t bytes);
  uint16_t tag_ = 0;
  std::string_view rest_;
  bool ok_ = true;
};

// The smallest key greater than every key that begins with `prefix`; empty, the end of the store, when there is none.
std::string PrefixEnd(std::string_view prefix);

// Walks the keys that begin with `prefix`.
std::unique_ptr<Cursor> ScanPrefix(const Reader& reader, std::string_view prefix);

// The stored form of a cell: 8 bytes, big-endian two's complement.
std::string EncodeCell(int64_t value);
absl::StatusOr<int64_t> DecodeCell(std::string_view bytes);
// The value of the cell at `key`; 0 when there is none.
absl::StatusOr<int64_t> ReadCell(const Reader& reader, std::string_view key);

}  // namespace dangjian::storage
