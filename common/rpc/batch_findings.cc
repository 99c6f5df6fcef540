#include "common/rpc/batch_findings.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"

namespace dangjian::rpc {
namespace {

constexpr std::string_view kRows = "requests[";

// Whether a refusal is about what the row says, so that other rows may be looked at all the same.
bool IsOfTheRow(const absl::Status& refusal) {
  if (ReasonOf(refusal).empty()) return false;
  switch (refusal.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

// `1,3,7-20`.
std::string Ranges(const std::set<int>& rows) {
  std::string text;
  for (auto row = rows.begin(); row != rows.end();) {
    const int first = *row;
    int last = first;
    while (++row != rows.end() && *row == last + 1) last = *row;
    absl::StrAppend(&text, text.empty() ? "" : ",", first);
    if (last > first) absl::StrAppend(&text, last == first + 1 ? "," : "-", last);
  }
  return text;
}

}  // namespace

std::optional<int> RowOf(std::string_view path) {
  if (!path.starts_with(kRows)) return std::nullopt;
  path.remove_prefix(kRows.size());
  int row = 0;
  if (!absl::SimpleAtoi(ToAbsl(path.substr(0, path.find(']'))), &row)) return std::nullopt;
  return row;
}

bool BatchFindings::Take(const Violations& violations) {
  std::set<int> rows;
  for (const std::string_view field : violations.Fields()) {
    const std::optional<int> row = RowOf(field);
    if (!row.has_value()) return false;
    rows.insert(*row);
  }
  violations_.Append(violations);
  bad_.merge(rows);
  return true;
}

void BatchFindings::Add(std::string_view path, const Reason& reason, std::string_view message) {
  violations_.Add(path, reason, message);
  bad_.insert(RowOf(path).value_or(0));
}

bool BatchFindings::Refuse(int row, const absl::Status& refusal) {
  if (!IsOfTheRow(refusal)) return false;
  violations_.AddRefusal(absl::StrCat(ToAbsl(kRows), row, "]"), refusal);
  bad_.insert(row);
  return true;
}

absl::Status BatchFindings::ToStatus() const { return violations_.ToStatus({{"rows", Ranges(bad_)}}); }

}  // namespace dangjian::rpc
