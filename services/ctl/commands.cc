#include "services/ctl/commands.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/rpc/client.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "dangjian/store/v1/store_service.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/ctl/report_text.h"

namespace dangjian::ctl {
namespace {

using gateway::v1::CompileReportRequest;
using gateway::v1::CompileReportResponse;
using gateway::v1::ExplainFigureRequest;
using gateway::v1::ExplainFigureResponse;
using google::protobuf::Message;

constexpr double kMicrosPerSecond = 1e6;

// A connection that is made, and how calls go out over it.
struct Session {
  rpc::CallerConnection connection;
  rpc::Client client;
  rpc::CallOptions options;
};

absl::StatusOr<Session> Open(const Connection& connection) {
  ASSIGN_OR_RETURN(rpc::CallerConnection made, rpc::CallerConnection::Make(connection.to));
  rpc::CallOptions options;
  options.timeout_micros = static_cast<int64_t>(connection.timeout_seconds * kMicrosPerSecond);
  if (!connection.caller.empty()) options.metadata.emplace_back("dangjian-caller", connection.caller);
  if (!connection.token_file.empty()) {
    ASSIGN_OR_RETURN(std::string bearer, rpc::BearerOf(connection.token_file));
    options.metadata.emplace_back("authorization", std::move(bearer));
  }
  rpc::Client client(made.channel());
  return Session{std::move(made), std::move(client), std::move(options)};
}

absl::StatusOr<common::v1::Period> PeriodOf(const std::string& from, const std::string& to) {
  ASSIGN_OR_RETURN(const Day first, ParseDay(from));
  ASSIGN_OR_RETURN(const Day last, ParseDay(to));
  return DaysToProto({first, last});
}

absl::StatusOr<std::string> JsonOf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("cannot be shown as JSON: ", status.ToString()));
  return json;
}

absl::StatusOr<std::string> HandleOf(const CompileReportResponse& report, const std::string& figure_id) {
  std::vector<std::string> ids;
  for (const auto& figure : report.figures()) {
    if (figure.figure_id() == figure_id) return figure.handle();
    ids.push_back(figure.figure_id());
  }
  return absl::NotFoundError(
      absl::StrCat("the template has no figure ", figure_id, "; it has ", absl::StrJoin(ids, " ")));
}

}  // namespace

absl::StatusOr<CompileReportRequest> RequestOf(const ReportChoice& choice) {
  CompileReportRequest request;
  request.set_template_(choice.report_template);
  const bool full = choice.organization.find('/') != std::string::npos;
  request.set_organization(full ? choice.organization : absl::StrCat("organizations/", choice.organization));
  ASSIGN_OR_RETURN(*request.mutable_period(), PeriodOf(choice.from, choice.to));
  if (!choice.compare_from.empty() || !choice.compare_to.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_compare_to(), PeriodOf(choice.compare_from, choice.compare_to));
  }
  request.set_require_complete(choice.require_complete);
  return request;
}

absl::Status RunReport(const Connection& connection, const ReportCommand& command, std::ostream& out,
                       std::ostream& err) {
  ASSIGN_OR_RETURN(const CompileReportRequest request, RequestOf(command.choice));
  ASSIGN_OR_RETURN(Session session, Open(connection));
  ASSIGN_OR_RETURN(const CompileReportResponse report,
                   session.client.Call<CompileReportResponse>(request, session.options));
  if (command.output == "json") {
    ASSIGN_OR_RETURN(const std::string json, JsonOf(report));
    out << json;
  } else {
    out << ReportTable(report);
  }
  err << MissingWords(report);
  if (command.figures_file.empty()) return absl::OkStatus();
  return WriteFile(command.figures_file, FigureLines(report));
}

