#include "common/storage/measure_store_keys.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"

namespace dangjian::storage {
namespace {

// Periods of a kind begin at every `step` months of the year and last `months`.
struct KindOfPeriod {
  PeriodKind kind;
  int step;
  int months;
};
constexpr KindOfPeriod kCalendarKinds[] = {{PeriodKind::kMonth, 1, 1},
                                           {PeriodKind::kQuarter, 3, 3},
                                           {PeriodKind::kHalfYear, 6, 6},
                                           {PeriodKind::kYear, 12, 12},
                                           {PeriodKind::kTwoYears, 12, 24}};

Day FirstDayOf(absl::CivilMonth month) {
  return Day(static_cast<int32_t>(absl::CivilDay(month) - absl::CivilDay(1970, 1, 1)));
}

// The newest start of a period that holds `day`.
absl::CivilMonth LastStart(const KindOfPeriod& kind, Day day) {
  const absl::CivilMonth month(day.civil());
  return month - (month.month() - 1) % kind.step;
}

auto Columns(const LineageEntry& e) {
  return std::tie(e.measure->tag, e.day, e.organization, e.subject, e.dimensions, e.qualifier, e.amount, e.ordinal);
}

void AddTo(absl::btree_map<std::string, int64_t>& cells, std::string key, int64_t delta) {
  cells[std::move(key)] += delta;
}

absl::StatusOr<v1::Presence> ParsePresence(std::string_view bytes) {
  v1::Presence stored;
  if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      stored.days_size() != stored.counts_size()) {
    return absl::DataLossError("malformed presence row");
  }
  return stored;
}

}  // namespace

bool IsDistinct(const MeasureDef& measure) {
  return measure.kind == measure::v1::MEASURE_KIND_PERSON_DISTINCT ||
         measure.kind == measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT;
}

bool IsStock(const MeasureDef& measure) { return measure.time == measure::v1::MEASURE_TIME_STOCK; }

std::vector<LineageEntry> CanonicalEntries(std::string_view owner, const std::vector<Contribution>& contributions) {
  std::vector<LineageEntry> entries;
  entries.reserve(contributions.size());
  for (const Contribution& c : contributions) {
    if (c.amount == 0) continue;
    entries.push_back({.measure = c.measure,
                       .organization = c.organization.empty() ? std::string(owner) : c.organization,
                       .day = c.day,
                       .ordinal = 0,
                       .amount = c.amount,
                       .qualifier = std::max(c.qualifier, common::v1::QUALIFIER_EXACT),
                       .dimensions = c.dimensions,
                       .subject = c.subject});
  }
  std::sort(entries.begin(), entries.end(), EntryLess);
  for (size_t i = 1; i < entries.size(); ++i) {
    const LineageEntry& previous = entries[i - 1];
    if (previous.measure == entries[i].measure && previous.day == entries[i].day) {
      entries[i].ordinal = previous.ordinal + 1;
    }
  }
  return entries;
}

bool EntryLess(const LineageEntry& a, const LineageEntry& b) { return Columns(a) < Columns(b); }

std::string ContributionPrefix(const MeasureDef& measure, std::string_view organization) {
  return KeyWriter(keyspace::kContribution).Uint16(measure.tag).Text(organization).str();
}

std::string ContributionKey(const LineageEntry& entry, RecordId record) {
  return KeyWriter(keyspace::kContribution)
      .Uint16(entry.measure->tag)
      .Text(entry.organization)
      .Date(entry.day)
      .Uint16(record.table_tag)
      .Text(record.id)
      .Int32(entry.ordinal)
      .str();
}

std::string ContributionValue(const LineageEntry& entry) {
  v1::Contribution value;
  value.set_amount(entry.amount);
  value.set_qualifier(entry.qualifier);
  for (const std::string& dimension : entry.dimensions) value.add_dimensions(dimension);
  value.set_subject(entry.subject);
  return value.SerializeAsString();
}

std::string SubjectRecordKey(const LineageEntry& entry, RecordId record) {
  return KeyWriter(keyspace::kSubjectRecord)
      .Uint16(entry.measure->tag)
      .Text(entry.subject)
      .Date(entry.day)
      .Uint16(record.table_tag)
      .Text(record.id)
      .Int32(entry.ordinal)
      .str();
}

absl::StatusOr<LineageKeyParts> ParseLineageKey(std::string_view key) {
  KeyReader reader(key);
  reader.Uint16();  // measure
  LineageKeyParts parts;
  parts.text = reader.Text();
  parts.day = reader.Date();
  parts.table_tag = reader.Uint16();
  parts.id = reader.Text();
  parts.ordinal = reader.Int32();
  RETURN_IF_ERROR(reader.status());
  return parts;
}

DayRange ReadDays(const MeasureDef& measure, DayRange days) {
  return IsStock(measure) ? DayRange{Day::Min(), days.last} : days;
}

std::pair<std::string, std::string> DayKeys(uint16_t tag, const MeasureDef& measure, std::string_view text,
                                            DayRange days) {
  KeyWriter begin(tag);
  begin.Uint16(measure.tag).Text(text);
  KeyWriter end = begin;
  if (days.last == Day::Max()) return {begin.Date(days.first).str(), PrefixEnd(end.str())};
  return {begin.Date(days.first).str(), end.Date(days.last + 1).str()};
}

