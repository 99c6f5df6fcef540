#include "services/welfare/bank_file/bank_file.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::bank_file {
namespace {

using ::dangjian::testing::Proto;

const auto kBatch = Proto<v1::PaymentBatch>("name: 'paymentBatches/b' digest: '0123456789abcdef'");

TEST(BankFileTest, RowsCarryDigestKeyAndExactAmount) {
  std::string file = Header();
  AppendRow(
      kBatch,
      Proto<v1::PaymentLine>("name: 'paymentLines/c-202604-regular-regular-1' benefit_month { year: 2026 month: 4 "
                             "day: 1 } payee_name: '张三' payee_reference: 'acct-1' amount_fen: 97667"),
      file);
  EXPECT_EQ(file,
            "batch,batch_digest,line_key,benefit_month,payee_name,account_token,amount_yuan\r\n"
            "b,0123456789abcdef,c-202604-regular-regular-1,202604,张三,acct-1,976.67\r\n");
  EXPECT_EQ(FileName(kBatch), "b-0123456789ab.csv");
}

TEST(BankFileTest, CommasAndQuotesAreQuoted) {
  std::string row;
  AppendRow(kBatch,
            Proto<v1::PaymentLine>("name: 'paymentLines/l' benefit_month { year: 2026 month: 4 day: 1 } payee_name: "
                                   "'张\"三\",代' payee_reference: 'a' amount_fen: -5"),
            row);
  EXPECT_EQ(row, "b,0123456789abcdef,l,202604,\"张\"\"三\"\",代\",a,-0.05\r\n");
}

TEST(BankFileTest, ReturnsAreReadRowByRow) {
  const auto rows = ParseReturn(
      "\xEF\xBB\xBFline_key,result,bank_reason,paid_on,amount_yuan\r\n"
      "a-1,PAID,,2026-04-25,976.67\n"
      "\r\n"
      "a-2,FAILED,\"销户,\"\"已注销\"\"\",2026-04-26,-0.05\r\n");
  ASSERT_EQ(rows.size(), 2);
  ASSERT_TRUE(rows[0].row.has_value());
  EXPECT_EQ(rows[0].number, 2);
  EXPECT_EQ(rows[0].row->line_key, "a-1");
  EXPECT_TRUE(rows[0].row->paid);
  EXPECT_EQ(rows[0].row->amount_fen, 97'667);
  EXPECT_EQ(rows[0].row->day, Day::Of(2026, 4, 25));
  ASSERT_TRUE(rows[1].row.has_value());
  EXPECT_EQ(rows[1].number, 4);
  EXPECT_FALSE(rows[1].row->paid);
  EXPECT_EQ(rows[1].row->bank_reason, "销户,\"已注销\"");
  EXPECT_EQ(rows[1].row->amount_fen, -5);
}

TEST(BankFileTest, WhatCannotBeReadIsTold) {
  for (const char* text : {"a-1,PAID,,2026-04-25", "a-1,PAID,,2026-04-25,1.00,more", "A 1,PAID,,2026-04-25,1.00",
                           "a-1,paid,,2026-04-25,1.00", "a-1,PAID,,2026-02-30,1.00", "a-1,PAID,,2026-04-25,1.001",
                           "a-1,PAID,,2026-04-25,\"1.00", "a-1,PAID,\"x\"y,2026-04-25,1.00",
                           "a-1,FAILED,\xD5\xCB\xBB\xA7,2026-04-25,1.00", "\xFF\xFE"}) {
    const auto rows = ParseReturn(text);
    ASSERT_EQ(rows.size(), 1) << text;
    EXPECT_FALSE(rows[0].row.has_value()) << text;
    EXPECT_EQ(rows[0].number, 1);
  }
  EXPECT_TRUE(ParseReturn("").empty());
}

}  // namespace
}  // namespace dangjian::welfare::bank_file
