#pragma once

#include <string>

#include "common/storage/table_schema.h"
#include "common/testing/record.pb.h"

// A small world for tests of storage and reports: an organisation tree and one table whose records contribute what they
// say.

namespace dangjian::testing {

// The measures of the records, one of every kind of arithmetic.
extern const storage::MeasureDef kToyTimes;      // person-times; dimensions `topic`, `place`
extern const storage::MeasureDef kToyMoney;      // fen; no dimension
extern const storage::MeasureDef kToyStock;      // stock; dimension `topic`
extern const storage::MeasureDef kToyPersons;    // distinct persons in a period
extern const storage::MeasureDef kToyResidents;  // distinct persons as at a date
const std::vector<const storage::MeasureDef*>& ToyMeasures();

inline constexpr uint16_t kToyRecordByLabel = 0xFF01;
inline constexpr uint16_t kToyRecordByCode = 0xFF02;
inline constexpr uint16_t kToyRecordBySubject = 0xFF03;  // an entry for each subject of its contributions

storage::TableSchema<ToyOrganization> ToyOrganizationSchema();
storage::TableSchema<ToyRecord> ToyRecordSchema();

// `organizations/<id>`, under `parent` (an id; none when empty) since ever.
ToyOrganization MakeToyOrganization(const std::string& id, const std::string& parent = "");
void AddToyEdge(ToyOrganization& organization, const std::string& parent_id, Day first = Day::Min(),
                Day last = Day::Max());
// `records/<id>` owned by `organizations/<organization>`.
ToyRecord MakeToyRecord(const std::string& id, const std::string& organization);
ToyContribution& AddToyContribution(ToyRecord& record, const storage::MeasureDef& measure, Day day, int64_t amount = 1);

}  // namespace dangjian::testing
