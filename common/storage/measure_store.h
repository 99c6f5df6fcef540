#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "common/storage/kv_store.h"
#include "common/storage/measure_store_keys.h"
#include "common/storage/org_tree.h"
#include "common/storage/page_limit.h"
#include "common/storage/table_schema.h"

namespace dangjian::storage {

class Transaction;

// The largest amount of one contribution, either sign: it keeps sums of thousands of the largest within 64 bits.
inline constexpr int64_t kMaxAmount = 1'000'000'000'000'000;
inline constexpr Reason kSumOutOfRange{"SUM_OUT_OF_RANGE", absl::StatusCode::kOutOfRange, "合计超出可表示的范围"};

// What to read.
struct MeasureQuery {
  const MeasureDef* measure;
  std::string organization;
  DayRange days;                                                          // a stock is read at days.last
  std::vector<std::pair<size_t, std::vector<std::string>>> filters = {};  // dimension position → accepted values
  std::optional<size_t> group_by = {};                                    // dimension position
  // Asked every thousand entries when it is set; an error of it (the caller has left) ends the read.
  std::function<absl::Status()> check_alive = {};
  absl::Status CheckAlive(int64_t scanned) const {
    return scanned % 1024 == 0 && check_alive ? check_alive() : absl::OkStatus();
  }
};

struct MeasureSum {
  int64_t value = 0;
  common::v1::Qualifier qualifier = common::v1::QUALIFIER_EXACT;
  bool operator==(const MeasureSum&) const = default;
};

struct MeasureResult {
  MeasureSum total;
  std::map<std::string, MeasureSum> groups;
  int64_t scanned = 0;  // stored entries read
};

// One line of an explanation.
struct ContributionLine {
  std::string record;
  std::string organization;
  Day day;
  int64_t amount;
  common::v1::Qualifier qualifier;
  std::string subject;
  std::vector<std::string> dimensions;
};

struct ContributionPage {
  std::vector<ContributionLine> lines;
  std::string last_key;  // continue after this position; empty when done
};

// The cells behind every figure. Additive measures keep one cell for each (measure, organisation, day, qualifier,
// dimensions). Distinct flows keep presence rows and, for calendar months, quarters, half-years, years and all time,
// the count of subjects; distinct stocks keep presence rows and day cells of arrivals and departures. Every cell holds
// the organisation and all that lies below it. Thread-safe after the last Declare.
class MeasureStore {
 public:
  // Declares a measure of a table. Aborts on an id or tag that is taken or a definition that breaks the rules: a kind
  // and a time, at most 4 dimensions, no dimensions for distinct kinds, kind STOCK only with time STOCK.
  void Declare(const MeasureDef* measure, std::string_view collection, uint16_t table_tag);
  const MeasureDef* Find(std::string_view id) const;
  std::vector<const MeasureDef*> All() const;  // sorted by id

  // Takes back `before` and applies `after`, the contributions of two versions of one record; equal ones cost nothing.
  // `owner_*` are the organisations that own the versions. AMOUNT_OUT_OF_RANGE; INTERNAL when a contribution breaks the
  // declaration of its measure: a distinct one needs a subject, the qualifier EXACT and the amount 1 (a stock also -1).
  absl::Status ApplyDifference(Transaction& txn, uint16_t table_tag, std::string_view id, std::string_view owner_before,
                               const std::vector<Contribution>& before, std::string_view owner_after,
                               const std::vector<Contribution>& after) const;

  // Gives `moved` other parents in `tree`, the transaction's own (nullopt: removes it), and moves what lies under it
  // from where it landed to where it lands now. Costs as much as `moved` and all below it have contributions on the
  // days in which the parents differ (for stocks: up to the last of them). After an error the tree is not to be used.
  absl::Status Rebase(Transaction& txn, OrgTree& tree, const std::string& moved,
                      std::optional<std::vector<TreeEdge>> parents) const;

  // Sums cells; for a distinct measure reads the kept count, or unites presence rows when the period is not a kept one.
  // A value keeps the weakest qualifier of those whose amounts do not cancel out within one combination of dimensions.
  // SUM_OUT_OF_RANGE when the sum does not fit 64 bits.
  absl::StatusOr<MeasureResult> Query(const Reader& reader, const MeasureQuery& query) const;

  // The contributions behind a value, at most `limit` after `after_key`; their amounts add up to Query exactly. `tree`
  // is that of the reader's revision (Database::TreeAt). A page that looked at many entries may hold fewer lines, even
  // none, and still have a last_key. A distinct measure has one line for each subject: for a flow the first record of
  // the period, for a stock the last arrival that still stands, in a record that the subject has not left, with
  // amount 1.
  absl::StatusOr<ContributionPage> Explain(const Reader& reader, const OrgTree& tree, const MeasureQuery& query,
                                           std::string_view after_key, PageLimit limit) const;

 private:
  struct Declared {
    const MeasureDef* measure;
    std::string collection;
    uint16_t table_tag;
  };

  absl::Status Check(uint16_t table_tag, const LineageEntry& entry) const;
  absl::StatusOr<ContributionPage> ExplainAdditive(const Reader& reader, const OrgTree& tree, const MeasureQuery& query,
                                                   std::string_view after_key, PageLimit limit) const;
  absl::StatusOr<ContributionPage> ExplainDistinct(const Reader& reader, const OrgTree& tree, const MeasureQuery& query,
                                                   std::string_view after_key, PageLimit limit) const;
  absl::StatusOr<ContributionLine> SubjectLine(const Reader& reader, const OrgTree& tree, const MeasureQuery& query,
                                               std::string_view subject) const;

  std::map<std::string, Declared, std::less<>> by_id_;
  absl::flat_hash_map<uint16_t, Declared> by_tag_;
};

}  // namespace dangjian::storage
