#pragma once

#include <cstdint>

#include "common/storage/keyspace.h"

// Every tag of the activity service: tables and indexes in the keyspace, measures in their own numbering. Never reused.

namespace dangjian::activity::tags {

// Tables; an index has its table's tag plus its position.

// Measures.

}  // namespace dangjian::activity::tags
