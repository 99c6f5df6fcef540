#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "common/storage/table_schema.h"
#include "dangjian/storage/v1/row.pb.h"

// Stored forms of the measures: what the other measure_store files and reconcile agree on. Format:
// docs/storage_format.md.

namespace dangjian::storage {

// Persons and households: united, never added.
bool IsDistinct(const MeasureDef& measure);
bool IsStock(const MeasureDef& measure);

// One contribution as it is stored: with its organisation made explicit and a number that tells it from the other
// contributions of the same record to the same measure on the same day.
struct LineageEntry {
  const MeasureDef* measure;
  std::string organization;
  Day day;
  int32_t ordinal;
  int64_t amount;
  common::v1::Qualifier qualifier;
  std::vector<std::string> dimensions;
  std::string subject;
};

// The contributions of a record in stored order; entries of two versions of a record can be compared one by one.
std::vector<LineageEntry> CanonicalEntries(std::string_view owner, const std::vector<Contribution>& contributions);
// Orders all columns; equal entries are the same stored bytes.
bool EntryLess(const LineageEntry& a, const LineageEntry& b);

// Which record an entry belongs to.
struct RecordId {
  uint16_t table_tag;
  std::string_view id;
};

std::string ContributionPrefix(const MeasureDef& measure, std::string_view organization);
std::string ContributionKey(const LineageEntry& entry, RecordId record);
std::string ContributionValue(const LineageEntry& entry);
// Only for distinct measures.
std::string SubjectRecordKey(const LineageEntry& entry, RecordId record);

// A contribution key or a subject-record key taken apart.
struct LineageKeyParts {
  std::string text;  // the organisation of a contribution key, the subject of a subject-record key
  Day day;
  uint16_t table_tag;
  std::string id;
  int32_t ordinal;
};
absl::StatusOr<LineageKeyParts> ParseLineageKey(std::string_view key);
// The days whose contributions make up a value: for a stock, all up to the last.
DayRange ReadDays(const MeasureDef& measure, DayRange days);
// [first, second) of the keys of `tag` under (measure, text) whose day lies in the range.
std::pair<std::string, std::string> DayKeys(uint16_t tag, const MeasureDef& measure, std::string_view text,
                                            DayRange days);
// The entry stored under a contribution key. DATA_LOSS when either is malformed.
absl::StatusOr<LineageEntry> ParseContribution(const MeasureDef& measure, const LineageKeyParts& key,
                                               std::string_view value);

std::string CellPrefix(const MeasureDef& measure, std::string_view organization);
std::string CellKey(const MeasureDef& measure, std::string_view organization, Day day, common::v1::Qualifier qualifier,
                    const std::vector<std::string>& dimensions);

std::string PresencePrefix(const MeasureDef& measure, std::string_view organization);
std::string PresenceKey(const MeasureDef& measure, std::string_view organization, std::string_view subject);
// How many contributions a subject has on each day, never 0. Negative only for stocks, where a departure takes one
// away.
using PresenceDays = absl::btree_map<Day, int64_t>;
std::string EncodePresence(const PresenceDays& days);
absl::StatusOr<PresenceDays> DecodePresence(std::string_view bytes);
// Whether the subject of a stored presence row counts in the period: present on one of its days, or, for a stock, at
// its end. Asked of every subject of an organisation by periods for which no count is kept, so it builds no
// PresenceDays. DATA_LOSS.
absl::StatusOr<bool> IsPresent(const MeasureDef& measure, std::string_view bytes, DayRange days);

// Periods for which the count of subjects is kept. Two years begin with any year, so that a day lies in two of them.
enum class PeriodKind : uint16_t { kMonth = 1, kQuarter = 2, kHalfYear = 3, kYear = 4, kAllTime = 5, kTwoYears = 6 };
struct KeptPeriod {
  PeriodKind kind;
  Day start;
  bool operator==(const KeptPeriod&) const = default;
};
// nullopt when the range is none of the kept periods. All time is [Day::Min(), Day::Max()].
std::optional<KeptPeriod> KeptPeriodOf(DayRange days);
std::string PresenceCountKey(const MeasureDef& measure, std::string_view organization, KeptPeriod period);

// Adds `sign` times the counts that a presence row of these days stands for: kept counts of a flow, day cells of a
// stock.
void AddPresenceCounts(const MeasureDef& measure, std::string_view organization, const PresenceDays& presence,
                       int64_t sign, absl::btree_map<std::string, int64_t>& cells);

}  // namespace dangjian::storage
