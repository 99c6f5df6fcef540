#include "services/welfare/bank_file/bank_file.h"

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/strings.h"
#include "common/rpc/text_form.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_line/line_key.h"

namespace dangjian::welfare::bank_file {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kColumns = 5;
constexpr int64_t kLongestReason = 200;
constexpr size_t kDigestDigits = 12;

void AppendField(std::string_view field, std::string& row) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    row.append(field);
    return;
  }
  row.push_back('"');
  for (const char c : field) {
    if (c == '"') row.push_back('"');
    row.push_back(c);
  }
  row.push_back('"');
}

// The fields of a row; nullopt when a quote is out of place.
std::optional<std::vector<std::string>> SplitRow(std::string_view row) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  bool closed = false;  // a quoted field has ended: only a comma may follow
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (quoted) {
      if (c != '"') {
        fields.back().push_back(c);
      } else if (i + 1 < row.size() && row[i + 1] == '"') {
        fields.back().push_back(row[++i]);
      } else {
        quoted = false;
        closed = true;
      }
    } else if (c == ',') {
      fields.emplace_back();
      closed = false;
    } else if (closed || (c == '"' && !fields.back().empty())) {
      return std::nullopt;
    } else if (c == '"') {
      quoted = true;
    } else {
      fields.back().push_back(c);
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

std::optional<ReturnRow> ParseRow(std::string_view text) {
  const auto fields = SplitRow(text);
  if (!fields.has_value() || fields->size() != kColumns) return std::nullopt;
  const std::vector<std::string>& field = *fields;
  ReturnRow row;
  row.line_key = field[0];
  row.paid = field[1] == "PAID";
  if (!IsResourceId(row.line_key) || (!row.paid && field[1] != "FAILED")) return std::nullopt;
  const std::optional<rpc::TextForm> reason = rpc::FormText(field[2], {});
  if (!reason.has_value() || reason->characters > kLongestReason) return std::nullopt;
  row.bank_reason = reason->changed.value_or(field[2]);
  const auto day = ParseDay(field[3]);
  const auto amount = ParseDecimal(field[4], 2);
  if (!day.ok() || !amount.ok()) return std::nullopt;
  row.day = *day;
  row.amount_fen = *amount;
  return row;
}

}  // namespace

std::string FileName(const v1::PaymentBatch& batch) {
  return absl::StrCat(line_key::IdOf(batch.name()), "-", batch.digest().substr(0, kDigestDigits), ".csv");
}

std::string Header() { return "batch,batch_digest,line_key,benefit_month,payee_name,account_token,amount_yuan\r\n"; }

void AppendRow(const v1::PaymentBatch& batch, const v1::PaymentLine& line, std::string& file) {
  absl::StrAppend(&file, line_key::IdOf(batch.name()), ",", batch.digest(), ",", line_key::IdOf(line.name()), ",",
                  line_key::MonthText(DayOr(line.benefit_month(), Day())), ",");
  AppendField(line.payee_name(), file);
  file.push_back(',');
  AppendField(line.payee_reference(), file);
  absl::StrAppend(&file, ",", FormatDecimal(line.amount_fen(), 2), "\r\n");
}

std::vector<ParsedRow> ParseReturn(std::string_view content) {
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  std::vector<ParsedRow> rows;
  for (int32_t number = 1; !content.empty(); ++number) {
    const size_t end = content.find('\n');
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("line_key,")) continue;
    ParsedRow& parsed = rows.emplace_back();
    parsed.number = number;
    parsed.row = ParseRow(line);
    if (parsed.row.has_value()) parsed.row->number = number;
  }
  return rows;
}

}  // namespace dangjian::welfare::bank_file
