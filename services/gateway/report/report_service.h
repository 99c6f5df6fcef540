#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "services/gateway/report/explainer.h"
#include "services/gateway/report/questioner.h"
#include "services/gateway/report/template_store.h"

namespace dangjian::gateway {

// ReportService of the contract. Thread-safe.
class ReportService {
 public:
  // Both outlive the service.
  ReportService(const TemplateStore& templates, Questioner& questioner)
      : templates_(templates), questioner_(questioner), explainer_(templates, questioner) {}

  void Register(rpc::Router& router);

  absl::StatusOr<v1::CompileReportResponse> CompileReport(rpc::CallContext& context,
                                                          const v1::CompileReportRequest& request);
  absl::StatusOr<v1::ExplainFigureResponse> ExplainFigure(rpc::CallContext& context,
                                                          const v1::ExplainFigureRequest& request);
  absl::StatusOr<v1::ListTemplatesResponse> ListTemplates(rpc::CallContext& context,
                                                          const v1::ListTemplatesRequest& request);
  absl::StatusOr<v1::ListMeasuresResponse> ListMeasures(rpc::CallContext& context,
                                                        const v1::ListMeasuresRequest& request);

 private:
  const TemplateStore& templates_;
  Questioner& questioner_;
  Explainer explainer_;
};

}  // namespace dangjian::gateway
