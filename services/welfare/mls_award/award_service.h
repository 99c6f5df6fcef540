#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_award.pb.h"

namespace dangjian::welfare {

// Reads awards; decisions on cases write them. Thread-safe.
class MlsAwardService {
 public:
  explicit MlsAwardService(const storage::Table<v1::MlsAward>& awards) : awards_(awards) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  const storage::Table<v1::MlsAward>& awards_;
};

}  // namespace dangjian::welfare
