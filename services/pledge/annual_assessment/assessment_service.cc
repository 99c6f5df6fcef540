#include "services/pledge/annual_assessment/assessment_service.h"

#include <optional>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/pledge/annual_assessment/assessment_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

// The step of a verb request that says on whose behalf it is taken.
template <class Request>
Step StepFor(rpc::CallContext& call, const Request& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  return step;
}

}  // namespace

void AnnualAssessmentService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::AnnualAssessment> options;
  options.on_create = [](rpc::CallContext& call, v1::AnnualAssessment& created) {
    assessment_rules::Initialize(created, StepOf(call, created.published_on()));
    Violations violations;
    assessment_rules::CheckContent(created, call.today(), violations);
    return violations.ToStatus();
  };
  options.on_delete = [](rpc::CallContext&, const v1::AnnualAssessment& current) {
    return assessment_rules::CheckDeletable(current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kAnnualAssessmentByOrganization}};
  rpc::RegisterStandardMethods(
      router, *v1::AnnualAssessment::descriptor()->file()->FindServiceByName("AnnualAssessmentService"), assessments_,
      tokens, std::move(options));
  router.Unary(this, &AnnualAssessmentService::Revise);
  router.Unary(this, &AnnualAssessmentService::Start);
  router.Unary(this, &AnnualAssessmentService::RecordPoints);
  router.Unary(this, &AnnualAssessmentService::RecordRating);
  router.Unary(this, &AnnualAssessmentService::RecordLines);
  router.Unary(this, &AnnualAssessmentService::SelfScore);
  router.Unary(this, &AnnualAssessmentService::Verify);
  router.Unary(this, &AnnualAssessmentService::Return);
  router.Unary(this, &AnnualAssessmentService::Deliberate);
  router.Unary(this, &AnnualAssessmentService::Publicise);
  router.Unary(this, &AnnualAssessmentService::Finalise);
  router.Unary(this, &AnnualAssessmentService::Archive);
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Revise(rpc::CallContext& call,
                                                                     const v1::ReviseAssessmentPlanRequest& request) {
  Step step = StepFor(call, request);
  step.reason = request.reason();
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Revise(assessment, request.indicators(), step);
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Start(rpc::CallContext& call,
                                                                    const v1::StartAssessmentRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Start(assessment, StepFor(call, request));
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::RecordPoints(
    rpc::CallContext& call, const v1::RecordAssessmentPointsRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::AddPoints(assessment, request.points());
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::RecordRating(
    rpc::CallContext& call, const v1::RecordPublicRatingRequest& request) {
  std::optional<v1::EvaluationRound> round;
  if (!request.rating().evaluation_round().empty()) {
    ASSIGN_OR_RETURN(round, rounds_.Get(call.reader(), request.rating().evaluation_round()));
  }
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::SetRating(assessment, request.rating(), round.has_value() ? &*round : nullptr);
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::RecordLines(
    rpc::CallContext& call, const v1::RecordAssessmentLinesRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::SetLines(assessment, request, call.today());
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::SelfScore(rpc::CallContext& call,
                                                                        const v1::SelfScoreAssessmentRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.scorer();
  return ChangeRecord(call, assessments_, request,
                      [&](v1::AnnualAssessment& assessment) { return assessment_rules::SelfScore(assessment, step); });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Verify(rpc::CallContext& call,
                                                                     const v1::VerifyAssessmentRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.verifier();
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Verify(assessment, request.corrections(), step);
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Return(rpc::CallContext& call,
                                                                     const v1::ReturnAssessmentRequest& request) {
  Step step = StepFor(call, request);
  step.reason = request.reason();
  return ChangeRecord(call, assessments_, request,
                      [&](v1::AnnualAssessment& assessment) { return assessment_rules::Return(assessment, step); });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Deliberate(
    rpc::CallContext& call, const v1::DeliberateAssessmentRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Deliberate(assessment, StepFor(call, request));
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Publicise(rpc::CallContext& call,
                                                                        const v1::PubliciseAssessmentRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Publicise(assessment, StepFor(call, request));
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Finalise(rpc::CallContext& call,
                                                                       const v1::FinaliseAssessmentRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Finalise(assessment, StepFor(call, request));
  });
}

absl::StatusOr<v1::AnnualAssessment> AnnualAssessmentService::Archive(rpc::CallContext& call,
                                                                      const v1::ArchiveAssessmentRequest& request) {
  return ChangeRecord(call, assessments_, request, [&](v1::AnnualAssessment& assessment) {
    return assessment_rules::Archive(assessment, StepFor(call, request));
  });
}

}  // namespace dangjian::pledge
