#include "services/welfare/assistance_action/assistance_schema.h"

#include <string>

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/assistance_action/assistance_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

// `pairing` is the pairing's id, so that a report can show the help under one pairing.
const storage::MeasureDef kValue{.tag = tags::kAssistanceValue,
                                 .id = "assistance_value",
                                 .label_zh = "帮扶款物价值",
                                 .label_en = "Value of cash and goods given under pairings",
                                 .unit = "fen",
                                 .scale = 2,
                                 .kind = measure::v1::MEASURE_KIND_MONEY,
                                 .time = measure::v1::MEASURE_TIME_FLOW,
                                 .dimensions = {"kind", "pairing"}};
const storage::MeasureDef kActions{.tag = tags::kAssistanceActions,
                                   .id = "assistance_actions",
                                   .label_zh = "帮扶次数",
                                   .label_en = "Assistance actions",
                                   .unit = "action",
                                   .kind = measure::v1::MEASURE_KIND_EVENT,
                                   .time = measure::v1::MEASURE_TIME_FLOW,
                                   .dimensions = {"kind"}};

std::vector<storage::Contribution> Contributions(const v1::AssistanceAction& action) {
  const Day day = DayOr(action.occurred_on(), Day());
  const std::string kind(StripPrefix(v1::AssistanceKind_Name(action.kind()), "ASSISTANCE_KIND_"));
  std::vector<storage::Contribution> list = {{.measure = &kActions, .day = day, .dimensions = {kind}}};
  if (const int64_t fen = assistance_rules::ValueFen(action); fen != 0) {
    const std::string pairing(StripPrefix(action.pairing(), "pairings/"));
    list.push_back({.measure = &kValue, .day = day, .amount = fen, .dimensions = {kind, pairing}});
  }
  return list;
}

bool ByOrganization(const v1::AssistanceAction& action, KeyWriter& key) {
  key.Text(action.organization());
  return true;
}

bool ByPairing(const v1::AssistanceAction& action, KeyWriter& key) {
  key.Text(action.pairing()).Date(DayOr(action.occurred_on(), Day()));
  return true;
}

bool ByMember(const v1::AssistanceAction& action, KeyWriter& key) {
  key.Text(action.member()).Date(DayOr(action.occurred_on(), Day()));
  return true;
}

}  // namespace

storage::TableSchema<v1::AssistanceAction> AssistanceActionSchema() {
  return {
      .tag = tags::kAssistanceAction,
      .collection = "assistanceActions",
      .owner = [](const v1::AssistanceAction& action) { return action.organization(); },
      .indexes = {{.tag = tags::kAssistanceActionByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kAssistanceActionByPairing, .name = "by_pairing", .columns = &ByPairing},
                  {.tag = tags::kAssistanceActionByMember, .name = "by_member", .columns = &ByMember}},
      .measures = {&kValue, &kActions},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
