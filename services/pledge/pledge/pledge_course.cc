#include <map>
#include <optional>

#include "common/types/date.h"
#include "services/pledge/pledge/pledge_rules.h"

namespace dangjian::pledge::pledge_rules {
namespace {

// The days [from, until) on which one wording of an item is in force.
struct Span {
  Day from;
  Day until;  // Day::Max() while it is in force
  Day due;
};

using Counts = std::map<Day, int64_t>;

void AddInterval(Counts& counts, Day from, Day until) {
  if (from >= until) return;
  ++counts[from];
  if (until != Day::Max()) --counts[until];
}

std::vector<DayCount> Flatten(const Counts& counts) {
  std::vector<DayCount> list;
  list.reserve(counts.size());
  for (const auto& [day, items] : counts) {
    if (items != 0) list.push_back({day, items});
  }
  return list;
}

std::optional<Day> DayIf(bool has, const google::type::Date& date) { return has ? DayFromProto(date) : std::nullopt; }

// Validation has seen to it that there is one; the fallback only keeps the day after it representable.
Day DueOf(const v1::PledgeItem& item) { return DayOr(item.due_date(), Day::Max() - 1); }

class Reckoning {
 public:
  // `item` carries the dates of fulfilment; `first` says that no earlier version had it.
  void Add(const v1::PledgeItem& item, const Span& span, bool first) {
    if (first) ++published_[span.from];
    AddInterval(standing_, span.from, span.until);
    AddOnSchedule(item.fulfilment(), span);
    if (span.from <= span.due && span.due < span.until) ++due_[span.due];
  }

  void AddVerified(const v1::Fulfilment& fulfilment) {
    if (const auto day = DayIf(fulfilment.has_verified_on(), fulfilment.verified_on())) ++verified_[*day];
  }

  Course Result() const {
    return {Flatten(published_), Flatten(standing_), Flatten(on_schedule_), Flatten(due_), Flatten(verified_)};
  }

 private:
  // On schedule: in force, not found not met, and either not past the due date or claimed by then or since.
  void AddOnSchedule(const v1::Fulfilment& fulfilment, const Span& span) {
    const Day not_met = DayIf(fulfilment.has_not_met_on(), fulfilment.not_met_on()).value_or(Day::Max());
    const Day claimed = DayIf(fulfilment.has_claimed_on(), fulfilment.claimed_on()).value_or(Day::Max());
    const Day end = std::min(span.until, not_met);
    const Day overdue = span.due + 1;
    if (claimed <= overdue) return AddInterval(on_schedule_, span.from, end);
    AddInterval(on_schedule_, span.from, std::min(overdue, end));
    AddInterval(on_schedule_, std::max(claimed, span.from), end);
  }

  Counts published_;
  Counts standing_;
  Counts on_schedule_;
  Counts due_;
  Counts verified_;
};

bool Contains(const v1::PledgeVersion& version, const std::string& item_id) {
  for (const v1::PledgeItem& item : version.items()) {
    if (item.item_id() == item_id) return true;
  }
  return false;
}

// True when one of the first `count` versions had the item.
bool SeenBefore(const v1::Pledge& pledge, int count, const std::string& item_id) {
  for (int i = 0; i < count; ++i) {
    if (Contains(pledge.versions(i), item_id)) return true;
  }
  return false;
}

// The newest facts of an item: those of the pledge itself when it still has the item.
const v1::PledgeItem& Newest(const v1::Pledge& pledge, const v1::PledgeItem& item) {
  for (const v1::PledgeItem& current : pledge.items()) {
    if (current.item_id() == item.item_id()) return current;
  }
  return item;
}

}  // namespace

Course CourseOf(const v1::Pledge& pledge) {
  if (!pledge.has_published_on()) return {};
  Reckoning reckoning;
  Day from = DayOr(pledge.published_on(), Day::Min());
  for (int i = 0; i < pledge.versions_size(); ++i) {
    const v1::PledgeVersion& version = pledge.versions(i);
    const Day until = DayOr(version.superseded_on(), Day::Max());
    for (const v1::PledgeItem& item : version.items()) {
      reckoning.Add(Newest(pledge, item), {from, until, DueOf(item)}, !SeenBefore(pledge, i, item.item_id()));
    }
    from = until;
  }
  for (const v1::PledgeItem& item : pledge.items()) {
    reckoning.Add(item, {from, Day::Max(), DueOf(item)}, !SeenBefore(pledge, pledge.versions_size(), item.item_id()));
    reckoning.AddVerified(item.fulfilment());
  }
  return reckoning.Result();
}

}  // namespace dangjian::pledge::pledge_rules