absl::Status RunExplain(const Connection& connection, const ExplainCommand& command, std::ostream& out,
                        std::ostream& err) {
  ASSIGN_OR_RETURN(const CompileReportRequest compile, RequestOf(command.choice));
  ASSIGN_OR_RETURN(Session session, Open(connection));
  ASSIGN_OR_RETURN(const CompileReportResponse report,
                   session.client.Call<CompileReportResponse>(compile, session.options));
  ExplainFigureRequest request;
  ASSIGN_OR_RETURN(*request.mutable_handle(), HandleOf(report, command.figure));
  request.set_page_size(command.page_size);
  RecordSum sum;
  ExplainFigureResponse page;
  do {
    ASSIGN_OR_RETURN(page, session.client.Call<ExplainFigureResponse>(request, session.options));
    RETURN_IF_ERROR(sum.Add(page));
    if (command.output == "json") {
      ASSIGN_OR_RETURN(const std::string json, JsonOf(page));
      out << json;
    } else {
      if (request.page_token().empty()) out << ExplanationSummary(page) << "\n";
      out << RecordTable(page) << "\n";
    }
    request.set_page_token(page.next_page_token());
  } while (command.all && !request.page_token().empty());
  if (!page.next_page_token().empty()) {
    err << "还有更多记录: 加 --all 查看全部\n";
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(sum.Compare(page));
  err << "共 " << sum.records() << " 条记录, 合计相符\n";
  return absl::OkStatus();
}

absl::Status RunCall(const Connection& connection, const CallCommand& command, std::ostream& out) {
  const std::string name = absl::StrReplaceAll(command.method, {{"/", "."}});
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (method == nullptr) return absl::NotFoundError(absl::StrCat("no contract has a method ", command.method));
  if (method->client_streaming() || method->server_streaming()) {
    return absl::InvalidArgumentError("streams cannot be called from here; use a gRPC client");
  }
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const std::unique_ptr<Message> request(factory->GetPrototype(method->input_type())->New());
  const std::unique_ptr<Message> response(factory->GetPrototype(method->output_type())->New());
  const auto parsed = google::protobuf::util::JsonStringToMessage(command.request, request.get());
  if (!parsed.ok()) return absl::InvalidArgumentError(absl::StrCat("the request is wrong: ", parsed.ToString()));
  ASSIGN_OR_RETURN(Session session, Open(connection));
  if (!command.service.empty()) session.options.metadata.emplace_back("dangjian-service", command.service);
  RETURN_IF_ERROR(session.client.CallRaw(*request, response.get(), session.options));
  ASSIGN_OR_RETURN(const std::string json, JsonOf(*response));
  out << json;
  return absl::OkStatus();
}

absl::Status RunCheckpoint(const Connection& connection, const CheckpointCommand& command, std::ostream& out) {
  store::v1::CreateCheckpointRequest request;
  request.set_checkpoint_id(command.id);
  ASSIGN_OR_RETURN(Session session, Open(connection));
  if (!command.service.empty()) session.options.metadata.emplace_back("dangjian-service", command.service);
  ASSIGN_OR_RETURN(const store::v1::Checkpoint copy,
                   session.client.Call<store::v1::Checkpoint>(request, session.options));
  out << copy.service() << " 的副本已制成: 数据目录下 " << copy.name() << ", 到修订号 " << copy.revision()
      << " 为止, 纪元 " << copy.epoch() << "\n";
  return absl::OkStatus();
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".tmp";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    return absl::PermissionDeniedError(absl::StrCat(path, ": cannot be written"));
  }
  return absl::OkStatus();
}

absl::Status RecordSum::Add(const ExplainFigureResponse& page) {
  for (const auto& record : page.records()) {
    ASSIGN_OR_RETURN(const int64_t amount, ParseDecimal(record.amount(), kMaxScale));
    const auto sum = CheckedAdd(sums_[record.part()], amount);
    if (!sum) return absl::OutOfRangeError("the records add up to more than can be checked");
    sums_[record.part()] = *sum;
    ++records_;
  }
  return absl::OkStatus();
}

absl::Status RecordSum::Compare(const ExplainFigureResponse& page) const {
  for (const auto& part : page.parts()) {
    ASSIGN_OR_RETURN(const int64_t total, ParseDecimal(part.total(), kMaxScale));
    const auto sum = sums_.find(part.part());
    const int64_t listed = sum == sums_.end() ? 0 : sum->second;
    if (listed != total) {
      return absl::DataLossError(absl::StrCat("the records of ", part.measure(), " add up to ",
                                              FormatDecimal(listed, kMaxScale), ", not to ", part.total()));
    }
  }
  return absl::OkStatus();
}

}  // namespace dangjian::ctl
