#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"

namespace dangjian::welfare {

// Table of pairings: by organisation, by household. A pairing counts on its active days.
storage::TableSchema<v1::AssistancePairing> PairingSchema();

}  // namespace dangjian::welfare
