#include "common/storage/measure_store.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/storage/database.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/storage/measure_store_effects.h"
#include "common/types/quantity_reasons.h"

namespace dangjian::storage {
namespace {

using common::v1::Qualifier;
using Sum = __int128;  // the sum of any number of cells that fits in memory

constexpr size_t kMaxDimensions = 4;

[[noreturn]] void Die(std::string_view id, std::string_view what) {
  std::fprintf(stderr, "measure %s: %s\n", std::string(id).c_str(), std::string(what).c_str());
  std::abort();
}

// Landings by (day, stock or not) for one organisation: its contributions share days.
class LandingCache {
 public:
  LandingCache(const OrgTree& tree, std::string_view organization) : tree_(tree), organization_(organization) {}
  const std::vector<Landing>& Get(Day day, bool is_stock) {
    auto [it, is_new] = landings_.try_emplace({day.number(), is_stock});
    if (is_new) it->second = tree_.Landings(organization_, day, is_stock);
    return it->second;
  }

 private:
  const OrgTree& tree_;
  std::string_view organization_;
  absl::flat_hash_map<std::pair<int32_t, bool>, std::vector<Landing>> landings_;
};

// The amounts of one qualifier and one combination of dimensions.
struct Slot {
  Qualifier qualifier = common::v1::QUALIFIER_EXACT;
  bool accepted = true;
  std::string group;
  Sum sum = 0;
};

// Reads a cell's qualifier and dimensions from its key.
absl::Status ParseSlot(std::string_view key, const MeasureQuery& query, Slot& slot) {
  KeyReader reader(key);
  reader.Uint16();
  reader.Text();
  reader.Date();
  slot.qualifier = static_cast<Qualifier>(reader.Uint16());
  std::vector<std::string> dimensions(query.measure->dimensions.size());
  for (std::string& dimension : dimensions) dimension = reader.Text();
  RETURN_IF_ERROR(reader.status());
  for (const auto& [position, values] : query.filters) {
    if (std::find(values.begin(), values.end(), dimensions.at(position)) == values.end()) slot.accepted = false;
  }
  if (query.group_by.has_value()) slot.group = dimensions.at(*query.group_by);
  return absl::OkStatus();
}

// A sum that is still growing.
struct Total {
  Sum sum = 0;
  Qualifier qualifier = common::v1::QUALIFIER_EXACT;

