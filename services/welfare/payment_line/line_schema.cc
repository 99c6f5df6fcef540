#include "services/welfare/payment_line/line_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

const storage::MeasureDef kPaid{.tag = tags::kMlsPaid,
                                .id = "mls_paid",
                                .label_zh = "发放低保金",
                                .label_en = "Minimum living allowance paid",
                                .unit = "fen",
                                .scale = 2,
                                .kind = measure::v1::MEASURE_KIND_MONEY,
                                .time = measure::v1::MEASURE_TIME_FLOW,
                                .dimensions = {"component", "run_kind"}};
const storage::MeasureDef kFailed{.tag = tags::kMlsLinesFailed,
                                  .id = "mls_lines_failed",
                                  .label_zh = "发放失败笔数",
                                  .label_en = "Payment lines that failed",
                                  .unit = "line",
                                  .kind = measure::v1::MEASURE_KIND_EVENT,
                                  .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::PaymentLine& line) {
  const Day day = DayOr(line.settled_on(), Day());
  switch (line.state()) {
    case v1::PAYMENT_LINE_STATE_PAID:
      return {
          {.measure = &kPaid,
           .day = day,
           .amount = line.amount_fen(),
           .dimensions = {std::string(StripPrefix(v1::BenefitComponent_Name(line.component()), "BENEFIT_COMPONENT_")),
                          std::string(StripPrefix(v1::PaymentRunKind_Name(line.run_kind()), "PAYMENT_RUN_KIND_"))}}};
    // The failure stays a fact after the money was paid by another line.
    case v1::PAYMENT_LINE_STATE_FAILED:
    case v1::PAYMENT_LINE_STATE_REISSUED:
      return {{.measure = &kFailed, .day = day}};
    default:
      return {};
  }
}

bool ByBatch(const v1::PaymentLine& line, KeyWriter& key) {
  key.Text(line.payment_batch()).Int32(line.position());
  return true;
}

bool ByCase(const v1::PaymentLine& line, KeyWriter& key) {
  key.Text(line.mls_case()).Date(DayOr(line.benefit_month(), Day()));
  return true;
}

bool ByPayee(const v1::PaymentLine& line, KeyWriter& key) {
  key.Text(line.payment_batch()).Text(line.payee_reference()).Text(line.household());
  return true;
}

bool ByAccount(const v1::PaymentLine& line, KeyWriter& key) {
  if (line.payee_reference().empty()) return false;
  key.Text(line.payee_reference()).Date(DayOr(line.benefit_month(), Day()));
  key.Text(line.payment_batch()).Text(line.household());
  return true;
}

// Lines that may come again: failed, or held in a batch that was approved without them.
bool ByWaitingCase(const v1::PaymentLine& line, KeyWriter& key) {
  if (line.state() != v1::PAYMENT_LINE_STATE_FAILED && !line_rules::MayComeAgain(line)) return false;
  key.Text(line.mls_case());
  return true;
}

bool ByDisputedCase(const v1::PaymentLine& line, KeyWriter& key) {
  if (!line.disputed()) return false;
  key.Text(line.mls_case());
  return true;
}

}  // namespace

storage::TableSchema<v1::PaymentLine> PaymentLineSchema() {
  return {.tag = tags::kPaymentLine,
          .collection = "paymentLines",
          .owner = [](const v1::PaymentLine& line) { return line.organization(); },
          .indexes = {{.tag = tags::kPaymentLineByBatch, .name = "by_batch", .columns = &ByBatch},
                      {.tag = tags::kPaymentLineByCase, .name = "by_case", .columns = &ByCase},
                      {.tag = tags::kPaymentLineByPayee, .name = "by_payee", .columns = &ByPayee},
                      {.tag = tags::kPaymentLineByAccount, .name = "by_account", .columns = &ByAccount},
                      {.tag = tags::kPaymentLineWaiting, .name = "by_waiting_case", .columns = &ByWaitingCase},
                      {.tag = tags::kPaymentLineDisputed, .name = "by_disputed_case", .columns = &ByDisputedCase}},
          .measures = {&kPaid, &kFailed},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
