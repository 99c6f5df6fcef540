#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/honour_award.pb.h"

namespace dangjian::pledge {

// Table of honour awards: by organisation, by title, by awardee; one award of a title to an awardee a year. An award
// that was taken back counts nowhere and makes room for another.
storage::TableSchema<v1::HonourAward> HonourAwardSchema();

}  // namespace dangjian::pledge