  void Add(const Slot& slot) {
    sum += slot.sum;
    if (slot.sum != 0) qualifier = std::max(qualifier, slot.qualifier);
  }
  absl::StatusOr<MeasureSum> Finish(const MeasureDef& measure) const {
    if (sum > std::numeric_limits<int64_t>::max() || sum < std::numeric_limits<int64_t>::min()) {
      return Error(kSumOutOfRange, absl::StrCat("the sum of measure ", ToAbsl(measure.id), " does not fit 64 bits"));
    }
    return MeasureSum{static_cast<int64_t>(sum), qualifier};
  }
};

absl::Status CheckQuery(const MeasureQuery& query) {
  const size_t dimensions = query.measure->dimensions.size();
  const bool known = std::all_of(query.filters.begin(), query.filters.end(),
                                 [dimensions](const auto& filter) { return filter.first < dimensions; });
  if (!known || (query.group_by.has_value() && *query.group_by >= dimensions)) {
    return absl::InternalError(absl::StrCat("measure ", ToAbsl(query.measure->id), " has no such dimension"));
  }
  return absl::OkStatus();
}

absl::StatusOr<MeasureResult> QueryCells(const Reader& reader, const MeasureQuery& query) {
  const size_t suffix_at = CellPrefix(*query.measure, query.organization).size() + sizeof(int32_t);
  const auto [begin, end] =
      DayKeys(keyspace::kCell, *query.measure, query.organization, ReadDays(*query.measure, query.days));
  MeasureResult result;
  absl::flat_hash_map<std::string, Slot> slots;  // by the key bytes after the day: qualifier and dimensions
  auto cursor = reader.Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) {
    RETURN_IF_ERROR(query.CheckAlive(++result.scanned));
    const std::string_view key = cursor->key();
    if (key.size() < suffix_at) return absl::DataLossError("malformed cell key");
    auto [it, is_new] = slots.try_emplace(ToAbsl(key.substr(suffix_at)));
    if (is_new) RETURN_IF_ERROR(ParseSlot(key, query, it->second));
    ASSIGN_OR_RETURN(const int64_t amount, DecodeCell(cursor->value()));
    it->second.sum += amount;
  }
  RETURN_IF_ERROR(cursor->status());
  Total total;
  std::map<std::string, Total> groups;
  for (const auto& [suffix, slot] : slots) {
    if (!slot.accepted) continue;
    total.Add(slot);
    if (query.group_by.has_value() && slot.sum != 0) groups[slot.group].Add(slot);
  }
  ASSIGN_OR_RETURN(result.total, total.Finish(*query.measure));
  for (const auto& [name, group] : groups) {
    ASSIGN_OR_RETURN(result.groups[name], group.Finish(*query.measure));
  }
  return result;
}

absl::StatusOr<MeasureResult> QueryDistinctFlow(const Reader& reader, const MeasureQuery& query) {
  MeasureResult result;
  if (const std::optional<KeptPeriod> kept = KeptPeriodOf(query.days); kept.has_value()) {
    ASSIGN_OR_RETURN(result.total.value, ReadCell(reader, PresenceCountKey(*query.measure, query.organization, *kept)));
    result.scanned = 1;
    return result;
  }
  auto cursor = ScanPrefix(reader, PresencePrefix(*query.measure, query.organization));
  for (; cursor->Valid(); cursor->Next()) {
    RETURN_IF_ERROR(query.CheckAlive(++result.scanned));
    ASSIGN_OR_RETURN(const bool present, IsPresent(*query.measure, cursor->value(), query.days));
    if (present) ++result.total.value;
  }
  RETURN_IF_ERROR(cursor->status());
  return result;
}

// Gathers, `sign` times, what the contributions of one organisation to one measure do by the tree of the cache.
absl::Status GatherLanded(const Reader& reader, const MeasureDef& measure, std::string_view organization, DayRange days,
                          LandingCache& landings, int64_t sign, MeasureEffects& effects) {
  const auto [begin, end] = DayKeys(keyspace::kContribution, measure, organization, ReadDays(measure, days));
  auto cursor = reader.Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(const LineageKeyParts key, ParseLineageKey(cursor->key()));
    ASSIGN_OR_RETURN(const LineageEntry entry, ParseContribution(measure, key, cursor->value()));
    RETURN_IF_ERROR(effects.Add(entry, landings.Get(entry.day, IsStock(measure)), sign));
  }
  return cursor->status();
}

}  // namespace

void MeasureStore::Declare(const MeasureDef* measure, std::string_view collection, uint16_t table_tag) {
  const Declared declared{measure, std::string(collection), table_tag};
  if (measure->id.empty()) Die(collection, "a measure has no id");
  if (!by_id_.emplace(std::string(measure->id), declared).second) Die(measure->id, "the id is taken");
  if (!by_tag_.emplace(measure->tag, declared).second) Die(measure->id, "the tag is taken");
  if (measure->kind == measure::v1::MEASURE_KIND_UNSPECIFIED) Die(measure->id, "no kind");
  if (measure->time == measure::v1::MEASURE_TIME_UNSPECIFIED) Die(measure->id, "neither flow nor stock");
  if (measure->kind == measure::v1::MEASURE_KIND_STOCK && !IsStock(*measure)) Die(measure->id, "a stock is no flow");
  if (measure->dimensions.size() > kMaxDimensions) Die(measure->id, "more than 4 dimensions");
  if (IsDistinct(*measure) && !measure->dimensions.empty()) Die(measure->id, "a distinct measure has no dimensions");
}

const MeasureDef* MeasureStore::Find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second.measure;
}

std::vector<const MeasureDef*> MeasureStore::All() const {
  std::vector<const MeasureDef*> measures;
  measures.reserve(by_id_.size());
  for (const auto& [id, declared] : by_id_) measures.push_back(declared.measure);
  return measures;
}

absl::Status MeasureStore::Check(uint16_t table_tag, const LineageEntry& entry) const {
  const MeasureDef& measure = *entry.measure;
  const auto broken = [&measure](std::string_view what) {
    return absl::InternalError(absl::StrCat("a contribution to measure ", ToAbsl(measure.id), " ", ToAbsl(what)));
  };
  const auto declared = by_tag_.find(measure.tag);
  if (declared == by_tag_.end() || declared->second.table_tag != table_tag) return broken("comes from another table");
  if (entry.organization.empty()) return broken("has no organisation");
  if (entry.dimensions.size() != measure.dimensions.size()) return broken("has the wrong number of dimensions");
  if (IsDistinct(measure)) {
    if (entry.subject.empty()) return broken("has no subject");
    if (entry.qualifier != common::v1::QUALIFIER_EXACT) return broken("counts a subject inexactly");
    if (entry.amount != 1 && !(IsStock(measure) && entry.amount == -1))
      return broken("counts a subject more than once");
  } else if (!entry.subject.empty()) {
    return broken("has a subject");
  }
  if (entry.amount > kMaxAmount || entry.amount < -kMaxAmount) {
    return Error(reasons::kAmountOutOfRange,
                 absl::StrCat("an amount of measure ", ToAbsl(measure.id), " is larger than ", kMaxAmount));
  }
  return absl::OkStatus();
}

