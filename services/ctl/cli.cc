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
#include "services/ctl/pki_commands.h"

namespace dangjian::ctl {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

void AddConnection(CLI::App& app, Connection& connection) {
  app.add_option("--gateway", connection.to.address, "Address of the gateway")
      ->envname("DANGJIAN_GATEWAY")
      ->capture_default_str();
  app.add_option("--server-name", connection.to.service, "The service that must answer there")->capture_default_str();
  const auto add_file = [&app](const char* flag, std::string& path, const char* environment, const char* help) {
    app.add_option(flag, path, help)->envname(environment);
  };
  add_file("--tls-certificate", connection.to.tls.certificate, "DANGJIAN_TLS_CERTIFICATE", "Own certificate, PEM");
  add_file("--tls-key", connection.to.tls.key, "DANGJIAN_TLS_KEY", "Its private key, PEM");
  add_file("--tls-authorities", connection.to.tls.authorities, "DANGJIAN_TLS_AUTHORITIES",
           "Whose certificates are believed, PEM");
  add_file("--token", connection.token_file, "DANGJIAN_TOKEN", "File with the caller's token");
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

// A command of a group, which calls `run`.
CLI::App& AddCommand(CLI::App& group, const char* name, const char* help, const std::function<void()>& run) {
  return *group.add_subcommand(name, help)->callback(run);
}

void AddDays(CLI::App& app, PkiCommand& command) {
  app.add_option("--days", command.days, "For how long it is good")->check(CLI::Range(1, 3650))->capture_default_str();
}

void AddPki(CLI::App& app, PkiCommand& command, absl::Status& status, std::ostream& out) {
  CLI::App& group = *app.add_subcommand("pki", "A certificate authority for a small installation");
  group.require_subcommand(1);
  group.add_option("--folder", command.folder, "Folder of the authority")->required();
  CLI::App& init = AddCommand(group, "init", "Make an authority", [&] { status = RunPkiInit(command, out); });
  AddDays(init, command);
  CLI::App& issue = AddCommand(group, "issue", "Issue a certificate", [&] { status = RunPkiIssue(command, out); });
  issue.add_option("--name", command.name, "Whom it is for")->required();
  issue.add_flag("--service", command.service, "It is one of the suite's services");
  issue.add_option("--host", command.hosts, "DNS name or address at which it is reached; may be given several times");
  issue.add_option("--out", command.out, "Folder for NAME.pem and NAME.key")->required();
  AddDays(issue, command);
  CLI::App& revoke = AddCommand(group, "revoke", "Revoke a certificate", [&] { status = RunPkiRevoke(command, out); });
  revoke.add_option("--certificate", command.certificate, "File of the certificate")->required();
  AddCommand(group, "list", "List what was issued", [&] { status = RunPkiList(command, out); });
}

void AddToken(CLI::App& app, TokenCommand& command, absl::Status& status, std::ostream& out) {
  CLI::App& group = *app.add_subcommand("token", "Tokens for callers of a small installation");
  group.require_subcommand(1);
  group.add_option("--key", command.key, "File of the signing key")->required();
  CLI::App& keys = AddCommand(group, "keys", "Make a signing key", [&] { status = RunTokenKeys(command, out); });
  keys.add_option("--keys", command.keys, "File for the public keys, for --token-keys of the services")->required();
  keys.add_option("--id", command.key_id, "Name of the key")->required();
  CLI::App& issue = AddCommand(group, "issue", "Issue a token", [&] { status = RunTokenIssue(command, out); });
  issue.add_option("--issuer", command.issuer, "Who issues it, as --token-issuer of the services")->required();
  issue.add_option("--audience", command.audience, "For whom it is, as --token-audience")->required();
  issue.add_option("--subject", command.subject, "Who the bearer is")->required();
  issue.add_option("--certificate", command.certificate, "Bind it to the certificate in this file");
  issue.add_option("--hours", command.hours, "For how long it is good")
      ->check(CLI::Range(0.01, 12.0))
      ->capture_default_str();
  issue.add_option("-o,--out", command.out, "File for the token; else it is printed");
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
  PkiCommand pki;
  TokenCommand token;
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
  AddPki(app, pki, status, out);
  AddToken(app, token, status, out);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : kWrongUsage;
  }
  if (status.ok()) return 0;
  err << "dangjianctl: ";
  // The gateway names every failure of its own: without a reason nobody has answered at all.
  if (absl::IsUnavailable(status) && ReasonOf(status).empty()) {
    err << "连接不上网关 " << connection.to.address << ": 请确认它已启动, 或用 --gateway 指定地址 ";
  }
  err << ErrorText(status);
  return kFailed;
}

}  // namespace dangjian::ctl
