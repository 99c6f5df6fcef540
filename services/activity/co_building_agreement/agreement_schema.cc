#include "services/activity/co_building_agreement/agreement_schema.h"

#include "common/types/date.h"
#include "services/activity/co_building_agreement/agreement_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kInForce{.tag = tags::kCoBuildingAgreements,
                                   .id = "co_building_agreements",
                                   .label_zh = "有效共驻共建协议",
                                   .label_en = "Co-building agreements in force",
                                   .unit = "agreement",
                                   .kind = measure::v1::MEASURE_KIND_STOCK,
                                   .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kSigned{.tag = tags::kAgreementsSigned,
                                  .id = "agreements_signed",
                                  .label_zh = "签订共驻共建协议",
                                  .label_en = "Co-building agreements signed",
                                  .unit = "agreement",
                                  .kind = measure::v1::MEASURE_KIND_EVENT,
                                  .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kFulfilled{.tag = tags::kAgreementItemsFulfilled,
                                     .id = "agreement_items_fulfilled",
                                     .label_zh = "履行协议事项",
                                     .label_en = "Items of agreements fulfilled",
                                     .unit = "item",
                                     .kind = measure::v1::MEASURE_KIND_EVENT,
                                     .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::CoBuildingAgreement& agreement) {
  std::vector<storage::Contribution> list;
  if (const auto signed_on = DayFromProto(agreement.signed_on())) {
    list.push_back({.measure = &kSigned, .day = *signed_on});
  }
  if (const std::optional<DayRange> days = agreement_rules::DaysInForce(agreement)) {
    list.push_back({.measure = &kInForce, .day = days->first});
    if (days->last != Day::Max()) list.push_back({.measure = &kInForce, .day = days->last + 1, .amount = -1});
  }
  for (const v1::AgreementItem& item : agreement.items()) {
    if (const auto done = DayFromProto(item.done_on())) list.push_back({.measure = &kFulfilled, .day = *done});
  }
  return list;
}

bool ByOrganization(const v1::CoBuildingAgreement& agreement, storage::KeyWriter& key) {
  key.Text(agreement.organization());
  return true;
}

bool ByParty(const v1::CoBuildingAgreement& agreement, storage::KeyWriter& key) {
  key.Text(agreement.party());
  return true;
}

}  // namespace

storage::TableSchema<v1::CoBuildingAgreement> CoBuildingAgreementSchema() {
  return {.tag = tags::kCoBuildingAgreement,
          .collection = "coBuildingAgreements",
          .owner = [](const v1::CoBuildingAgreement& agreement) { return agreement.organization(); },
          .indexes = {{.tag = tags::kCoBuildingAgreementByOrganization,
                       .name = "by_organization",
                       .columns = &ByOrganization},
                      {.tag = tags::kCoBuildingAgreementByParty, .name = "by_party", .columns = &ByParty}},
          .measures = {&kInForce, &kSigned, &kFulfilled},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
