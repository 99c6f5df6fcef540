#include "common/storage/reconcile.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "common/storage/measure_store_effects.h"
#include "common/storage/measure_store_keys.h"

namespace dangjian::storage {
namespace {

using google::protobuf::Message;
using KeyValues = absl::btree_map<std::string, std::string>;

const WriteOrigin kOrigin = {.actor = "reconcile", .method = "reconcile", .request_id = ""};

// Passes over the store until nothing drifts. One corrects contributions, presence rows and additive cells; the next
// the counts of distinct measures, which move with the presence rows; the rest are for moves of organisations
// meanwhile.
constexpr int kMaxPasses = 4;

// What the store should hold of one measure.
struct Expected {
  KeyValues lineage;  // contributions and subject records
  MeasureEffects effects;
};

// Table tag and id.
using RecordKey = std::pair<uint16_t, std::string>;

// How the store differs from what it should hold.
struct Correction {
  absl::btree_map<RecordKey, std::vector<std::string>> lineage;  // keys that are missing, left over or wrong
  MeasureEffects presence;
  MeasureEffects cells;
  int64_t checked = 0;
  int64_t drifted = 0;
};

absl::Status AddRecord(const LineageEntry& entry, RecordId record, const OrgTree& tree, Expected& expected) {
  expected.lineage[ContributionKey(entry, record)] = ContributionValue(entry);
  if (IsDistinct(*entry.measure)) expected.lineage[SubjectRecordKey(entry, record)] = entry.organization;
  return expected.effects.Add(entry, tree.Landings(entry.organization, entry.day, IsStock(*entry.measure)), 1);
}

absl::Status CheckGoesOn(const std::stop_token& stop) {
  return stop.stop_requested() ? absl::CancelledError("the check was ended") : absl::OkStatus();
}

// Recounts one measure from the rows of its table.
absl::StatusOr<int64_t> Recount(const Reader& reader, const OrgTree& tree, const TableCore& table,
                                const MeasureDef& measure, const std::stop_token& stop, Expected& expected) {
  int64_t rows = 0;
  const auto count = [&](const Message& row) -> absl::Status {
    RETURN_IF_ERROR(CheckGoesOn(stop));
    ++rows;
    const std::string name = table.NameOf(row);
    const RecordId record{table.info().tag, *table.IdOf(name)};
    const TableCore::Owned owned = table.ContributionsOf(row);
    for (const LineageEntry& entry : CanonicalEntries(owned.owner, owned.contributions)) {
      if (entry.measure == &measure) RETURN_IF_ERROR(AddRecord(entry, record, tree, expected));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(table.ForEach(reader, count));
  return rows;
}

// Walks the stored keys of a measure under `tag` beside the expected ones and reports every difference: an expected
// value that is missing, a stored one that is left over (`expected` nullptr) or wrong.
using OnDifference =
    std::function<absl::Status(const std::string& key, const std::string* stored, const std::string* expected)>;
absl::Status Compare(const Reader& reader, uint16_t tag, const MeasureDef& measure, const KeyValues& expected,
                     Correction& correction, const OnDifference& on_difference) {
  const auto differ = [&](const std::string& key, const std::string* stored, const std::string* wanted) {
    ++correction.drifted;
    return on_difference(key, stored, wanted);
  };
  const std::string prefix = KeyWriter(tag).Uint16(measure.tag).str();
  auto wanted = expected.lower_bound(prefix);
  const auto end = expected.lower_bound(PrefixEnd(prefix));
  auto cursor = ScanPrefix(reader, prefix);
  for (; cursor->Valid(); cursor->Next()) {
    const std::string key(cursor->key());
    const std::string stored(cursor->value());
    for (; wanted != end && wanted->first < key; ++wanted, ++correction.checked) {
      RETURN_IF_ERROR(differ(wanted->first, nullptr, &wanted->second));
    }
    ++correction.checked;
    const bool is_wanted = wanted != end && wanted->first == key;
    if (!is_wanted) {
      RETURN_IF_ERROR(differ(key, &stored, nullptr));
    } else if (wanted->second != stored) {
      RETURN_IF_ERROR(differ(key, &stored, &wanted->second));
    }
    if (is_wanted) ++wanted;
  }
  RETURN_IF_ERROR(cursor->status());
  for (; wanted != end; ++wanted, ++correction.checked) {
    RETURN_IF_ERROR(differ(wanted->first, nullptr, &wanted->second));
  }
  return absl::OkStatus();
}

absl::Status CompareLineage(const Reader& reader, const MeasureDef& measure, const Expected& expected,
                            Correction& correction) {
  const OnDifference note_record = [&](const std::string& key, const std::string*, const std::string*) -> absl::Status {
    ASSIGN_OR_RETURN(LineageKeyParts parts, ParseLineageKey(key));
    correction.lineage[{parts.table_tag, std::move(parts.id)}].push_back(key);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Compare(reader, keyspace::kContribution, measure, expected.lineage, correction, note_record));
  return Compare(reader, keyspace::kSubjectRecord, measure, expected.lineage, correction, note_record);
}

// Gathers in `counts` the count cells that follow from the expected presence rows.
absl::Status ComparePresence(const Reader& reader, const MeasureDef& measure, const Expected& expected,
                             absl::btree_map<std::string, int64_t>& counts, Correction& correction) {
  KeyValues rows;
  for (const auto& [key, change] : expected.effects.presence()) {
    PresenceDays days;
    for (const auto& [day, count] : change.days) {
      if (count != 0) days.emplace(day, count);
    }
    AddPresenceCounts(measure, change.organization, days, 1, counts);
    if (!days.empty()) rows.emplace(key, EncodePresence(days));
  }
  const OnDifference add = [&](const std::string& key, const std::string* stored,
                               const std::string* wanted) -> absl::Status {
    KeyReader columns(key);
    columns.Uint16();
    const std::string organization = columns.Text();
    const std::string subject = columns.Text();
    RETURN_IF_ERROR(columns.status());
    for (const auto& [bytes, sign] : {std::pair(stored, -1), std::pair(wanted, 1)}) {
      if (bytes == nullptr) continue;
      ASSIGN_OR_RETURN(const PresenceDays days, DecodePresence(*bytes));
      for (const auto& [day, count] : days) {
        correction.presence.AddPresence(measure, organization, subject, day, sign * count);
      }
    }
    return absl::OkStatus();
  };
  return Compare(reader, keyspace::kPresence, measure, rows, correction, add);
}

absl::Status CompareCells(const Reader& reader, const MeasureDef& measure, const Expected& expected,
                          absl::btree_map<std::string, int64_t> counts, Correction& correction) {
  for (const auto& [key, value] : expected.effects.cells()) counts[key] += value;
  KeyValues cells;
  for (const auto& [key, value] : counts) {
    if (value != 0) cells.emplace(key, EncodeCell(value));
  }
  const OnDifference add = [&](const std::string& key, const std::string* stored,
                               const std::string* wanted) -> absl::Status {
    for (const auto& [bytes, sign] : {std::pair(stored, -1), std::pair(wanted, 1)}) {
      if (bytes == nullptr) continue;
      ASSIGN_OR_RETURN(const int64_t value, DecodeCell(*bytes));
      RETURN_IF_ERROR(correction.cells.AddCell(key, sign * value));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Compare(reader, keyspace::kCell, measure, cells, correction, add));
  return Compare(reader, keyspace::kPresenceCount, measure, cells, correction, add);
}

absl::Status CompareMeasure(const Reader& reader, const OrgTree& tree, const TableCore& table,
                            const MeasureDef& measure, const std::stop_token& stop, Correction& correction,
                            Drift& drift) {
  Expected expected;
  ASSIGN_OR_RETURN(const int64_t rows, Recount(reader, tree, table, measure, stop, expected));
  RETURN_IF_ERROR(CompareLineage(reader, measure, expected, correction));
  RETURN_IF_ERROR(CheckGoesOn(stop));
  absl::btree_map<std::string, int64_t> counts;
  RETURN_IF_ERROR(ComparePresence(reader, measure, expected, counts, correction));
  RETURN_IF_ERROR(CheckGoesOn(stop));
  RETURN_IF_ERROR(CompareCells(reader, measure, expected, std::move(counts), correction));
  drift.rows += rows;
  drift.checked += correction.checked;
  drift.drifted += correction.drifted;
  if (correction.drifted > 0) drift.measures.emplace_back(measure.id);
  return absl::OkStatus();
}

// Writes drifted contributions as the rows say inside the transaction, whatever happened since the comparison.
absl::Status RewriteLineage(Database& database, Transaction& txn, const RecordKey& record,
                            const std::vector<std::string>& keys) {
  KeyValues wanted;
  const TableCore* table = database.FindTableByTag(record.first);
  if (table != nullptr) {
    const std::string name = absl::StrCat(ToAbsl(table->info().collection), "/", record.second);
    const std::unique_ptr<Message> row(table->info().prototype->New());
    ASSIGN_OR_RETURN(const bool exists, table->Exists(txn.reader(), name));
    if (exists) {
      RETURN_IF_ERROR(table->Get(txn.reader(), name, row.get()));
      const TableCore::Owned owned = table->ContributionsOf(*row);
      for (const LineageEntry& entry : CanonicalEntries(owned.owner, owned.contributions)) {
        const RecordId id{record.first, record.second};
        wanted[ContributionKey(entry, id)] = ContributionValue(entry);
        if (IsDistinct(*entry.measure)) wanted[SubjectRecordKey(entry, id)] = entry.organization;
      }
    }
  }
  for (const std::string& key : keys) {
    const auto it = wanted.find(key);
    if (it == wanted.end()) {
      txn.kv().Delete(key);
    } else {
      txn.kv().Put(key, it->second);
    }
  }
  return absl::OkStatus();
}

absl::Status ApplyLineage(Database& database, const Correction& correction, size_t portion) {
  for (auto it = correction.lineage.begin(); it != correction.lineage.end();) {
    const auto begin = it;
    for (size_t keys = 0; it != correction.lineage.end() && keys < portion; ++it) keys += it->second.size();
    const auto rewrite = [&database, begin, end = it](Transaction& txn) -> absl::Status {
      for (auto record = begin; record != end; ++record) {
        RETURN_IF_ERROR(RewriteLineage(database, txn, record->first, record->second));
      }
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(database.Transact(kOrigin, rewrite).status());
  }
  return absl::OkStatus();
}

absl::Status ApplyEffects(Database& database, const MeasureEffects& effects, size_t portion) {
  for (const MeasureEffects& part : effects.Split(portion)) {
    RETURN_IF_ERROR(database.Transact(kOrigin, [&part](Transaction& txn) { return part.Apply(txn.kv()); }).status());
  }
  return absl::OkStatus();
}

absl::Status Apply(Database& database, const Correction& correction, size_t portion) {
  RETURN_IF_ERROR(ApplyLineage(database, correction, portion));
  // The counts of a distinct measure follow its presence rows; what they lack is known only after those are right.
  const bool rows_drifted = !correction.presence.presence().empty();
  return ApplyEffects(database, rows_drifted ? correction.presence : correction.cells, portion);
}

// One pass over all measures; `on_measure` sees what each lacks.
absl::StatusOr<Drift> Walk(Database& database, const std::stop_token& stop,
                           const std::function<absl::Status(const Correction&)>& on_measure) {
  Drift drift;
  for (const TableCore* table : database.tables()) {
    for (const MeasureDef* measure : table->info().measures) {
      const std::shared_ptr<const Snapshot> snapshot = database.GetSnapshot();
      ASSIGN_OR_RETURN(const std::shared_ptr<const OrgTree> tree, database.TreeAt(*snapshot, snapshot->revision()));
      Correction correction;
      RETURN_IF_ERROR(CompareMeasure(*snapshot, *tree, *table, *measure, stop, correction, drift));
      RETURN_IF_ERROR(on_measure(correction));
    }
  }
  std::sort(drift.measures.begin(), drift.measures.end());
  return drift;
}

}  // namespace

absl::StatusOr<Drift> Reconciler::Check(const std::stop_token& stop) const {
  return Walk(database_, stop, [](const Correction&) { return absl::OkStatus(); });
}

absl::StatusOr<Drift> Reconciler::Rebuild(size_t portion) {
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    ASSIGN_OR_RETURN(const Drift drift, Walk(database_, {}, [this, portion](const Correction& correction) {
                       return Apply(database_, correction, std::max<size_t>(portion, 1));
                     }));
    if (drift.drifted == 0) return drift;
  }
  return Check();
}

}  // namespace dangjian::storage
