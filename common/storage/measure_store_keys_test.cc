#include "common/storage/measure_store_keys.h"

#include "absl/strings/escaping.h"
#include "common/testing/matchers.h"
#include "common/testing/toy_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using ::testing::ElementsAre;
using testing::kToyPersons;
using testing::kToyResidents;
using testing::kToyTimes;
using ::testing::Pair;
using testing::StatusIs;
using testing::ValueOrDie;

const Day kDay = Day::Of(2024, 5, 20);  // day 19,863: 80004d97 in a key

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

LineageEntry Entry() {
  return {.measure = &kToyTimes,
          .organization = "o/a",
          .day = kDay,
          .ordinal = 2,
          .amount = 30,
          .qualifier = common::v1::QUALIFIER_ABOUT,
          .dimensions = {"x", ""},
          .subject = ""};
}

// Golden bytes: a change of any of them is a change of the stored format and needs a migration.
TEST(MeasureStoreKeysTest, StoredBytesDoNotChange) {
  EXPECT_EQ(Hex(CellKey(kToyTimes, "o/a", kDay, common::v1::QUALIFIER_ABOUT, {"x", ""})),
            "0010ff016f2f61000180004d9700047800010001");
  EXPECT_EQ(Hex(ContributionKey(Entry(), {0xFF00, "r-1"})), "0011ff016f2f61000180004d97ff00722d31000180000002");
  EXPECT_EQ(Hex(ContributionValue(Entry())), "081e10041a01781a00");
  EXPECT_EQ(Hex(PresenceKey(kToyPersons, "o/a", "m/1")), "0012ff046f2f6100016d2f310001");
  EXPECT_EQ(Hex(EncodePresence({{kDay, 2}, {kDay + 1, -1}})), "0a06aeb602b0b60212020401");
  EXPECT_EQ(Hex(PresenceCountKey(kToyPersons, "o/a", {PeriodKind::kQuarter, Day::Of(2024, 4, 1)})),
            "0013ff046f2f610001000280004d66");
  LineageEntry person = Entry();
  person.measure = &kToyPersons;
  person.subject = "m/1";
  EXPECT_EQ(Hex(SubjectRecordKey(person, {0xFF00, "r-1"})), "0014ff046d2f31000180004d97ff00722d31000180000002");
}

TEST(MeasureStoreKeysTest, AContributionIsReadAsItWasWritten) {
  const auto parts = ParseLineageKey(ContributionKey(Entry(), {0xFF00, "r-1"}));
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->table_tag, 0xFF00);
  EXPECT_EQ(parts->id, "r-1");
  const auto entry = ParseContribution(kToyTimes, *parts, ContributionValue(Entry()));
  ASSERT_TRUE(entry.ok());
  EXPECT_FALSE(EntryLess(*entry, Entry()));
  EXPECT_FALSE(EntryLess(Entry(), *entry));
}

