#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/civic_post.pb.h"

namespace dangjian::activity {

// Table of civic posts, by organisation. A post counts from the day on which it is set up through the day of its
// closing.
storage::TableSchema<v1::CivicPost> CivicPostSchema();

}  // namespace dangjian::activity
