#include "services/pledge/evaluation_round/evaluation_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kRounds{.tag = tags::kEvaluationRounds,
                                  .id = "evaluation_rounds",
                                  .label_zh = "评议次数",
                                  .label_en = "Evaluation rounds confirmed",
                                  .unit = "round",
                                  .kind = measure::v1::MEASURE_KIND_EVENT,
                                  .time = measure::v1::MEASURE_TIME_FLOW,
                                  .dimensions = {"direction"}};
const storage::MeasureDef kMembers{.tag = tags::kMembersEvaluated,
                                   .id = "members_evaluated",
                                   .label_zh = "接受评议的党员",
                                   .label_en = "Members evaluated by their organisation",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::EvaluationRound& round) {
  if (round.state() != v1::EVALUATION_STATE_CONFIRMED && round.state() != v1::EVALUATION_STATE_NOTIFIED) return {};
  const Day day = DayOr(round.held_on(), Day());
  std::vector<storage::Contribution> list;
  const std::string direction(StripPrefix(v1::EvaluationDirection_Name(round.direction()), "EVALUATION_DIRECTION_"));
  list.push_back({.measure = &kRounds, .day = day, .dimensions = {direction}});
  for (const v1::MemberResult& result : round.member_results()) {
    list.push_back({.measure = &kMembers, .day = day, .subject = result.member()});
  }
  return list;
}

bool ByOrganization(const v1::EvaluationRound& round, storage::KeyWriter& key) {
  key.Text(round.organization());
  return true;
}

bool ByCampaign(const v1::EvaluationRound& round, storage::KeyWriter& key) {
  key.Text(round.campaign());
  return !round.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::EvaluationRound> EvaluationRoundSchema() {
  return {
      .tag = tags::kEvaluationRound,
      .collection = "evaluationRounds",
      .owner = [](const v1::EvaluationRound& round) { return round.organization(); },
      .indexes = {{.tag = tags::kEvaluationRoundByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kEvaluationRoundByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
      .measures = {&kRounds, &kMembers},
      .contributions = &Contributions};
}

}  // namespace dangjian::pledge
