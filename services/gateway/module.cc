#include "services/gateway/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "services/gateway/backend/backends.h"
#include "services/gateway/forward/availability.h"
#include "services/gateway/forward/forwarder.h"
#include "services/gateway/forward/linked_services.h"
#include "services/gateway/report/questioner.h"
#include "services/gateway/report/report_service.h"
#include "services/gateway/report/template_store.h"

namespace dangjian::gateway {

struct GatewayModule::Parts {
  Parts(Backends given_backends, TemplateStore given_templates, const server::ModuleContext& context)
      : backends(std::move(given_backends)),
        templates(std::move(given_templates)),
        questioner(backends, context.clock),
        reports(templates, questioner),
        forwarder({*context.forwarded_methods, backends, *context.forwarded_observer, context.max_forwarded,
                   context.verifier, &context.metrics}),
        availability(backends, forwarder, context.metrics) {}

  const Backends backends;
  const TemplateStore templates;
  Questioner questioner;
  ReportService reports;
  Forwarder forwarder;
  Availability availability;
};

GatewayModule::GatewayModule(std::string backends, std::string templates)
    : backends_(std::move(backends)), templates_(std::move(templates)) {}

GatewayModule::~GatewayModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> GatewayModule::Services() const {
  return {v1::CompileReportRequest::descriptor()->file()->FindServiceByName("ReportService")};
}

std::vector<const google::protobuf::ServiceDescriptor*> GatewayModule::ForwardedServices() const {
  return LinkedServices();
}

absl::Status GatewayModule::Register(server::ModuleContext& context) {
  if (context.forwarded_methods == nullptr || context.forwarded_observer == nullptr) {
    return absl::FailedPreconditionError("the process does not know the services that the gateway hands on");
  }
  ASSIGN_OR_RETURN(Backends backends, Backends::Parse(backends_, context.to_call));
  ASSIGN_OR_RETURN(TemplateStore templates, TemplateStore::Load(templates_, NamesOf(backends)));
  parts_ = std::make_unique<Parts>(std::move(backends), std::move(templates), context);
  parts_->reports.Register(context.router);
  return absl::OkStatus();
}

void GatewayModule::ReportTo(rpc::HealthService& health) { parts_->availability.ReportTo(health); }

rpc::Passthrough* GatewayModule::passthrough() { return parts_ == nullptr ? nullptr : &parts_->forwarder; }

}  // namespace dangjian::gateway
