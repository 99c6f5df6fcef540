#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/base/day.h"
#include "common/storage/table_schema.h"

namespace dangjian::storage {

// Where a contribution lands.
struct Landing {
  std::string organization;
  Day day;
  int64_t sign;  // +1 or, where a move takes stock away, -1
};

// The organisations of a store with their effective-dated parents. An organisation may have an administrative and a
// Party parent; its ancestors are the set reached by either. A value: copied to change, then shared as const.
// Thread-compatible.
class OrgTree {
 public:
  // Replaces the edges of `organization`, adding it when it is new.
  void Set(const std::string& organization, std::vector<TreeEdge> parents);
  // Forgets `organization` and its parents. Organisations that name it as their parent keep their edges.
  void Remove(const std::string& organization);

  bool Contains(std::string_view organization) const;
  // `organization` itself and all it is under on `day`, each once.
  std::vector<std::string> SelfAndAncestors(std::string_view organization, Day day) const;
  // `organization` and everything below it on any day of the range.
  std::vector<std::string> SelfAndDescendants(std::string_view organization, DayRange days) const;
  // True when `organization` is `ancestor` or below it on `day`.
  bool IsWithin(std::string_view organization, std::string_view ancestor, Day day) const;

  // The cells on which one unit of a measure lands: a flow on every ancestor of its day; a stock also moves at each
  // later day on which the set of ancestors changes.
  std::vector<Landing> Landings(std::string_view organization, Day day, bool is_stock) const;

  // True when giving `organization` these parents would put it above itself on some day.
  bool WouldCycle(std::string_view organization, const std::vector<TreeEdge>& parents) const;

  // nullptr when the tree does not contain `organization`.
  const std::vector<TreeEdge>* Parents(std::string_view organization) const;
  std::vector<std::string> Organizations() const;  // sorted

 private:
  // Days on which the set of ancestors of `organization` may change, ascending, all after `after`.
  std::vector<Day> ChangeDays(std::string_view organization, Day after) const;
  void Unlink(const std::string& organization);

  absl::flat_hash_map<std::string, std::vector<TreeEdge>> parents_;
  absl::flat_hash_map<std::string, absl::flat_hash_set<std::string>> children_;  // on any day
};

// From the first to the last day on which the two lists of edges name different sets of parents; nullopt when they
// agree on every day.
std::optional<DayRange> DifferingDays(const std::vector<TreeEdge>& a, const std::vector<TreeEdge>& b);

}  // namespace dangjian::storage
