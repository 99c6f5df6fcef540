#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.EvaluationRoundService. Thread-safe.
class EvaluationService {
 public:
  // Both must outlive the service.
  EvaluationService(const storage::Table<v1::EvaluationRound>& rounds, const change::Directory& directory)
      : rounds_(rounds), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::EvaluationRound> Open(rpc::CallContext& call, const v1::OpenEvaluationRoundRequest& request);
  absl::StatusOr<v1::EvaluationRound> RecordTallySheets(rpc::CallContext& call,
                                                        const v1::RecordTallySheetsRequest& request);
  absl::StatusOr<v1::EvaluationRound> Close(rpc::CallContext& call, const v1::CloseEvaluationRoundRequest& request);
  absl::StatusOr<v1::EvaluationRound> Tally(rpc::CallContext& call, const v1::TallyEvaluationRoundRequest& request);
  absl::StatusOr<v1::EvaluationRound> RecordMemberResults(rpc::CallContext& call,
                                                          const v1::RecordMemberResultsRequest& request);
  absl::StatusOr<v1::EvaluationRound> Confirm(rpc::CallContext& call, const v1::ConfirmEvaluationRoundRequest& request);
  absl::StatusOr<v1::EvaluationRound> Notify(rpc::CallContext& call, const v1::NotifyEvaluationRoundRequest& request);
  absl::StatusOr<v1::EvaluationRound> Reopen(rpc::CallContext& call, const v1::ReopenEvaluationRoundRequest& request);

 private:
  absl::Status Check(rpc::CallContext& call, const v1::EvaluationRound& round) const;

  const storage::Table<v1::EvaluationRound>& rounds_;
  const change::Directory& directory_;
};

}  // namespace dangjian::pledge