absl::Status MeasureStore::ApplyDifference(Transaction& txn, uint16_t table_tag, std::string_view id,
                                           std::string_view owner_before, const std::vector<Contribution>& before,
                                           std::string_view owner_after, const std::vector<Contribution>& after) const {
  const std::vector<LineageEntry> old_entries = CanonicalEntries(owner_before, before);
  const std::vector<LineageEntry> new_entries = CanonicalEntries(owner_after, after);
  std::vector<LineageEntry> gone;
  std::vector<LineageEntry> added;
  std::set_difference(old_entries.begin(), old_entries.end(), new_entries.begin(), new_entries.end(),
                      std::back_inserter(gone), EntryLess);
  std::set_difference(new_entries.begin(), new_entries.end(), old_entries.begin(), old_entries.end(),
                      std::back_inserter(added), EntryLess);
  const RecordId record{table_tag, id};
  const OrgTree& tree = txn.tree();
  MeasureEffects effects;
  for (const LineageEntry& entry : gone) {
    RETURN_IF_ERROR(effects.Add(entry, tree.Landings(entry.organization, entry.day, IsStock(*entry.measure)), -1));
    txn.kv().Delete(ContributionKey(entry, record));
    if (IsDistinct(*entry.measure)) txn.kv().Delete(SubjectRecordKey(entry, record));
  }
  for (const LineageEntry& entry : added) {
    RETURN_IF_ERROR(Check(table_tag, entry));
    RETURN_IF_ERROR(effects.Add(entry, tree.Landings(entry.organization, entry.day, IsStock(*entry.measure)), 1));
    txn.kv().Put(ContributionKey(entry, record), ContributionValue(entry));
    if (IsDistinct(*entry.measure)) txn.kv().Put(SubjectRecordKey(entry, record), entry.organization);
  }
  return effects.Apply(txn.kv());
}

absl::Status MeasureStore::Rebase(Transaction& txn, OrgTree& tree, const std::string& moved,
                                  std::optional<std::vector<TreeEdge>> parents) const {
  static const std::vector<TreeEdge> kNone;
  const std::vector<TreeEdge>* old_parents = tree.Parents(moved);
  const std::optional<DayRange> days =
      DifferingDays(old_parents == nullptr ? kNone : *old_parents, parents.value_or(kNone));
  // What lies below does not depend on the parents of `moved`: it is the same before and after.
  std::vector<std::string> below;
  if (days.has_value()) below = tree.SelfAndDescendants(moved, *days);
  MeasureEffects effects;
  const auto gather = [&](int64_t sign) -> absl::Status {
    for (const std::string& organization : below) {
      LandingCache landings(tree, organization);
      for (const auto& [id, declared] : by_id_) {
        RETURN_IF_ERROR(GatherLanded(txn.reader(), *declared.measure, organization, *days, landings, sign, effects));
      }
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(gather(-1));
  if (parents.has_value()) {
    tree.Set(moved, *std::move(parents));
  } else {
    tree.Remove(moved);
  }
  RETURN_IF_ERROR(gather(1));
  return effects.Apply(txn.kv());
}

absl::StatusOr<MeasureResult> MeasureStore::Query(const Reader& reader, const MeasureQuery& query) const {
  RETURN_IF_ERROR(CheckQuery(query));
  if (IsDistinct(*query.measure) && !IsStock(*query.measure)) return QueryDistinctFlow(reader, query);
  return QueryCells(reader, query);
}

absl::StatusOr<ContributionPage> MeasureStore::Explain(const Reader& reader, const OrgTree& tree,
                                                       const MeasureQuery& query, std::string_view after_key,
                                                       PageLimit limit) const {
  RETURN_IF_ERROR(CheckQuery(query));
  return IsDistinct(*query.measure) ? ExplainDistinct(reader, tree, query, after_key, limit)
                                    : ExplainAdditive(reader, tree, query, after_key, limit);
}

}  // namespace dangjian::storage
