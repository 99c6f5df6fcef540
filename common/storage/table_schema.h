#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/day.h"
#include "common/storage/key_codec.h"
#include "dangjian/common/v1/types.pb.h"
#include "dangjian/measure/v1/measure_service.pb.h"
#include "google/protobuf/message.h"

// What the store knows of an entity: its key, its indexes and its measures. Plain data; the functions are pure.

namespace dangjian::storage {

// A measure, declared as a constant beside its entity.
struct MeasureDef {
  uint16_t tag;  // never reused, unique in the suite
  std::string_view id;
  std::string_view label_zh;
  std::string_view label_en;
  std::string_view unit;
  int32_t scale = 0;  // decimal places of the stored integer
  measure::v1::MeasureKind kind;
  measure::v1::MeasureTime time;
  std::vector<std::string_view> dimensions = {};  // at most 4; none for distinct kinds
};

// What one record adds to one measure.
struct Contribution {
  const MeasureDef* measure;
  Day day;                                   // business day; may lie in the future
  int64_t amount = 1;                        // in the measure's smallest unit; may be negative for stocks
  std::vector<std::string> dimensions = {};  // as many as the measure declares
  std::string subject = {};                  // resource name; required for distinct kinds, else empty
  common::v1::Qualifier qualifier = common::v1::QUALIFIER_EXACT;
  std::string organization = {};  // empty: the record's owner
};

// An edge of the organisation tree, from a child to a parent, valid on the days of the range.
struct TreeEdge {
  std::string parent;  // resource name
  DayRange valid;
};

// A secondary index. `columns` writes the columns of one entry after the index tag; returning false leaves the row out.
template <class M>
struct IndexSchema {
  uint16_t tag;
  std::string_view name;
  bool (*columns)(const M&, KeyWriter&);
  bool unique = false;  // a second row with the same columns is refused with ALREADY_EXISTS
  // Set for an index over a list in the row, e.g. the participants of a shift: one entry for each different text, which
  // stands as a Text column before those of `columns`. A range over several texts names a row once for each of them.
  std::vector<std::string> (*each)(const M&) = nullptr;
};

template <class M>
struct TableSchema {
  uint16_t tag;
  std::string_view collection;  // `pledges`; names are `pledges/<id>`
  // The organisation that owns the row: contributions land on it and on its ancestors. Empty: the row has no owner.
  std::string (*owner)(const M&) = nullptr;
  std::vector<IndexSchema<M>> indexes = {};
  std::vector<const MeasureDef*> measures = {};
  std::vector<Contribution> (*contributions)(const M&) = nullptr;
  // Set for the one table of a store that holds the organisation tree: writing a row re-bases the cells.
  std::vector<TreeEdge> (*parents)(const M&) = nullptr;
};

}  // namespace dangjian::storage
