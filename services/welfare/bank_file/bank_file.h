#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/day.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// Files exchanged with the bank: CSV by RFC 4180, plain UTF-8 without a byte order mark, CRLF. Pure.
//
// clang-format off
// Out, one row for each line that is not held, in the order of the batch:
//   batch          id of the batch
//   batch_digest   what the approval signed, 64 hexadecimal digits: with the line key it lets the bank refuse duplicates
//   line_key       id of the line; the bank repeats it in its return
//   benefit_month  yyyymm, the month that the money is for
//   payee_name     account holder
//   account_token  stands for the account; the bank resolves it
//   amount_yuan    plain decimal with two places, e.g. 976.67; negative rows are to be collected
// In, a bank return, in any order and any number of parts:
//   line_key       as sent
//   result         PAID or FAILED
//   bank_reason    why it failed, may be empty
//   paid_on        yyyy-mm-dd, the day on which it was paid or failed
//   amount_yuan    as sent
// clang-format on
// The first row names the columns; on the way in it may be missing. A field is quoted when it holds a comma, a quote or
// a line break. Every function here gives the same bytes for the same input at any time.

namespace dangjian::welfare::bank_file {

// `<batch id>-<first 12 digits of the digest>.csv`.
std::string FileName(const v1::PaymentBatch& batch);
// The row that names the columns.
std::string Header();
// Appends the row of a line.
void AppendRow(const v1::PaymentBatch& batch, const v1::PaymentLine& line, std::string& file);

// One row of a bank return.
struct ReturnRow {
  int32_t number = 0;  // from 1, as a text editor counts lines of the part
  std::string line_key = {};
  bool paid = false;
  std::string bank_reason = {};
  Day day;
  int64_t amount_fen = 0;
};

// A row or, where `row` is unset, the number of one that cannot be read.
struct ParsedRow {
  int32_t number = 0;
  std::optional<ReturnRow> row = {};
};

// Takes a part of a bank return apart. Empty lines and a row of column names are left out; a byte order mark at the
// beginning is skipped; LF ends a line as well as CRLF.
std::vector<ParsedRow> ParseReturn(std::string_view content);

}  // namespace dangjian::welfare::bank_file
