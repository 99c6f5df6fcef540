#include "services/welfare/testing/payment_harness.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_line/line_key.h"

namespace dangjian::welfare {

using testing::Proto;
using testing::ValueOrDie;
using v1::PaymentBatch;

namespace {

std::string On(const std::string& name, const std::string& day) {
  return absl::StrCat("name: '", name, "' occurred_on ", DateText(day), " ");
}

}  // namespace

absl::Status PaymentTest::AddAward(const std::string& mls_case, const std::string& household,
                                   const std::string& first_month, const std::string& last_month, int64_t fen,
                                   int decision, const std::string& more) {
  const std::string month = line_key::MonthText(ValueOrDie(ParseDay(first_month)));
  auto award = Proto<v1::MlsAward>(
      absl::StrCat("name: 'mlsAwards/", mls_case, "-", month, decision > 1 ? absl::StrCat("-", decision) : "",
                   "' mls_case: 'mlsCases/", mls_case, "' organization: 'organizations/east' household: 'households/",
                   household, "' payee_name: '张三' payee_reference: 'acct-", household, "' first_month ",
                   DateText(first_month), last_month.empty() ? "" : absl::StrCat(" last_month ", DateText(last_month)),
                   " parts { component: BENEFIT_COMPONENT_REGULAR amount_fen: ", fen,
                   " } rule_set: 'mlsRuleSets/jgdq-2026' decision_number: ", decision, " "));
  award.MergeFrom(Proto<v1::MlsAward>(more));
  return database_
      .Write([&](storage::Transaction& txn) { return database_->FindTable("mlsAwards")->Insert(txn, award); })
      .status();
}

absl::Status PaymentTest::EndAward(const std::string& id, const std::string& last_month) {
  return Tamper<v1::MlsAward>("mlsAwards", absl::StrCat("mlsAwards/", id), [&](v1::MlsAward& award) {
    *award.mutable_last_month() = DayToProto(ValueOrDie(ParseDay(last_month)));
  });
}

absl::StatusOr<PaymentBatch> PaymentTest::Create(const std::string& month, const std::string& kind,
                                                 const std::string& more) {
  return Call<PaymentBatch, v1::CreatePaymentBatchRequest>(
      absl::StrCat("payment_batch { scheme: 'mls' organization: 'organizations/east' benefit_month ", DateText(month),
                   " run_kind: PAYMENT_RUN_KIND_", kind, " ", more, " }"));
}

absl::StatusOr<PaymentBatch> PaymentTest::Calculate(const std::string& name, const std::string& day, int max_lines) {
  return CallAs<PaymentBatch, v1::CalculatePaymentBatchRequest>(
      "wang", absl::StrCat(On(name, day), "preparer: 'members/wang' max_lines: ", max_lines));
}

absl::StatusOr<PaymentBatch> PaymentTest::Review(const std::string& name, const std::string& day,
                                                 const std::string& more) {
  return CallAs<PaymentBatch, v1::ReviewPaymentBatchRequest>(
      "li", absl::StrCat(On(name, day), "reviewer: 'members/li' ", more));
}

absl::StatusOr<PaymentBatch> PaymentTest::Approve(const std::string& name, const std::string& day) {
  return CallAs<PaymentBatch, v1::ApprovePaymentBatchRequest>(
      "zhao", absl::StrCat(On(name, day), "approver: 'members/zhao' digest: '", Batch(name).digest(), "'"));
}

absl::StatusOr<PaymentBatch> PaymentTest::Export(const std::string& name, const std::string& day) {
  return Call<PaymentBatch, v1::ExportPaymentBatchRequest>(On(name, day));
}

absl::StatusOr<PaymentBatch> PaymentTest::Send(const std::string& name, const std::string& day) {
  return Call<PaymentBatch, v1::MarkPaymentBatchSentRequest>(On(name, day));
}

absl::StatusOr<PaymentBatch> PaymentTest::Settle(const std::string& name, const std::string& day) {
  return Call<PaymentBatch, v1::SettlePaymentBatchRequest>(On(name, day));
}

absl::StatusOr<PaymentBatch> PaymentTest::Cancel(const std::string& name, const std::string& day) {
  return Call<PaymentBatch, v1::CancelPaymentBatchRequest>(absl::StrCat(On(name, day), "reason: '重新测算'"));
}

absl::StatusOr<v1::ImportBankReturnResponse> PaymentTest::Return(const std::string& name, const std::string& content,
                                                                 const std::string& day, const std::string& file) {
  auto request =
      Proto<v1::ImportBankReturnRequest>(absl::StrCat(On(name, day), "file_name: '", file, "' last_chunk: true"));
  request.set_content(content);
  return Call<v1::ImportBankReturnResponse>(request);
}

absl::StatusOr<PaymentBatch> PaymentTest::FromCalculatedToSent(const std::string& name, const std::string& day) {
  RETURN_IF_ERROR(Review(name, day, "note: '已核对'").status());
  RETURN_IF_ERROR(Approve(name, day).status());
  RETURN_IF_ERROR(Export(name, day).status());
  return Send(name, day);
}

absl::StatusOr<PaymentBatch> PaymentTest::RunToSent(const std::string& month, const std::string& day,
                                                    const std::string& kind, const std::string& more) {
  ASSIGN_OR_RETURN(const PaymentBatch created, Create(month, kind, more));
  RETURN_IF_ERROR(Calculate(created.name(), day).status());
  return FromCalculatedToSent(created.name(), day);
}

std::string PaymentTest::ReturnFor(const std::string& name, const std::string& day,
                                   const std::function<bool(const v1::PaymentLine&)>& fails) {
  std::string content = "line_key,result,bank_reason,paid_on,amount_yuan\r\n";
  for (const v1::PaymentLine& line : Lines(name)) {
    if (line.state() == v1::PAYMENT_LINE_STATE_HELD) continue;
    const bool failed = fails != nullptr && fails(line);
    absl::StrAppend(&content, line_key::IdOf(line.name()), failed ? ",FAILED,账户已销户," : ",PAID,,", day, ",",
                    FormatDecimal(line.amount_fen(), 2), "\r\n");
  }
  return content;
}

std::string PaymentTest::BankFile(const std::string& name) {
  v1::QueryBankFileRequest request;
  request.set_name(name);
  auto stream = client().OpenServerStream<v1::QueryBankFileResponse>(request, {});
  std::string file;
  while (true) {
    const auto part = stream.Next();
    EXPECT_THAT(part, testing::IsOk());
    if (!part.ok() || !part->has_value()) return file;
    file += (*part)->content();
  }
}

PaymentBatch PaymentTest::Batch(const std::string& name) {
  v1::GetPaymentBatchRequest request;
  request.set_name(name);
  return ValueOrDie(Call<PaymentBatch>(request));
}

v1::PaymentLine PaymentTest::Line(const std::string& id) {
  v1::GetPaymentLineRequest request;
  request.set_name(absl::StrCat("paymentLines/", id));
  return ValueOrDie(Call<v1::PaymentLine>(request));
}

std::vector<v1::PaymentLine> PaymentTest::AllLines() {
  std::vector<v1::PaymentLine> lines;
  EXPECT_THAT(database_->FindTable("paymentLines")
                  ->ForEach(*database_.Read(),
                            [&](const google::protobuf::Message& row) {
                              lines.push_back(static_cast<const v1::PaymentLine&>(row));
                              return absl::OkStatus();
                            }),
              testing::IsOk());
  return lines;
}

std::vector<v1::PaymentLine> PaymentTest::Lines(const std::string& name) {
  std::vector<v1::PaymentLine> lines = AllLines();
  std::erase_if(lines, [&](const v1::PaymentLine& line) { return line.payment_batch() != name; });
  std::sort(lines.begin(), lines.end(),
            [](const v1::PaymentLine& a, const v1::PaymentLine& b) { return a.position() < b.position(); });
  return lines;
}

ledger_rules::Balances PaymentTest::Balances() {
  ledger_rules::Balances balances{};
  EXPECT_THAT(database_->FindTable("ledgerEntries")
                  ->ForEach(*database_.Read(),
                            [&](const google::protobuf::Message& row) {
                              return ledger_rules::Accumulate(static_cast<const v1::LedgerEntry&>(row), balances);
                            }),
              testing::IsOk());
  return balances;
}

}  // namespace dangjian::welfare
