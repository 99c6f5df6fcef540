#include "common/storage/key_codec.h"

#include <concepts>

#include "common/base/status_macros.h"

namespace dangjian::storage {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xFF';
constexpr char kEnd = '\x01';
constexpr uint64_t kSign64 = uint64_t{1} << 63;
constexpr uint32_t kSign32 = uint32_t{1} << 31;

template <std::unsigned_integral T>
void AppendBigEndian(T value, std::string& out) {
  char bytes[sizeof(T)];
  for (size_t i = sizeof(T); i-- > 0; value = static_cast<T>(sizeof(T) > 1 ? value >> 8 : 0)) {
    bytes[i] = static_cast<char>(value & 0xFF);
  }
  out.append(bytes, sizeof(T));
}

// `bytes` is empty when the key was too short.
template <std::unsigned_integral T>
T ParseBigEndian(std::string_view bytes) {
  T value = 0;
  for (const char byte : bytes) value = static_cast<T>((value << 8) | static_cast<unsigned char>(byte));
  return value;
}

}  // namespace

KeyWriter::KeyWriter(uint16_t tag) {
  key_.reserve(64);
  AppendBigEndian(tag, key_);
}

KeyWriter& KeyWriter::Text(std::string_view text) {
  for (size_t zero = text.find(kEscape); zero != std::string_view::npos; zero = text.find(kEscape)) {
    key_.append(text.substr(0, zero + 1));
    key_.push_back(kEscapedZero);
    text.remove_prefix(zero + 1);
  }
  key_.append(text);
  key_.push_back(kEscape);
  key_.push_back(kEnd);
  return *this;
}

KeyWriter& KeyWriter::Int64(int64_t value) {
  AppendBigEndian(static_cast<uint64_t>(value) ^ kSign64, key_);
  return *this;
}

KeyWriter& KeyWriter::Int64Descending(int64_t value) {
  AppendBigEndian(~(static_cast<uint64_t>(value) ^ kSign64), key_);
  return *this;
}

KeyWriter& KeyWriter::Int32(int32_t value) {
  AppendBigEndian(static_cast<uint32_t>(value) ^ kSign32, key_);
  return *this;
}

KeyWriter& KeyWriter::Uint16(uint16_t value) {
  AppendBigEndian(value, key_);
  return *this;
}

KeyReader::KeyReader(std::string_view key) : rest_(key) { tag_ = Uint16(); }

std::string_view KeyReader::Take(size_t bytes) {
  if (!ok_ || rest_.size() < bytes) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::string KeyReader::Text() {
  std::string text;
  while (ok_) {
    const size_t zero = rest_.find(kEscape);
    if (zero == std::string_view::npos || zero + 1 == rest_.size()) break;
    text.append(rest_.substr(0, zero));
    const char mark = rest_[zero + 1];
    rest_.remove_prefix(zero + 2);
    if (mark == kEnd) return text;
    if (mark != kEscapedZero) break;
    text.push_back(kEscape);
  }
  ok_ = false;
  return {};
}

int64_t KeyReader::Int64() {
  const std::string_view bytes = Take(8);
  return ok_ ? static_cast<int64_t>(ParseBigEndian<uint64_t>(bytes) ^ kSign64) : 0;
}

int64_t KeyReader::Int64Descending() {
  const std::string_view bytes = Take(8);
  return ok_ ? static_cast<int64_t>(~ParseBigEndian<uint64_t>(bytes) ^ kSign64) : 0;
}

int32_t KeyReader::Int32() {
  const std::string_view bytes = Take(4);
  return ok_ ? static_cast<int32_t>(ParseBigEndian<uint32_t>(bytes) ^ kSign32) : 0;
}

uint16_t KeyReader::Uint16() { return ParseBigEndian<uint16_t>(Take(2)); }

absl::Status KeyReader::status() const {
  return ok_ ? absl::OkStatus() : absl::DataLossError("a stored key does not have the columns of its table");
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xFF') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::unique_ptr<Cursor> ScanPrefix(const Reader& reader, std::string_view prefix) {
  return reader.Scan(prefix, PrefixEnd(prefix));
}

std::string EncodeCell(int64_t value) {
  std::string bytes;
  AppendBigEndian(static_cast<uint64_t>(value), bytes);
  return bytes;
}

absl::StatusOr<int64_t> DecodeCell(std::string_view bytes) {
  if (bytes.size() != 8) return absl::DataLossError("a stored cell is not 8 bytes long");
  return static_cast<int64_t>(ParseBigEndian<uint64_t>(bytes));
}

absl::StatusOr<int64_t> ReadCell(const Reader& reader, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(key));
  if (!bytes.has_value()) return 0;
  return DecodeCell(*bytes);
}

}  // namespace dangjian::storage
