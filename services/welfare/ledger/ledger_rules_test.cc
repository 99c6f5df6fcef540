#include "services/welfare/ledger/ledger_rules.h"

#include <limits>

#include "common/testing/matchers.h"

namespace dangjian::welfare::ledger_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

TEST(LedgerRulesTest, PostingsSumToZero) {
  v1::LedgerEntry entry;
  AddPosting(entry, v1::LEDGER_ACCOUNT_APPROPRIATION, -100);
  AddPosting(entry, v1::LEDGER_ACCOUNT_RETURNED, 0);
  AddPosting(entry, v1::LEDGER_ACCOUNT_PAYABLE, 100);
  EXPECT_EQ(entry.postings_size(), 2);
  EXPECT_THAT(CheckBalanced(entry), IsOk());
  entry.mutable_postings(0)->set_amount_fen(-99);
  EXPECT_THAT(CheckBalanced(entry), HasReason(reasons::kLedgerNotBalanced));
}

TEST(LedgerRulesTest, PostingsNameAccountsOnceAndChangeThem) {
  EXPECT_THAT(CheckBalanced(Proto<v1::LedgerEntry>("postings { amount_fen: 1 } postings { account: "
                                                   "LEDGER_ACCOUNT_PAID amount_fen: -1 }")),
              HasReason(reasons::kLedgerNotBalanced));
  EXPECT_THAT(CheckBalanced(Proto<v1::LedgerEntry>("postings { account: LEDGER_ACCOUNT_PAID amount_fen: 1 } postings { "
                                                   "account: LEDGER_ACCOUNT_PAID amount_fen: -1 }")),
              HasReason(reasons::kLedgerNotBalanced));
  EXPECT_THAT(CheckBalanced(Proto<v1::LedgerEntry>("postings { account: LEDGER_ACCOUNT_PAID }")),
              HasReason(reasons::kLedgerNotBalanced));
}

TEST(LedgerRulesTest, OverflowIsNamed) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  v1::LedgerEntry entry;
  AddPosting(entry, v1::LEDGER_ACCOUNT_PAID, most);
  Balances balances{};
  ASSERT_THAT(Accumulate(entry, balances), IsOk());
  EXPECT_THAT(Accumulate(entry, balances), HasReason(reasons::kPaymentSumOverflow));
  AddPosting(entry, v1::LEDGER_ACCOUNT_PAYABLE, 1);
  EXPECT_THAT(CheckBalanced(entry), HasReason(reasons::kPaymentSumOverflow));
}

}  // namespace
}  // namespace dangjian::welfare::ledger_rules
