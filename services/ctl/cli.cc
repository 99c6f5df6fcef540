#include "services/ctl/cli.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "services/ctl/commands.h"
#include "services/ctl/error_text.h"

namespace dangjian::ctl {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

void AddConnection(CLI::App& app, Connection& connection) {
  app.add_option("--gateway", connection.gateway, "Address of the gateway")
      ->envname("DANGJIAN_GATEWAY")
      ->capture_default_str();
  app.add_option("--caller", connection.caller, "Who calls, for development authentication")
      ->envname("DANGJIAN_CALLER");
  app.add_option("--timeout", connection.timeout_seconds, "Longest time of a call, in seconds")
      ->check(CLI::Range(0.001, 600.0))
      ->capture_default_str();
}

// Says which option holds a day that does not exist.
CLI::Option* AddDay(CLI::App& app, const char* flag, std::string& day, const char* help) {
  return app.add_option(flag, day, help)->check([](const std::string& text) -> std::string {
    const absl::Status status = ParseDay(text).status();
    return status.ok() ? "" : std::string(status.message());
  });
}

void AddChoice(CLI::App& app, ReportChoice& choice) {
  app.add_option("--template", choice.report_template, "Id of the report template")->required();
  app.add_option("--organization", choice.organization, "Organization, such as organizations/dongfenglu")->required();
  AddDay(app, "--from", choice.from, "First day, YYYY-MM-DD")->required();
  AddDay(app, "--to", choice.to, "Last day, YYYY-MM-DD")->required();
}

void AddOutput(CLI::App& app, std::string& output) {
  app.add_option("-o,--output", output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

void AddReport(CLI::App& app, Connection& connection, ReportCommand& command) {
  AddConnection(app, connection);
  AddChoice(app, command.choice);
  AddOutput(app, command.output);
  auto* from = AddDay(app, "--compare-from", command.choice.compare_from, "First day of the period to compare with");
  auto* to = AddDay(app, "--compare-to", command.choice.compare_to, "Last day of the period to compare with");
  from->needs(to);
  to->needs(from);
  app.add_option("--figures", command.figures_file, "File to write id, value, unit and state to, separated by tabs");
  app.add_flag("--require-complete", command.choice.require_complete, "Fail when a service does not answer");
}

void AddExplain(CLI::App& app, Connection& connection, ExplainCommand& command) {
  AddConnection(app, connection);
  AddChoice(app, command.choice);
  AddOutput(app, command.output);
  app.add_option("--figure", command.figure, "Id of the figure, such as D09")->required();
  app.add_flag("--all", command.all, "Print every page, not only the first");
  app.add_option("--page-size", command.page_size, "Records a page")->check(CLI::Range(1, 1000))->capture_default_str();
}

void AddCall(CLI::App& app, Connection& connection, CallCommand& command) {
  AddConnection(app, connection);
  app.add_option("method", command.method, "Method, such as dangjian.registry.v1.OrganizationService/GetOrganization")
      ->required();
  app.add_option("request", command.request, "Request as JSON")->capture_default_str();
  app.add_option("--service", command.service, "The service, for methods that every service has");
}

void AddCheckpoint(CLI::App& app, Connection& connection, CheckpointCommand& command) {
  AddConnection(app, connection);
  app.add_option("--service", command.service, "Whose store; not needed when --gateway is the service's own address");
  app.add_option("--id", command.id, "Name of the copy: lower-case letters, digits and hyphens")->required();
}

}  // namespace

int Run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app("The command line of the dangjian suite. Exit codes: 0 done, 1 failed, 2 wrong usage.", "dangjianctl");
  app.require_subcommand(1);
  Connection connection;
  ReportCommand report;
  ExplainCommand explain;
  CallCommand call;
  CheckpointCommand checkpoint;
  absl::Status status;
  const auto add = [&app](const char* name, const char* help, const std::function<void()>& run) {
    CLI::App* command = app.add_subcommand(name, help);
    command->callback(run);
    return command;
  };
  AddReport(*add("report", "Compile a report and print it", [&] { status = RunReport(connection, report, out, err); }),
            connection, report);
  AddExplain(
      *add("explain", "List the records behind a figure", [&] { status = RunExplain(connection, explain, out, err); }),
      connection, explain);
  AddCall(*add("call", "Call any method with a request in JSON", [&] { status = RunCall(connection, call, out); }),
          connection, call);
  CLI::App* store = app.add_subcommand("store", "Stores of the services");
  store->require_subcommand(1);
  AddCheckpoint(*store->add_subcommand("checkpoint", "Copy the store of a running service")->callback([&] {
    status = RunCheckpoint(connection, checkpoint, out);
  }),
                connection, checkpoint);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : kWrongUsage;
  }
  if (status.ok()) return 0;
  err << "dangjianctl: ";
  // The gateway names every failure of its own: without a reason nobody has answered at all.
  if (absl::IsUnavailable(status) && ReasonOf(status).empty()) {
    err << "连接不上网关 " << connection.gateway << ": 请确认它已启动, 或用 --gateway 指定地址 ";
  }
  err << ErrorText(status);
  return kFailed;
}

}  // namespace dangjian::ctl
