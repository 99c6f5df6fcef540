#include "services/welfare/mls_award/award_service.h"

#include "common/rpc/standard_methods.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void MlsAwardService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  const auto& service = *v1::MlsAward::descriptor()->file()->service(0);
  rpc::RegisterStandardMethods(
      router, service, awards_, tokens,
      rpc::StandardOptions<v1::MlsAward>{
          .list_filters = {{.field = "mls_case", .index_tag = tags::kMlsAwardByCase},
                           {.field = "organization", .index_tag = tags::kMlsAwardByOrganization}}});
}

}  // namespace dangjian::welfare
