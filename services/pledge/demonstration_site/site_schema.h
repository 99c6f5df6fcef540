#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"

namespace dangjian::pledge {

// Table of demonstration sites: by organisation, by campaign. A site counts through the day of its
// revocation.
storage::TableSchema<v1::DemonstrationSite> DemonstrationSiteSchema();

}  // namespace dangjian::pledge