absl::StatusOr<LineageEntry> ParseContribution(const MeasureDef& measure, const LineageKeyParts& key,
                                               std::string_view value) {
  v1::Contribution stored;
  if (!stored.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      static_cast<size_t>(stored.dimensions_size()) != measure.dimensions.size()) {
    return absl::DataLossError(absl::StrCat("malformed contribution of measure ", ToAbsl(measure.id)));
  }
  return LineageEntry{.measure = &measure,
                      .organization = key.text,
                      .day = key.day,
                      .ordinal = key.ordinal,
                      .amount = stored.amount(),
                      .qualifier = static_cast<common::v1::Qualifier>(stored.qualifier()),
                      .dimensions = {stored.dimensions().begin(), stored.dimensions().end()},
                      .subject = stored.subject()};
}

std::string CellPrefix(const MeasureDef& measure, std::string_view organization) {
  return KeyWriter(keyspace::kCell).Uint16(measure.tag).Text(organization).str();
}

std::string CellKey(const MeasureDef& measure, std::string_view organization, Day day, common::v1::Qualifier qualifier,
                    const std::vector<std::string>& dimensions) {
  KeyWriter key(keyspace::kCell);
  key.Uint16(measure.tag).Text(organization).Date(day).Uint16(static_cast<uint16_t>(qualifier));
  for (const std::string& dimension : dimensions) key.Text(dimension);
  return std::move(key).str();
}

std::string PresencePrefix(const MeasureDef& measure, std::string_view organization) {
  return KeyWriter(keyspace::kPresence).Uint16(measure.tag).Text(organization).str();
}

std::string PresenceKey(const MeasureDef& measure, std::string_view organization, std::string_view subject) {
  return KeyWriter(keyspace::kPresence).Uint16(measure.tag).Text(organization).Text(subject).str();
}

std::string EncodePresence(const PresenceDays& days) {
  v1::Presence stored;
  for (const auto& [day, count] : days) {
    stored.add_days(day.number());
    stored.add_counts(count);
  }
  return stored.SerializeAsString();
}

absl::StatusOr<PresenceDays> DecodePresence(std::string_view bytes) {
  ASSIGN_OR_RETURN(const v1::Presence stored, ParsePresence(bytes));
  PresenceDays days;
  for (int i = 0; i < stored.days_size(); ++i) days.emplace_hint(days.end(), Day(stored.days(i)), stored.counts(i));
  return days;
}

absl::StatusOr<bool> IsPresent(const MeasureDef& measure, std::string_view bytes, DayRange days) {
  ASSIGN_OR_RETURN(const v1::Presence stored, ParsePresence(bytes));
  const auto first = stored.days().begin();
  const auto end = std::upper_bound(first, stored.days().end(), days.last.number());
  if (IsStock(measure)) {
    return std::accumulate(stored.counts().begin(), stored.counts().begin() + (end - first), int64_t{0}) > 0;
  }
  const auto begin = std::lower_bound(first, end, days.first.number());
  return std::any_of(stored.counts().begin() + (begin - first), stored.counts().begin() + (end - first),
                     [](int64_t count) { return count > 0; });
}

std::optional<KeptPeriod> KeptPeriodOf(DayRange days) {
  if (days.first == Day::Min() || days.last == Day::Max()) {
    if (days.first != Day::Min() || days.last != Day::Max()) return std::nullopt;
    return KeptPeriod{PeriodKind::kAllTime, Day::Min()};
  }
  for (const KindOfPeriod& kind : kCalendarKinds) {
    const absl::CivilMonth start = LastStart(kind, days.first);
    if (FirstDayOf(start) == days.first && FirstDayOf(start + kind.months) - 1 == days.last) {
      return KeptPeriod{kind.kind, days.first};
    }
  }
  return std::nullopt;
}

std::string PresenceCountKey(const MeasureDef& measure, std::string_view organization, KeptPeriod period) {
  return KeyWriter(keyspace::kPresenceCount)
      .Uint16(measure.tag)
      .Text(organization)
      .Uint16(static_cast<uint16_t>(period.kind))
      .Date(period.start)
      .str();
}

void AddPresenceCounts(const MeasureDef& measure, std::string_view organization, const PresenceDays& presence,
                       int64_t sign, absl::btree_map<std::string, int64_t>& cells) {
  if (IsStock(measure)) {
    int64_t running = 0;
    for (const auto& [day, count] : presence) {
      const bool was_present = running > 0;
      running += count;
      const int64_t step = (running > 0 ? 1 : 0) - (was_present ? 1 : 0);
      if (step != 0) AddTo(cells, CellKey(measure, organization, day, common::v1::QUALIFIER_EXACT, {}), sign * step);
    }
    return;
  }
  const auto count = [&](PeriodKind kind, Day start) {
    AddTo(cells, PresenceCountKey(measure, organization, {kind, start}), sign);
  };
  if (std::any_of(presence.begin(), presence.end(), [](const auto& day) { return day.second > 0; })) {
    count(PeriodKind::kAllTime, Day::Min());
  }
  for (const KindOfPeriod& kind : kCalendarKinds) {
    std::optional<absl::CivilMonth> counted;  // start of the period counted last; days ascend
    for (const auto& [day, times] : presence) {
      if (times <= 0) continue;
      const absl::CivilMonth last = LastStart(kind, day);
      if (counted == last) continue;
      absl::CivilMonth start = last - (kind.months - kind.step);
      if (counted.has_value() && start <= *counted) start = *counted + kind.step;
      for (; start <= last; start += kind.step) count(kind.kind, FirstDayOf(start));
      counted = last;
    }
  }
}

}  // namespace dangjian::storage
