#include "common/storage/measure_store_effects.h"

#include <algorithm>
#include <optional>

#include "common/base/status_macros.h"

namespace dangjian::storage {

absl::Status MeasureEffects::Add(const LineageEntry& entry, const std::vector<Landing>& landings, int64_t sign) {
  for (const Landing& landing : landings) {
    const int64_t amount = sign * landing.sign * entry.amount;
    if (IsDistinct(*entry.measure)) {
      AddPresence(*entry.measure, landing.organization, entry.subject, landing.day, amount);
    } else {
      RETURN_IF_ERROR(AddCell(
          CellKey(*entry.measure, landing.organization, landing.day, entry.qualifier, entry.dimensions), amount));
    }
  }
  return absl::OkStatus();
}

void MeasureEffects::AddPresence(const MeasureDef& measure, std::string_view organization, std::string_view subject,
                                 Day day, int64_t difference) {
  PresenceChange& change = presence_[PresenceKey(measure, organization, subject)];
  change.measure = &measure;
  change.organization = organization;
  change.days[day] += difference;
}

absl::Status MeasureEffects::AddCell(std::string key, int64_t difference) {
  int64_t& sum = cells_[std::move(key)];
  if (__builtin_add_overflow(sum, difference, &sum)) {
    return absl::OutOfRangeError("a change of a measure does not fit 64 bits");
  }
  return absl::OkStatus();
}

absl::Status MeasureEffects::Apply(KvTxn& kv) const {
  for (const auto& [key, difference] : cells_) {
    if (difference != 0) kv.Add(key, difference);
  }
  std::vector<std::string> keys;
  std::vector<const PresenceChange*> changes;
  for (const auto& [key, change] : presence_) {
    if (std::all_of(change.days.begin(), change.days.end(), [](const auto& d) { return d.second == 0; })) continue;
    keys.push_back(key);
    changes.push_back(&change);
  }
  if (keys.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::optional<std::string>> rows, kv.MultiGet(keys));
  absl::btree_map<std::string, int64_t> counts;
  for (size_t i = 0; i < keys.size(); ++i) {
    const PresenceChange& change = *changes[i];
    PresenceDays days;
    if (rows[i].has_value()) {
      ASSIGN_OR_RETURN(days, DecodePresence(*rows[i]));
    }
    AddPresenceCounts(*change.measure, change.organization, days, -1, counts);
    for (const auto& [day, difference] : change.days) {
      if ((days[day] += difference) == 0) days.erase(day);
    }
    AddPresenceCounts(*change.measure, change.organization, days, 1, counts);
    if (days.empty()) {
      kv.Delete(keys[i]);
    } else {
      kv.Put(keys[i], EncodePresence(days));
    }
  }
  for (const auto& [key, difference] : counts) {
    if (difference != 0) kv.Add(key, difference);
  }
  return absl::OkStatus();
}

std::vector<MeasureEffects> MeasureEffects::Split(size_t keys) const {
  std::vector<MeasureEffects> parts;
  size_t room = 0;
  const auto part = [&]() -> MeasureEffects& {
    if (room == 0) {
      parts.emplace_back();
      room = keys;
    }
    --room;
    return parts.back();
  };
  for (const auto& cell : cells_) part().cells_.insert(cell);
  for (const auto& change : presence_) part().presence_.insert(change);
  return parts;
}

}  // namespace dangjian::storage
