#include "services/welfare/mls_rule_set/rule_set_service.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/mls_rule_set/rule_set_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

absl::StatusOr<v1::MlsRuleSet> MlsRuleSets::Find(const storage::Reader& reader, const storage::OrgTree& tree,
                                                 std::string_view organization, Day day) const {
  for (const std::string& owner : tree.SelfAndAncestors(organization, day)) {
    storage::KeyWriter prefix(tags::kMlsRuleSetByOrganization);
    prefix.Text(owner);
    ASSIGN_OR_RETURN(const std::vector<v1::MlsRuleSet> rows, table_.FindAll(reader, prefix));
    if (const v1::MlsRuleSet* row = mls::InForce(rows, day)) return *row;
  }
  return Error(reasons::kNoRuleSet,
               absl::StrCat("no rule set holds for ", ToAbsl(organization), " on ", FormatDay(day)),
               {{"organization", std::string(organization)}, {"day", FormatDay(day)}});
}

absl::StatusOr<std::vector<Day>> MlsRuleSets::Starts(const storage::Reader& reader, const storage::OrgTree& tree,
                                                     std::string_view organization, DayRange days) const {
  std::set<Day> starts;
  for (const std::string& owner : tree.SelfAndAncestors(organization, days.last)) {
    storage::KeyWriter prefix(tags::kMlsRuleSetByOrganization);
    prefix.Text(owner);
    ASSIGN_OR_RETURN(const std::vector<v1::MlsRuleSet> rows, table_.FindAll(reader, prefix));
    for (const v1::MlsRuleSet& row : rows) {
      const Day start = DayOr(row.effective_from(), Day::Min());
      if (days.first < start && start <= days.last) starts.insert(start);
    }
  }
  return std::vector<Day>(starts.begin(), starts.end());
}

absl::Status MlsRuleSets::MarkUsed(storage::Transaction& txn, v1::MlsRuleSet& rule_set) const {
  if (rule_set.used()) return absl::OkStatus();
  rule_set.set_used(true);
  return table_.Update(txn, rule_set);
}

void MlsRuleSetService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::MlsRuleSet> options;
  options.on_create = [](rpc::CallContext&, v1::MlsRuleSet& created) { return mls::CheckRuleSet(created); };
  options.on_update = [](rpc::CallContext&, const v1::MlsRuleSet& current, v1::MlsRuleSet& updated) -> absl::Status {
    RETURN_IF_ERROR(mls::CheckUnused(current));
    return mls::CheckRuleSet(updated);
  };
  options.on_delete = [](rpc::CallContext&, const v1::MlsRuleSet& current) { return mls::CheckUnused(current); };
  options.list_filters = {{.field = "organization", .index_tag = tags::kMlsRuleSetByOrganization}};
  rpc::RegisterStandardMethods(router, *v1::MlsRuleSet::descriptor()->file()->service(0), table_, tokens,
                               std::move(options));
}

}  // namespace dangjian::welfare
