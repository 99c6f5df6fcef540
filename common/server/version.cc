#include "common/server/version.h"

namespace dangjian::server {

std::string_view Version() { return DANGJIAN_VERSION; }

}  // namespace dangjian::server
