#include "common/storage/key_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <tuple>

#include "absl/strings/escaping.h"
#include "common/base/strings.h"
#include "common/storage/memory_kv_store.h"

namespace dangjian::storage {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;

constexpr int64_t kMin64 = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax64 = std::numeric_limits<int64_t>::max();
constexpr int32_t kMin32 = std::numeric_limits<int32_t>::min();
constexpr int32_t kMax32 = std::numeric_limits<int32_t>::max();

std::string Hex(std::string_view bytes) { return absl::BytesToHexString(ToAbsl(bytes)); }

// Stored bytes: a change here makes every existing store unreadable.
TEST(KeyCodecTest, GoldenBytes) {
  EXPECT_EQ(Hex(KeyWriter(0x0102).str()), "0102");
  EXPECT_EQ(Hex(KeyWriter(1).Text("").str()), "00010001");
  EXPECT_EQ(Hex(KeyWriter(1).Text("ab").str()), "000161620001");
  EXPECT_EQ(Hex(KeyWriter(1).Text("a\x00z"s).str()), "00016100ff7a0001");
  EXPECT_EQ(Hex(KeyWriter(1).Text("党").str()), "0001e5859a0001");
  EXPECT_EQ(Hex(KeyWriter(1).Int64(0).str()), "00018000000000000000");
  EXPECT_EQ(Hex(KeyWriter(1).Int64(-1).str()), "00017fffffffffffffff");
  EXPECT_EQ(Hex(KeyWriter(1).Int64(258).str()), "00018000000000000102");
  EXPECT_EQ(Hex(KeyWriter(1).Int64Descending(258).str()), "00017ffffffffffffefd");
  EXPECT_EQ(Hex(KeyWriter(1).Int32(-2).str()), "00017ffffffe");
  EXPECT_EQ(Hex(KeyWriter(1).Uint16(0xABCD).str()), "0001abcd");
  EXPECT_EQ(Hex(KeyWriter(1).Date(Day::Of(2024, 6, 30)).str()), "000180004dc0");
  EXPECT_EQ(Hex(EncodeCell(258)), "0000000000000102");
  EXPECT_EQ(Hex(EncodeCell(-1)), "ffffffffffffffff");
}

using Columns = std::tuple<std::string, int64_t, int32_t, uint16_t, std::string>;

std::string Encode(const Columns& row) {
  const auto& [first, wide, narrow, tag, second] = row;
  return KeyWriter(7).Text(first).Int64(wide).Int32(narrow).Uint16(tag).Text(second).str();
}

Columns RandomColumns(std::mt19937_64& random) {
  const auto below = [&random](size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(random); };
  const auto text = [&] {
    static constexpr char kBytes[] = {'\x00', '\x01', 'a', 'b', '\xFE', '\xFF'};
    std::string bytes;
    for (size_t length = below(5); length > 0; --length) bytes.push_back(kBytes[below(6)]);
    return bytes;
  };
  const int64_t wide[] = {kMin64, kMin64 + 1, -256, -1, 0, 1, 255, 256, kMax64 - 1, kMax64};
  const int32_t narrow[] = {kMin32, -65536, -1, 0, 1, 65536, kMax32};
  const uint16_t tags[] = {0, 1, 255, 256, 65535};
  return {text(), wide[below(10)], narrow[below(7)], tags[below(5)], text()};
}

TEST(KeyCodecTest, KeysOrderAsTheirColumns) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 50'000; ++i) {
    const Columns a = RandomColumns(random);
    const Columns b = RandomColumns(random);
    ASSERT_EQ(a < b, Encode(a) < Encode(b)) << Hex(Encode(a)) << " " << Hex(Encode(b));
    ASSERT_EQ(a == b, Encode(a) == Encode(b));
  }
}

TEST(KeyCodecTest, ReaderGivesBackWhatWasWritten) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 5'000; ++i) {
    const Columns row = RandomColumns(random);
    const std::string key = Encode(row);
    KeyReader reader(key);
    EXPECT_EQ(reader.tag(), 7);
    const std::string first = reader.Text();
    const int64_t wide = reader.Int64();
    const int32_t narrow = reader.Int32();
    const uint16_t tag = reader.Uint16();
    ASSERT_EQ(Columns(first, wide, narrow, tag, reader.Text()), row);
    EXPECT_TRUE(reader.status().ok());
    EXPECT_TRUE(reader.rest().empty());
  }
}