TEST(MeasureStoreKeysTest, DamagedBytesAreDataLoss) {
  EXPECT_THAT(ParseLineageKey("\x00\x11\xff"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodePresence("\xff"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(IsPresent(kToyPersons, "\xff", {kDay, kDay}), StatusIs(absl::StatusCode::kDataLoss));
  const auto parts = ParseLineageKey(ContributionKey(Entry(), {0xFF00, "r-1"}));
  EXPECT_THAT(ParseContribution(kToyTimes, *parts, ""), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(MeasureStoreKeysTest, CanonicalEntriesDoNotDependOnTheOrderOfContributions) {
  std::vector<Contribution> contributions = {
      {.measure = &kToyTimes, .day = kDay, .amount = 5, .dimensions = {"a", "b"}},
      {.measure = &kToyTimes, .day = kDay, .amount = 3, .dimensions = {"a", "b"}, .organization = "o/other"},
      {.measure = &kToyTimes, .day = kDay, .amount = 5, .dimensions = {"a", "b"}},
      {.measure = &kToyTimes, .day = kDay, .amount = 0, .dimensions = {"a", "b"}},
      {.measure = &kToyTimes, .day = kDay + 1, .amount = 1, .dimensions = {"a", "b"}}};
  const std::vector<LineageEntry> entries = CanonicalEntries("o/own", contributions);
  std::vector<std::tuple<std::string, Day, int64_t, int32_t>> seen;
  for (const LineageEntry& e : entries) seen.emplace_back(e.organization, e.day, e.amount, e.ordinal);
  EXPECT_THAT(seen, ElementsAre(std::tuple("o/other", kDay, 3, 0), std::tuple("o/own", kDay, 5, 1),
                                std::tuple("o/own", kDay, 5, 2), std::tuple("o/own", kDay + 1, 1, 0)));
  std::reverse(contributions.begin(), contributions.end());
  const std::vector<LineageEntry> again = CanonicalEntries("o/own", contributions);
  ASSERT_EQ(again.size(), entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    EXPECT_FALSE(EntryLess(entries[i], again[i]) || EntryLess(again[i], entries[i]));
  }
}

TEST(MeasureStoreKeysTest, KeptPeriodsAreWholeCalendarPeriods) {
  const auto kept = [](int y1, int m1, int d1, int y2, int m2, int d2) {
    return KeptPeriodOf({Day::Of(y1, m1, d1), Day::Of(y2, m2, d2)});
  };
  EXPECT_EQ(kept(2024, 2, 1, 2024, 2, 29), (KeptPeriod{PeriodKind::kMonth, Day::Of(2024, 2, 1)}));
  EXPECT_EQ(kept(2024, 4, 1, 2024, 6, 30), (KeptPeriod{PeriodKind::kQuarter, Day::Of(2024, 4, 1)}));
  EXPECT_EQ(kept(2024, 7, 1, 2024, 12, 31), (KeptPeriod{PeriodKind::kHalfYear, Day::Of(2024, 7, 1)}));
  EXPECT_EQ(kept(2024, 1, 1, 2024, 12, 31), (KeptPeriod{PeriodKind::kYear, Day::Of(2024, 1, 1)}));
  EXPECT_EQ(kept(2023, 1, 1, 2024, 12, 31), (KeptPeriod{PeriodKind::kTwoYears, Day::Of(2023, 1, 1)}));
  EXPECT_EQ(KeptPeriodOf({Day::Min(), Day::Max()}), (KeptPeriod{PeriodKind::kAllTime, Day::Min()}));
  EXPECT_EQ(kept(2024, 2, 1, 2024, 2, 28), std::nullopt);
  EXPECT_EQ(kept(2024, 2, 1, 2024, 4, 30), std::nullopt);
  EXPECT_EQ(kept(2024, 4, 1, 2024, 9, 30), std::nullopt);
  EXPECT_EQ(kept(2023, 1, 1, 2025, 12, 31), std::nullopt);
  EXPECT_EQ(kept(2023, 7, 1, 2025, 6, 30), std::nullopt);
  EXPECT_EQ(KeptPeriodOf({Day::Min(), kDay}), std::nullopt);
}

TEST(MeasureStoreKeysTest, AFlowIsPresentOnItsDaysAndAStockAtTheEndOfThePeriod) {
  const std::string visits = EncodePresence({{kDay, 1}, {kDay + 30, 2}});
  const auto visited = [&](DayRange days) { return ValueOrDie(IsPresent(kToyPersons, visits, days)); };
  EXPECT_TRUE(visited({kDay, kDay}));
  EXPECT_TRUE(visited({kDay - 5, kDay + 29}));
  EXPECT_TRUE(visited({kDay + 30, kDay + 40}));
  EXPECT_FALSE(visited({kDay + 1, kDay + 29}));
  EXPECT_FALSE(visited({kDay + 31, kDay + 40}));
  EXPECT_FALSE(visited({kDay - 9, kDay - 1}));

  const std::string stay = EncodePresence({{kDay, 1}, {kDay + 30, -1}});
  const auto stays = [&](DayRange days) { return ValueOrDie(IsPresent(kToyResidents, stay, days)); };
  EXPECT_FALSE(stays({kDay - 9, kDay - 1}));
  EXPECT_TRUE(stays({kDay - 9, kDay}));
  EXPECT_TRUE(stays({kDay + 20, kDay + 29}));
  EXPECT_FALSE(stays({kDay + 20, kDay + 30}));
}

TEST(MeasureStoreKeysTest, AFlowCountsASubjectOnceForEachPeriodItIsPresentIn) {
  absl::btree_map<std::string, int64_t> cells;
  AddPresenceCounts(kToyPersons, "o/a", {{Day::Of(2024, 1, 5), 1}, {Day::Of(2024, 1, 9), 3}, {Day::Of(2024, 3, 1), 1}},
                    1, cells);
  const auto key = [](PeriodKind kind, Day start) { return PresenceCountKey(kToyPersons, "o/a", {kind, start}); };
  EXPECT_THAT(cells, ElementsAre(Pair(key(PeriodKind::kMonth, Day::Of(2024, 1, 1)), 1),
                                 Pair(key(PeriodKind::kMonth, Day::Of(2024, 3, 1)), 1),
                                 Pair(key(PeriodKind::kQuarter, Day::Of(2024, 1, 1)), 1),
                                 Pair(key(PeriodKind::kHalfYear, Day::Of(2024, 1, 1)), 1),
                                 Pair(key(PeriodKind::kYear, Day::Of(2024, 1, 1)), 1),
                                 Pair(key(PeriodKind::kAllTime, Day::Min()), 1),
                                 Pair(key(PeriodKind::kTwoYears, Day::Of(2023, 1, 1)), 1),
                                 Pair(key(PeriodKind::kTwoYears, Day::Of(2024, 1, 1)), 1)));
}

TEST(MeasureStoreKeysTest, TwoYearsOverlapAndCountASubjectOnceEach) {
  absl::btree_map<std::string, int64_t> cells;
  AddPresenceCounts(kToyPersons, "o/a", {{Day::Of(2005, 7, 1), 1}, {Day::Of(2006, 7, 1), 1}, {Day::Of(2009, 1, 1), 1}},
                    1, cells);
  const auto counted = [&](int year) {
    const auto key = PresenceCountKey(kToyPersons, "o/a", {PeriodKind::kTwoYears, Day::Of(year, 1, 1)});
    const auto it = cells.find(key);
    return it == cells.end() ? 0 : it->second;
  };
  std::vector<int64_t> by_start;
  for (int year = 2003; year <= 2010; ++year) by_start.push_back(counted(year));
  EXPECT_THAT(by_start, ElementsAre(0, 1, 1, 1, 0, 1, 1, 0));
}

TEST(MeasureStoreKeysTest, AStockCountsArrivalsAndDepartures) {
  absl::btree_map<std::string, int64_t> cells;
  AddPresenceCounts(kToyResidents, "o/a", {{kDay, 2}, {kDay + 5, -1}, {kDay + 9, -1}, {kDay + 20, 1}}, 1, cells);
  const auto key = [](Day day) { return CellKey(kToyResidents, "o/a", day, common::v1::QUALIFIER_EXACT, {}); };
  EXPECT_THAT(cells, ElementsAre(Pair(key(kDay), 1), Pair(key(kDay + 9), -1), Pair(key(kDay + 20), 1)));
}

}  // namespace
}  // namespace dangjian::storage
