#include "seeds/loader/payment_generators.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "seeds/loader/runner.h"

namespace dangjian::seeds {
namespace {

using google::protobuf::Message;
using welfare::v1::ApprovePaymentBatchRequest;
using welfare::v1::ImportBankReturnRequest;
using welfare::v1::PaymentBatch;

// The service takes the three steps from three callers only.
constexpr char kReviewCaller[] = "seed-reviewer";
constexpr char kApproveCaller[] = "seed-approver";
constexpr int kMostLines = 2000;  // that one call calculates, and whose return fits into one message
constexpr size_t kFileColumns = 7;
constexpr size_t kLineKeyColumn = 2;
constexpr size_t kAmountColumn = 6;

// The people behind the batches of a row.
struct People {
  std::string preparer;
  std::string reviewer;
  std::string approver;
};

absl::StatusOr<People> PeopleOf(const SeedRow& row) {
  People people;
  ASSIGN_OR_RETURN(people.preparer, row.Text("preparer"));
  ASSIGN_OR_RETURN(people.reviewer, row.Text("reviewer"));
  ASSIGN_OR_RETURN(people.approver, row.Text("approver"));
  return people;
}

// The approval names what it approves.
absl::Status FillDigest(Caller& caller, ApprovePaymentBatchRequest& request) {
  welfare::v1::GetPaymentBatchRequest read;
  read.set_name(request.name());
  return caller.Read(read, [&request](const Message& answer) {
    request.set_digest(static_cast<const PaymentBatch&>(answer).digest());
  });
}

// The bank pays everything that its file asks for.
absl::Status FillReturn(Caller& caller, ImportBankReturnRequest& request) {
  welfare::v1::QueryBankFileRequest read;
  read.set_name(request.name());
  std::string file;
  RETURN_IF_ERROR(caller.Read(read, [&file](const Message& part) {
    file += static_cast<const welfare::v1::QueryBankFileResponse&>(part).content();
  }));
  ASSIGN_OR_RETURN(*request.mutable_content(), BankReturnOf(file, FormatDay(DayOr(request.occurred_on(), Day()))));
  return absl::OkStatus();
}

// A month's batch from its making to its end.
void AddBatch(const std::string& scheme, const std::string& organization, Day month, const People& people,
              Chain& chain) {
  auto& create = *chain.Add<welfare::v1::CreatePaymentBatchRequest>().mutable_payment_batch();
  create.set_scheme(scheme);
  create.set_organization(organization);
  *create.mutable_benefit_month() = DayToProto(month);
  create.set_run_kind(welfare::v1::PAYMENT_RUN_KIND_REGULAR);
  const std::string organization_id = organization.substr(organization.find('/') + 1);
  const std::string name =
      absl::StrFormat("paymentBatches/%s-%s-%04d%02d-regular", scheme, organization_id, month.year(), month.month());
  const auto step = [&name, month ](auto& request, int day) -> auto& {
    request.set_name(name);
    *request.mutable_occurred_on() = DayToProto(month + (day - 1));
    return request;
  };
  auto& calculate = step(chain.Add<welfare::v1::CalculatePaymentBatchRequest>(), 5);
  calculate.set_max_lines(kMostLines);
  calculate.set_preparer(people.preparer);
  step(chain.Add<welfare::v1::ReviewPaymentBatchRequest>(), 6).set_reviewer(people.reviewer);
  chain.CallAs(kReviewCaller);
  step(chain.AddOpen<ApprovePaymentBatchRequest>(FillDigest), 7).set_approver(people.approver);
  chain.CallAs(kApproveCaller);
  step(chain.Add<welfare::v1::ExportPaymentBatchRequest>(), 8);
  step(chain.Add<welfare::v1::MarkPaymentBatchSentRequest>(), 9);
  auto& bank_return = step(chain.AddOpen<ImportBankReturnRequest>(FillReturn), 15);
  bank_return.set_file_name(absl::StrCat("return-", month.year(), "-", month.month(), ".csv"));
  bank_return.set_last_chunk(true);
  step(chain.Add<welfare::v1::SettlePaymentBatchRequest>(), 20);
}

}  // namespace

absl::StatusOr<std::string> BankReturnOf(std::string_view bank_file, std::string_view paid_on) {
  std::string answer = "line_key,result,bank_reason,paid_on,amount_yuan\r\n";
  bool names = true;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(bank_file), "\r\n", absl::SkipEmpty())) {
    if (std::exchange(names, false)) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> cells, SplitCsvLine(ToStd(line)));
    if (cells.size() != kFileColumns) {
      return absl::InvalidArgumentError(absl::StrCat("a row of the bank file has ", cells.size(), " columns"));
    }
    absl::StrAppend(&answer, cells[kLineKeyColumn], ",PAID,,", ToAbsl(paid_on), ",", cells[kAmountColumn], "\r\n");
  }
  return answer;
}

absl::StatusOr<std::vector<Chain>> GenerateMonthlyPayments(const SeedRow& row, const Phrases&) {
  ASSIGN_OR_RETURN(const std::string scheme, row.Text("scheme"));
  ASSIGN_OR_RETURN(const std::string organization, row.Text("organization"));
  ASSIGN_OR_RETURN(const std::string first, row.Text("first_month"));
  ASSIGN_OR_RETURN(const Day first_month, ParseDay(first));
  ASSIGN_OR_RETURN(const int32_t months, row.Count("months"));
  ASSIGN_OR_RETURN(const People people, PeopleOf(row));
  std::vector<Chain> chains;
  Chain& chain = chains.emplace_back(row.source);
  for (int32_t i = 0; i < months; ++i) {
    const absl::CivilMonth month = absl::CivilMonth(first_month.civil()) + i;
    AddBatch(scheme, organization, Day::Of(static_cast<int>(month.year()), month.month(), 1), people, chain);
  }
  return chains;
}

}  // namespace dangjian::seeds
