#include "seeds/loader/payment_generators.h"

#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "gtest/gtest.h"

namespace dangjian::seeds {
namespace {

TEST(BankReturnTest, PaysEveryRowOnTheDay) {
  const auto answer = BankReturnOf(
      "batch,batch_digest,line_key,benefit_month,payee_name,account_token,amount_yuan\r\n"
      "b-1,ab12,line-1,200601,\"王,刚\",token-1,176.00\r\n"
      "b-1,ab12,line-2,200601,李芳,token-2,103.99\r\n",
      "2006-01-15");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(*answer,
            "line_key,result,bank_reason,paid_on,amount_yuan\r\n"
            "line-1,PAID,,2006-01-15,176.00\r\n"
            "line-2,PAID,,2006-01-15,103.99\r\n");
}

TEST(BankReturnTest, ARowOfAnotherFormIsRefused) {
  EXPECT_FALSE(BankReturnOf("names\r\nline-1,176.00\r\n", "2006-01-15").ok());
}

TEST(MonthlyPaymentsTest, EachMonthGoesThroughItsWholeLife) {
  SeedRow row{.source = "52_payments.csv:4",
              .cells = {{"scheme", "mls"},
                        {"organization", "organizations/guangming"},
                        {"first_month", "2006-11-01"},
                        {"months", "3"},
                        {"preparer", "members/a"},
                        {"reviewer", "members/b"},
                        {"approver", "members/c"}}};
  const auto chains = GenerateMonthlyPayments(row, Phrases());
  ASSERT_TRUE(chains.ok()) << chains.status();
  ASSERT_EQ(chains->size(), 1);
  const auto& calls = chains->front().calls();
  ASSERT_EQ(calls.size(), 3 * 8);
  EXPECT_EQ(calls[1].caller, "") << "the calculation";
  EXPECT_EQ(calls[2].caller, "seed-reviewer");
  EXPECT_EQ(calls[3].caller, "seed-approver");
  EXPECT_EQ(calls[4].caller, "") << "the export";
  const auto& last = static_cast<const welfare::v1::SettlePaymentBatchRequest&>(*calls.back().request);
  EXPECT_EQ(last.name(), "paymentBatches/mls-guangming-200701-regular");
  EXPECT_EQ(last.occurred_on().ShortDebugString(), "year: 2007 month: 1 day: 20");
}

TEST(MonthlyPaymentsTest, AMissingApproverNamesTheRow) {
  const auto chains = GenerateMonthlyPayments(SeedRow{.source = "x.csv:2", .cells = {{"scheme", "mls"}}}, Phrases());
  EXPECT_EQ(chains.status().message(), "x.csv:2: column organization is empty");
}

}  // namespace
}  // namespace dangjian::seeds
