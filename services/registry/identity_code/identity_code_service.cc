#include "services/registry/identity_code/identity_code_service.h"

#include "common/base/status_macros.h"
#include "common/types/identity_codes.h"

namespace dangjian::registry {

void IdentityCodeService::Register(rpc::Router& router) {
  router.Unary(this, &IdentityCodeService::Check, rpc::Run::kInline);
}

absl::StatusOr<v1::CheckIdentityCodeResponse> IdentityCodeService::Check(rpc::CallContext&,
                                                                         const v1::CheckIdentityCodeRequest& request) {
  v1::CheckIdentityCodeResponse response;
  if (request.kind() == v1::IDENTITY_CODE_KIND_CITIZEN_NUMBER) {
    RETURN_IF_ERROR(NormalizeCitizenNumber(request.code()).status());
  } else {
    ASSIGN_OR_RETURN(*response.mutable_normalized(), NormalizeUscc(request.code()));
  }
  return response;
}

}  // namespace dangjian::registry
