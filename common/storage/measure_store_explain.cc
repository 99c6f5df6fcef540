#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/storage/measure_store.h"
#include "common/storage/measure_store_keys.h"

// MeasureStore::Explain: the records behind a value.

namespace dangjian::storage {
namespace {

// A page ends after this many entries even when few of them belong to the value, so that no page takes seconds.
constexpr int64_t kMaxScannedPerPage = 20'000;

bool PassesFilters(const MeasureQuery& query, const std::vector<std::string>& dimensions) {
  return std::all_of(query.filters.begin(), query.filters.end(), [&dimensions](const auto& filter) {
    return std::find(filter.second.begin(), filter.second.end(), dimensions.at(filter.first)) != filter.second.end();
  });
}

// Says whether a contribution of `owner` on `day` belongs to a query: a flow by the tree of its day, a stock by the
// tree of the date that is asked. Remembers answers, as neighbours share owner and day.
class Belonging {
 public:
  Belonging(const OrgTree& tree, const MeasureQuery& query) : tree_(tree), query_(query) {}

  bool operator()(const std::string& owner, Day day) {
    const Day as_of = IsStock(*query_.measure) ? query_.days.last : day;
    auto [it, is_new] = known_.try_emplace({owner, as_of.number()});
    if (is_new) it->second = tree_.IsWithin(owner, query_.organization, as_of);
    return it->second;
  }

