#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/database.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kNoRuleSet{"NO_RULE_SET", absl::StatusCode::kFailedPrecondition,
                                   "该地区当月没有低保标准,请先录入标准"};
}  // namespace reasons

// Finds the rules of a place and month. Thread-safe.
class MlsRuleSets {
 public:
  explicit MlsRuleSets(const storage::Table<v1::MlsRuleSet>& table) : table_(table) {}

  // The rule set in force for `organization` in the month of `day`: its own, else that of the nearest organisation
  // above it that has one. NO_RULE_SET.
  absl::StatusOr<v1::MlsRuleSet> Find(const storage::Reader& reader, const storage::OrgTree& tree,
                                      std::string_view organization, Day day) const;
  // The rule set of that name. RECORD_NOT_FOUND.
  absl::StatusOr<v1::MlsRuleSet> Get(const storage::Reader& reader, std::string_view name) const {
    return table_.Get(reader, name);
  }
  // The days after `days.first` and up to `days.last` from which a rule set of `organization` or of one above it holds,
  // ascending, each once.
  absl::StatusOr<std::vector<Day>> Starts(const storage::Reader& reader, const storage::OrgTree& tree,
                                          std::string_view organization, DayRange days) const;
  // From now on the rule set cannot change. Writes only the first time.
  absl::Status MarkUsed(storage::Transaction& txn, v1::MlsRuleSet& rule_set) const;

 private:
  const storage::Table<v1::MlsRuleSet>& table_;
};

// Handlers of dangjian.welfare.v1.MlsRuleSetService: the standard ones. Thread-safe.
class MlsRuleSetService {
 public:
  explicit MlsRuleSetService(const storage::Table<v1::MlsRuleSet>& table) : table_(table) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  const storage::Table<v1::MlsRuleSet>& table_;
};

}  // namespace dangjian::welfare
