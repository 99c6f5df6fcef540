#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/caller_connection.h"
#include "dangjian/gateway/v1/report_service.pb.h"

namespace dangjian::ctl {

// How to reach the gateway, and as whom; the same for every command.
struct Connection {
  rpc::CallerOptions to;
  std::string token_file;  // empty: none
  std::string caller;      // for development authentication; empty: not sent
  double timeout_seconds = 30;
};

// Which report.
struct ReportChoice {
  std::string report_template;
  std::string organization;  // `organizations/dongfenglu` or `dongfenglu`
  std::string from;          // YYYY-MM-DD
  std::string to;
  std::string compare_from;  // both or neither
  std::string compare_to;
  bool require_complete = false;
};

struct ReportCommand {
  ReportChoice choice;
  std::string output = "table";  // or `json`
  std::string figures_file;      // empty: none
};

struct ExplainCommand {
  ReportChoice choice;
  std::string output = "table";
  std::string figure;
  bool all = false;  // every page, not only the first
  int32_t page_size = 50;
};

struct CallCommand {
  std::string method;  // `dangjian.registry.v1.OrganizationService/GetOrganization`
  std::string request = "{}";
  std::string service;  // for methods that every service has
};

struct CheckpointCommand {
  std::string service;  // whose store: `registry`; empty when the connection is to that service itself
  std::string id;       // what to call the copy
};

// INVALID_ARGUMENT when a date is none.
absl::StatusOr<gateway::v1::CompileReportRequest> RequestOf(const ReportChoice& choice);

// Each runs one command: data to `out`, words to `err`. The error is for ErrorText.
absl::Status RunReport(const Connection& connection, const ReportCommand& command, std::ostream& out,
                       std::ostream& err);
absl::Status RunExplain(const Connection& connection, const ExplainCommand& command, std::ostream& out,
                        std::ostream& err);
absl::Status RunCall(const Connection& connection, const CallCommand& command, std::ostream& out);
absl::Status RunCheckpoint(const Connection& connection, const CheckpointCommand& command, std::ostream& out);

// Replaces a file at once or not at all.
absl::Status WriteFile(const std::string& path, const std::string& text);

// Adds up the records of an explanation, page by page, to compare with what the gateway says.
class RecordSum {
 public:
  // INVALID_ARGUMENT when an amount is no decimal, OUT_OF_RANGE when the sum is too large.
  absl::Status Add(const gateway::v1::ExplainFigureResponse& page);
  // DATA_LOSS naming the part whose records do not add up to its total.
  absl::Status Compare(const gateway::v1::ExplainFigureResponse& page) const;
  int64_t records() const { return records_; }

 private:
  int64_t records_ = 0;
  std::map<int, int64_t> sums_;  // by FigurePart, in millionths
};

}  // namespace dangjian::ctl
