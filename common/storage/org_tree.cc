#include "common/storage/org_tree.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "common/base/strings.h"

namespace dangjian::storage {
namespace {

DayRange Intersect(DayRange a, DayRange b) { return {std::max(a.first, b.first), std::min(a.last, b.last)}; }

bool IsEmpty(DayRange range) { return range.last < range.first; }

// The days on which a set of valid edges may begin to differ from the day before, all after `after`.
void AddBoundaries(const std::vector<TreeEdge>& edges, Day after, absl::btree_set<Day>& days) {
  for (const TreeEdge& edge : edges) {
    if (IsEmpty(edge.valid)) continue;
    if (edge.valid.first > after) days.insert(edge.valid.first);
    if (edge.valid.last != Day::Max() && edge.valid.last + 1 > after) days.insert(edge.valid.last + 1);
  }
}

absl::btree_set<std::string_view> ParentsOn(const std::vector<TreeEdge>& edges, Day day) {
  absl::btree_set<std::string_view> parents;
  for (const TreeEdge& edge : edges) {
    if (edge.valid.Contains(day)) parents.insert(edge.parent);
  }
  return parents;
}

}  // namespace

void OrgTree::Unlink(const std::string& organization) {
  const auto it = parents_.find(organization);
  if (it == parents_.end()) return;
  for (const TreeEdge& edge : it->second) {
    const auto siblings = children_.find(edge.parent);
    if (siblings == children_.end()) continue;  // two edges to the same parent
    siblings->second.erase(organization);
    if (siblings->second.empty()) children_.erase(siblings);
  }
}

void OrgTree::Set(const std::string& organization, std::vector<TreeEdge> parents) {
  Unlink(organization);
  for (const TreeEdge& edge : parents) children_[edge.parent].insert(organization);
  parents_[organization] = std::move(parents);
}

void OrgTree::Remove(const std::string& organization) {
  Unlink(organization);
  parents_.erase(organization);
}

bool OrgTree::Contains(std::string_view organization) const { return parents_.contains(ToAbsl(organization)); }

std::vector<std::string> OrgTree::SelfAndAncestors(std::string_view organization, Day day) const {
  std::vector<std::string> found = {std::string(organization)};
  absl::flat_hash_set<std::string> seen(found.begin(), found.end());
  for (size_t i = 0; i < found.size(); ++i) {
    const auto it = parents_.find(found[i]);
    if (it == parents_.end()) continue;
    for (const TreeEdge& edge : it->second) {
      if (edge.valid.Contains(day) && seen.insert(edge.parent).second) found.push_back(edge.parent);
    }
  }
  return found;
}

std::vector<std::string> OrgTree::SelfAndDescendants(std::string_view organization, DayRange days) const {
  // The days on which a path from `organization` leads to each organisation: several ranges when it was there twice.
  absl::flat_hash_map<std::string, std::vector<DayRange>> reached;
  std::vector<std::pair<std::string, DayRange>> open = {{std::string(organization), days}};
  while (!open.empty()) {
    const auto [current, range] = std::move(open.back());
    open.pop_back();
    std::vector<DayRange>& known = reached[current];
    const bool covered = std::any_of(known.begin(), known.end(), [range = range](const DayRange& r) {
      return r.first <= range.first && range.last <= r.last;
    });
    if (covered) continue;
    known.push_back(range);
    const auto children = children_.find(current);
    if (children == children_.end()) continue;
    for (const std::string& child : children->second) {
      for (const TreeEdge& edge : parents_.at(child)) {
        if (edge.parent != current) continue;
        const DayRange both = Intersect(range, edge.valid);
        if (!IsEmpty(both)) open.emplace_back(child, both);
      }
    }
  }
  std::vector<std::string> found;
  found.reserve(reached.size());
  for (const auto& [name, ranges] : reached) found.push_back(name);
  std::sort(found.begin(), found.end());
  return found;
}

bool OrgTree::IsWithin(std::string_view organization, std::string_view ancestor, Day day) const {
  if (organization == ancestor) return true;
  const std::vector<std::string> above = SelfAndAncestors(organization, day);
  return std::find(above.begin(), above.end(), ancestor) != above.end();
}

std::vector<Landing> OrgTree::Landings(std::string_view organization, Day day, bool is_stock) const {
  std::vector<Landing> landings;
  std::vector<std::string> current = SelfAndAncestors(organization, day);
  for (const std::string& name : current) landings.push_back({name, day, 1});
  if (!is_stock) return landings;
  std::sort(current.begin(), current.end());
  for (const Day change : ChangeDays(organization, day)) {
    std::vector<std::string> next = SelfAndAncestors(organization, change);
    std::sort(next.begin(), next.end());
    std::vector<std::string> names;
    std::set_difference(current.begin(), current.end(), next.begin(), next.end(), std::back_inserter(names));
    for (std::string& name : names) landings.push_back({std::move(name), change, -1});
    names.clear();
    std::set_difference(next.begin(), next.end(), current.begin(), current.end(), std::back_inserter(names));
    for (std::string& name : names) landings.push_back({std::move(name), change, 1});
    current = std::move(next);
  }
  return landings;
}

bool OrgTree::WouldCycle(std::string_view organization, const std::vector<TreeEdge>& parents) const {
  for (const TreeEdge& edge : parents) {
    if (IsEmpty(edge.valid)) continue;
    std::vector<Day> days = ChangeDays(edge.parent, edge.valid.first);
    days.push_back(edge.valid.first);
    for (const Day day : days) {
      if (edge.valid.Contains(day) && IsWithin(edge.parent, organization, day)) return true;
    }
  }
  return false;
}

const std::vector<TreeEdge>* OrgTree::Parents(std::string_view organization) const {
  const auto it = parents_.find(ToAbsl(organization));
  return it == parents_.end() ? nullptr : &it->second;
}

std::vector<std::string> OrgTree::Organizations() const {
  std::vector<std::string> names;
  names.reserve(parents_.size());
  for (const auto& [name, edges] : parents_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<Day> OrgTree::ChangeDays(std::string_view organization, Day after) const {
  absl::btree_set<Day> days;
  std::vector<std::string> open = {std::string(organization)};
  absl::flat_hash_set<std::string> seen(open.begin(), open.end());
  for (size_t i = 0; i < open.size(); ++i) {
    const auto it = parents_.find(open[i]);
    if (it == parents_.end()) continue;
    AddBoundaries(it->second, after, days);
    for (const TreeEdge& edge : it->second) {
      if (seen.insert(edge.parent).second) open.push_back(edge.parent);
    }
  }
  return {days.begin(), days.end()};
}

std::optional<DayRange> DifferingDays(const std::vector<TreeEdge>& a, const std::vector<TreeEdge>& b) {
  absl::btree_set<Day> starts = {Day::Min()};
  AddBoundaries(a, Day::Min(), starts);
  AddBoundaries(b, Day::Min(), starts);
  std::optional<DayRange> range;
  for (auto it = starts.begin(); it != starts.end(); ++it) {
    if (ParentsOn(a, *it) == ParentsOn(b, *it)) continue;
    const auto next = std::next(it);
    const Day last = next == starts.end() ? Day::Max() : *next - 1;
    range = DayRange{range.has_value() ? range->first : *it, last};
  }
  return range;
}

}  // namespace dangjian::storage
