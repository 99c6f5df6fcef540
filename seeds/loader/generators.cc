#include "seeds/loader/generators.h"

#include <utility>

#include "seeds/loader/campaign_generators.h"
#include "seeds/loader/payment_generators.h"
#include "seeds/loader/people_generators.h"

namespace dangjian::seeds {

Generator FindGenerator(std::string_view name) {
  static constexpr std::pair<std::string_view, Generator> kGenerators[] = {
      {"members", GenerateMembers},
      {"report_ins", GenerateReportIns},
      {"pledges", GeneratePledges},
      {"disclosures", GenerateDisclosures},
      {"member_evaluations", GenerateMemberEvaluations},
      {"monthly_payments", GenerateMonthlyPayments},
  };
  for (const auto& [known, generator] : kGenerators) {
    if (known == name) return generator;
  }
  return nullptr;
}

}  // namespace dangjian::seeds
