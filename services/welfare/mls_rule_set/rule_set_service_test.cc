#include "services/welfare/mls_rule_set/rule_set_service.h"

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/types/date.h"
#include "services/welfare/mls_rule_set/rule_set_schema.h"

namespace dangjian::welfare {
namespace {

using ::dangjian::testing::IsOk;
using ::testing::ElementsAre;

TEST(MlsRuleSetsTest, TheNewestHoldsHoweverManyCameBefore) {
  testing::TestDatabase database;
  const storage::Table<v1::MlsRuleSet>& table = database->AddTable(MlsRuleSetSchema());
  database.Open();
  const Day newest = Day::Of(2026, 1, 1);
  ASSERT_THAT(database.Write([&](storage::Transaction& txn) -> absl::Status {
    for (int version = 0; version <= 1000; ++version) {
      v1::MlsRuleSet row;
      row.set_name(absl::StrCat("mlsRuleSets/v-", version));
      row.set_organization("organizations/street");
      row.set_version(version);
      *row.mutable_effective_from() = DayToProto(version < 1000 ? Day::Of(2020, 1, 1) : newest);
      if (const absl::Status status = table.Insert(txn, row); !status.ok()) return status;
    }
    return absl::OkStatus();
  }),
              IsOk());
  storage::OrgTree tree;
  tree.Set("organizations/street", {});
  const MlsRuleSets rule_sets(table);
  const auto found = rule_sets.Find(*database.Read(), tree, "organizations/street", Day::Of(2026, 3, 1));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->version(), 1000);
  const auto starts =
      rule_sets.Starts(*database.Read(), tree, "organizations/street", {Day::Of(2025, 1, 1), Day::Of(2026, 12, 31)});
  ASSERT_THAT(starts, IsOk());
  EXPECT_THAT(*starts, ElementsAre(newest));
}

}  // namespace
}  // namespace dangjian::welfare
