#include "services/welfare/vacancy_referral/referral_schema.h"

#include "common/types/date.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kReferrals{.tag = tags::kReferrals,
                                     .id = "referrals",
                                     .label_zh = "推荐就业人次",
                                     .label_en = "Referrals to vacancies",
                                     .unit = "person_time",
                                     .kind = measure::v1::MEASURE_KIND_PERSON_TIME,
                                     .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::VacancyReferral& referral) {
  return {{.measure = &kReferrals, .day = DayOr(referral.referred_on(), Day())}};
}

bool ByOrganization(const v1::VacancyReferral& referral, storage::KeyWriter& key) {
  key.Text(referral.organization());
  return true;
}

bool ByRegistration(const v1::VacancyReferral& referral, storage::KeyWriter& key) {
  key.Text(referral.registration());
  return true;
}

}  // namespace

storage::TableSchema<v1::VacancyReferral> VacancyReferralSchema() {
  return {
      .tag = tags::kVacancyReferral,
      .collection = "vacancyReferrals",
      .owner = [](const v1::VacancyReferral& referral) { return referral.organization(); },
      .indexes = {{.tag = tags::kVacancyReferralByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kVacancyReferralByRegistration, .name = "by_registration", .columns = &ByRegistration}},
      .measures = {&kReferrals},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
