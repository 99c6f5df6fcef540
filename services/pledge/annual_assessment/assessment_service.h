#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/annual_assessment.pb.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.AnnualAssessmentService. Thread-safe.
class AnnualAssessmentService {
 public:
  // Both must outlive the service.
  AnnualAssessmentService(const storage::Table<v1::AnnualAssessment>& assessments,
                          const storage::Table<v1::EvaluationRound>& rounds)
      : assessments_(assessments), rounds_(rounds) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::AnnualAssessment> Revise(rpc::CallContext& call, const v1::ReviseAssessmentPlanRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Start(rpc::CallContext& call, const v1::StartAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> RecordPoints(rpc::CallContext& call,
                                                    const v1::RecordAssessmentPointsRequest& request);
  absl::StatusOr<v1::AnnualAssessment> RecordRating(rpc::CallContext& call,
                                                    const v1::RecordPublicRatingRequest& request);
  absl::StatusOr<v1::AnnualAssessment> RecordLines(rpc::CallContext& call,
                                                   const v1::RecordAssessmentLinesRequest& request);
  absl::StatusOr<v1::AnnualAssessment> SelfScore(rpc::CallContext& call, const v1::SelfScoreAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Verify(rpc::CallContext& call, const v1::VerifyAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Return(rpc::CallContext& call, const v1::ReturnAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Deliberate(rpc::CallContext& call,
                                                  const v1::DeliberateAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Publicise(rpc::CallContext& call, const v1::PubliciseAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Finalise(rpc::CallContext& call, const v1::FinaliseAssessmentRequest& request);
  absl::StatusOr<v1::AnnualAssessment> Archive(rpc::CallContext& call, const v1::ArchiveAssessmentRequest& request);

 private:
  const storage::Table<v1::AnnualAssessment>& assessments_;
  const storage::Table<v1::EvaluationRound>& rounds_;
};

}  // namespace dangjian::pledge