 private:
  const OrgTree& tree_;
  const MeasureQuery& query_;
  absl::flat_hash_map<std::pair<std::string, int32_t>, bool> known_;
};

// The organisations whose contributions may belong to the query, sorted.
std::vector<std::string> Owners(const OrgTree& tree, const MeasureQuery& query) {
  const DayRange days = IsStock(*query.measure) ? DayRange{query.days.last, query.days.last} : query.days;
  return tree.SelfAndDescendants(query.organization, days);
}

ContributionLine ToLine(const LineageEntry& entry, std::string record) {
  return {.record = std::move(record),
          .organization = entry.organization,
          .day = entry.day,
          .amount = entry.amount,
          .qualifier = entry.qualifier,
          .subject = entry.subject,
          .dimensions = entry.dimensions};
}

// Of one subject's arrivals and departures in the order of days, the last arrival that still stands: in a record, and
// there with an organisation, that the subject has come to more often than left. Somewhere it has, if it is counted.
const ContributionLine* LastStanding(const std::vector<ContributionLine>& lines) {
  absl::flat_hash_map<std::string_view, int64_t> in_record;
  absl::flat_hash_map<std::pair<std::string_view, std::string_view>, int64_t> in_organization;
  for (const ContributionLine& line : lines) {
    in_record[line.record] += line.amount;
    in_organization[{line.record, line.organization}] += line.amount;
  }
  const auto stands = [&](const ContributionLine& line) {
    return line.amount > 0 && in_record[line.record] > 0 && in_organization[{line.record, line.organization}] > 0;
  };
  const auto last = std::find_if(lines.rbegin(), lines.rend(), stands);
  return last == lines.rend() ? nullptr : &*last;
}

// About as many as the line has in an answer.
size_t BytesOf(const ContributionLine& line) {
  constexpr size_t kNumbersAndTags = 48;
  size_t bytes = kNumbersAndTags + line.record.size() + line.organization.size() + line.subject.size();
  for (const std::string& dimension : line.dimensions) bytes += dimension.size() + 2;
  return bytes;
}

std::string KeyAfter(std::string_view key) { return std::string(key) + '\0'; }

}  // namespace

absl::StatusOr<ContributionPage> MeasureStore::ExplainAdditive(const Reader& reader, const OrgTree& tree,
                                                               const MeasureQuery& query, std::string_view after_key,
                                                               PageLimit limit) const {
  const std::string& collection = by_tag_.at(query.measure->tag).collection;
  const DayRange days = ReadDays(*query.measure, query.days);
  Belonging belongs(tree, query);
  ContributionPage page;
  size_t bytes = 0;
  int64_t scanned = 0;
  for (const std::string& owner : Owners(tree, query)) {
    auto [begin, end] = DayKeys(keyspace::kContribution, *query.measure, owner, days);
    if (end <= after_key) continue;
    if (begin <= after_key) begin = KeyAfter(after_key);
    auto cursor = reader.Scan(begin, end);
    for (; cursor->Valid(); cursor->Next()) {
      if (page.lines.size() == limit.rows || bytes >= limit.bytes || scanned == kMaxScannedPerPage) return page;
      RETURN_IF_ERROR(query.CheckAlive(++scanned));
      page.last_key = cursor->key();
      ASSIGN_OR_RETURN(const LineageKeyParts key, ParseLineageKey(cursor->key()));
      ASSIGN_OR_RETURN(const LineageEntry entry, ParseContribution(*query.measure, key, cursor->value()));
      if (!PassesFilters(query, entry.dimensions) || !belongs(owner, entry.day)) continue;
      page.lines.push_back(ToLine(entry, absl::StrCat(collection, "/", key.id)));
      bytes += BytesOf(page.lines.back());
    }
    RETURN_IF_ERROR(cursor->status());
  }
  page.last_key.clear();
  return page;
}

absl::StatusOr<ContributionPage> MeasureStore::ExplainDistinct(const Reader& reader, const OrgTree& tree,
                                                               const MeasureQuery& query, std::string_view after_key,
                                                               PageLimit limit) const {
  const std::string prefix = PresencePrefix(*query.measure, query.organization);
  ContributionPage page;
  size_t bytes = 0;
  int64_t scanned = 0;
  auto cursor = reader.Scan(after_key.empty() ? prefix : KeyAfter(after_key), PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    if (page.lines.size() == limit.rows || bytes >= limit.bytes || scanned == kMaxScannedPerPage) return page;
    RETURN_IF_ERROR(query.CheckAlive(++scanned));
    page.last_key = cursor->key();
    ASSIGN_OR_RETURN(const bool present, IsPresent(*query.measure, cursor->value(), query.days));
    if (!present) continue;
    KeyReader key(cursor->key());
    key.Uint16();
    key.Text();
    const std::string subject = key.Text();
    RETURN_IF_ERROR(key.status());
    ASSIGN_OR_RETURN(ContributionLine line, SubjectLine(reader, tree, query, subject));
    page.lines.push_back(std::move(line));
    bytes += BytesOf(page.lines.back());
  }
  RETURN_IF_ERROR(cursor->status());
  page.last_key.clear();
  return page;
}

absl::StatusOr<ContributionLine> MeasureStore::SubjectLine(const Reader& reader, const OrgTree& tree,
                                                           const MeasureQuery& query, std::string_view subject) const {
  const MeasureDef& measure = *query.measure;
  const std::string& collection = by_tag_.at(measure.tag).collection;
  const auto [begin, end] = DayKeys(keyspace::kSubjectRecord, measure, subject, ReadDays(measure, query.days));
  std::vector<ContributionLine> lines;
  auto cursor = reader.Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(LineageKeyParts key, ParseLineageKey(cursor->key()));
    key.text = cursor->value();
    const Day as_of = IsStock(measure) ? query.days.last : key.day;
    if (!tree.IsWithin(key.text, query.organization, as_of)) continue;
    LineageEntry entry{.measure = &measure, .organization = key.text, .day = key.day, .ordinal = key.ordinal};
    ASSIGN_OR_RETURN(const std::optional<std::string> value,
                     reader.Get(ContributionKey(entry, {key.table_tag, key.id})));
    if (!value.has_value()) return absl::DataLossError("a subject record has no contribution");
    ASSIGN_OR_RETURN(entry, ParseContribution(measure, key, *value));
    lines.push_back(ToLine(entry, absl::StrCat(collection, "/", key.id)));
    if (!IsStock(measure)) return lines.front();
  }
  RETURN_IF_ERROR(cursor->status());
  const ContributionLine* standing = LastStanding(lines);
  if (standing == nullptr) return absl::DataLossError("a present subject has no record");
  return *standing;
}

}  // namespace dangjian::storage