TEST(KeyCodecTest, DescendingColumnsOrderNewestFirst) {
  const int64_t ascending[] = {kMin64, -5, -1, 0, 1, 7, kMax64};
  for (size_t i = 0; i + 1 < std::size(ascending); ++i) {
    EXPECT_GT(KeyWriter(1).Int64Descending(ascending[i]).str(), KeyWriter(1).Int64Descending(ascending[i + 1]).str());
  }
  for (const int64_t value : ascending) {
    const std::string key = KeyWriter(1).Int64Descending(value).Date(Day::Of(2024, 2, 29)).str();
    KeyReader reader(key);
    EXPECT_EQ(reader.Int64Descending(), value);
    EXPECT_EQ(reader.Date(), Day::Of(2024, 2, 29));
    EXPECT_TRUE(reader.status().ok());
  }
}

TEST(KeyCodecTest, ReaderRefusesMalformedKeys) {
  for (const std::string& key : {""s, "\x00"s, "\x00\x01"s,
                                 "\x00\x01"
                                 "abc"s,
                                 "\x00\x01"
                                 "abc\x00"s,
                                 "\x00\x01"
                                 "abc\x00\x02"s}) {
    KeyReader reader(key);
    EXPECT_EQ(reader.Text(), "") << Hex(key);
    EXPECT_TRUE(absl::IsDataLoss(reader.status())) << Hex(key);
    EXPECT_EQ(reader.Int64(), 0);
    EXPECT_EQ(reader.Uint16(), 0);
  }
  const std::string short_key = KeyWriter(1).Int32(5).str();
  KeyReader reader(short_key);
  EXPECT_EQ(reader.Int64(), 0);
  EXPECT_TRUE(absl::IsDataLoss(reader.status()));
  EXPECT_EQ(reader.Int32(), 0) << "after a malformed column every read fails";
}

TEST(KeyCodecTest, PrefixEndFollowsAllKeysOfThePrefix) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xFF\xFF"), "b");
  EXPECT_EQ(PrefixEnd("a\x00"s), "a\x01"s);
  EXPECT_EQ(PrefixEnd("\x7F"), "\x80");
  EXPECT_EQ(PrefixEnd("\xFF\xFF"), "") << "the end of the store";
}

TEST(KeyCodecTest, TextColumnIsNoPrefixOfALongerText) {
  const auto store = MemoryKvStore::Create();
  ASSERT_TRUE(store
                  ->Transact([](KvTxn& txn) {
                    for (const char* id : {"o-1", "o-11", "o-1-2"}) txn.Put(KeyWriter(0x0500).Text(id).Int32(1).str(), id);
                    txn.Put(KeyWriter(6).Text("o-1").str(), "another table");
                    return absl::OkStatus();
                  })
                  .ok());
  const auto snapshot = store->GetSnapshot();
  std::vector<std::string> found;
  for (auto cursor = ScanPrefix(*snapshot, KeyWriter(0x0500).Text("o-1").str()); cursor->Valid(); cursor->Next()) {
    found.emplace_back(cursor->value());
  }
  EXPECT_THAT(found, ElementsAre("o-1"));
  found.clear();
  for (auto cursor = ScanPrefix(*snapshot, KeyWriter(0x0500).str()); cursor->Valid(); cursor->Next()) {
    found.emplace_back(cursor->value());
  }
  EXPECT_THAT(found, ElementsAre("o-1", "o-1-2", "o-11"));
}

TEST(KeyCodecTest, CellsRoundTripAndRefuseOtherLengths) {
  for (const int64_t value : {kMin64, int64_t{-1}, int64_t{0}, int64_t{1}, kMax64}) {
    EXPECT_EQ(DecodeCell(EncodeCell(value)).value(), value);
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeCell("").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeCell("1234567").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeCell("123456789").status()));
}

TEST(KeyCodecTest, MissingCellIsZeroAndADamagedOneIsRefused) {
  const auto store = MemoryKvStore::Create();
  ASSERT_TRUE(store
                  ->Transact([](KvTxn& txn) {
                    txn.Add("good", -4);
                    txn.Put("bad", "xyz");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(ReadCell(*store->GetSnapshot(), "none").value(), 0);
  EXPECT_EQ(ReadCell(*store->GetSnapshot(), "good").value(), -4);
  EXPECT_TRUE(absl::IsDataLoss(ReadCell(*store->GetSnapshot(), "bad").status()));
  const auto add = store->Transact([](KvTxn& txn) { return txn.Add("bad", 1), absl::OkStatus(); });
  EXPECT_TRUE(absl::IsDataLoss(add.status())) << add.status();
}

}  // namespace
}  // namespace dangjian::storage
