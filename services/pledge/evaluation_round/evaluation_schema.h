#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"

namespace dangjian::pledge {

// Table of evaluation rounds: by organisation, by campaign; a confirmed round counts on the day of its meeting.
storage::TableSchema<v1::EvaluationRound> EvaluationRoundSchema();

}  // namespace dangjian::pledge
