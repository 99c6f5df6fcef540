#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"

namespace dangjian::activity {

// Table of claims: by post and person, by person, by organisation. A person counts as a holder from the day of claiming
// through the day of release.
storage::TableSchema<v1::CivicPostClaim> CivicPostClaimSchema();

}  // namespace dangjian::activity
