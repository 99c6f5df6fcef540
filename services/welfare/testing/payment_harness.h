#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/ledger/ledger_rules.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {

// Regular batches of organizations/east.
inline constexpr char kApril[] = "paymentBatches/mls-east-202604-regular";
inline constexpr char kMay[] = "paymentBatches/mls-east-202605-regular";

// Payments of organizations/east: members/wang prepares, members/li reviews, members/zhao approves, each calling as
// `wang`, `li` and `zhao`; other calls are those of a clerk. Days are texts like `2026-04-28`, months their first days.
class PaymentTest : public WelfareTest {
 protected:
  // One call by the named caller, whose request is given as text.
  template <class Resp, class Req>
  absl::StatusOr<Resp> CallAs(const std::string& caller, const std::string& request) {
    return Call<Resp>(testing::Proto<Req>(request), {.metadata = {{"dangjian-caller", caller}}});
  }

  // Writes an award as a decision does. `fen` is the regular part; `last_month` may be empty.
  absl::Status AddAward(const std::string& mls_case, const std::string& household, const std::string& first_month,
                        const std::string& last_month, int64_t fen, int decision = 1, const std::string& more = "");
  // Ends an award, as an adjustment does.
  absl::Status EndAward(const std::string& id, const std::string& last_month);

  // Each step of a batch; `name` is a resource name.
  absl::StatusOr<v1::PaymentBatch> Create(const std::string& month, const std::string& kind = "REGULAR",
                                          const std::string& more = "");
  absl::StatusOr<v1::PaymentBatch> Calculate(const std::string& name, const std::string& day, int max_lines = 0);
  absl::StatusOr<v1::PaymentBatch> Review(const std::string& name, const std::string& day,
                                          const std::string& more = "");
  absl::StatusOr<v1::PaymentBatch> Approve(const std::string& name, const std::string& day);
  absl::StatusOr<v1::PaymentBatch> Export(const std::string& name, const std::string& day);
  absl::StatusOr<v1::PaymentBatch> Send(const std::string& name, const std::string& day);
  absl::StatusOr<v1::PaymentBatch> Settle(const std::string& name, const std::string& day);
  absl::StatusOr<v1::PaymentBatch> Cancel(const std::string& name, const std::string& day);
  absl::StatusOr<v1::ImportBankReturnResponse> Return(const std::string& name, const std::string& content,
                                                      const std::string& day, const std::string& file = "r.csv");
  // Creates and takes the batch to SENT, all on `day`.
  absl::StatusOr<v1::PaymentBatch> RunToSent(const std::string& month, const std::string& day,
                                             const std::string& kind = "REGULAR", const std::string& more = "");
  absl::StatusOr<v1::PaymentBatch> FromCalculatedToSent(const std::string& name, const std::string& day);

  // The rows that a bank would send for the lines of its file; `fails` says which it could not pay.
  std::string ReturnFor(const std::string& name, const std::string& day,
                        const std::function<bool(const v1::PaymentLine&)>& fails = nullptr);
  std::string BankFile(const std::string& name);

  v1::PaymentBatch Batch(const std::string& name);
  v1::PaymentLine Line(const std::string& id);
  std::vector<v1::PaymentLine> Lines(const std::string& name);
  std::vector<v1::PaymentLine> AllLines();
  // Fen by account over all entries.
  ledger_rules::Balances Balances();
  int64_t Balance(v1::LedgerAccount account) { return Balances()[static_cast<size_t>(account)]; }
  // Changes a stored row behind the API.
  template <class M>
  absl::Status Tamper(const std::string& collection, const std::string& name, const std::function<void(M&)>& change) {
    return database_
        .Write([&](storage::Transaction& txn) -> absl::Status {
          const storage::TableCore& table = *database_->FindTable(collection);
          M row;
          RETURN_IF_ERROR(table.Get(txn.reader(), name, &row));
          change(row);
          return table.Update(txn, row);
        })
        .status();
  }
};

}  // namespace dangjian::welfare
