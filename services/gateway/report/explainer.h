#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "dangjian/gateway/v1/handle.pb.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "services/gateway/report/questioner.h"
#include "services/gateway/report/template_store.h"

namespace dangjian::gateway {

// Lists the records behind a figure. The totals of its parts are read once, from one snapshot of each service, and
// travel in the page token; the records of a part must add up to the total they were listed for, else the caller is
// told to start again. So every finished explanation adds up exactly. Thread-safe.
class Explainer {
 public:
  // Both outlive this.
  Explainer(const TemplateStore& templates, Questioner& questioner) : templates_(templates), questioner_(questioner) {}

  absl::StatusOr<v1::ExplainFigureResponse> Explain(rpc::CallContext& context, const v1::ExplainFigureRequest& request);

 private:
  // What a handle stands for.
  struct Subject {
    const v1::FigureDefinition* figure = nullptr;
    std::vector<const v1::MeasureTerm*> terms;
    std::string organization;
    DayRange period;
  };
  absl::StatusOr<Subject> Resolve(const std::string& handle) const;

  // Reads the totals for the first page.
  absl::StatusOr<v1::ExplainPosition> Begin(rpc::CallContext& context, const Subject& subject);
  // One page from `position` on; moves it. The response still lacks its token.
  absl::StatusOr<v1::ExplainFigureResponse> Page(rpc::CallContext& context, const Subject& subject, int32_t page_size,
                                                 v1::ExplainPosition& position);
  // The figure, formula and parts, without records.
  absl::StatusOr<v1::ExplainFigureResponse> Head(rpc::CallContext& context, const Subject& subject,
                                                 const v1::ExplainPosition& position);
  // Adds up to `limit` records of the part at `position` and moves it.
  absl::Status AddRecords(rpc::CallContext& context, const Subject& subject, int32_t limit,
                          v1::ExplainPosition& position, v1::ExplainFigureResponse& response);

  const TemplateStore& templates_;
  Questioner& questioner_;
};

}  // namespace dangjian::gateway
