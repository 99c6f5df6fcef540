#include "services/registry/dues/dues_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "common/status/errors.h"
#include "common/types/rational.h"

namespace dangjian::registry {
namespace {

// A base up to `base_max_fen` pays `rate_bps` of itself and, whatever the base, `fixed_fen`.
struct Band {
  v1::DuesCategory category;
  int64_t base_max_fen;
  int32_t rate_bps;
  int64_t fixed_fen;
};

struct DuesRule {
  std::string_view document;
  std::array<Band, 7> bands;  // of one category from low to high; the last has no upper end
};

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
constexpr DuesRule kRule2008{.document = "中组发〔2008〕3号",
                             .bands = {{{v1::DUES_CATEGORY_WORKING, 300'000, 50, 0},
                                        {v1::DUES_CATEGORY_WORKING, 500'000, 100, 0},
                                        {v1::DUES_CATEGORY_WORKING, 1'000'000, 150, 0},
                                        {v1::DUES_CATEGORY_WORKING, kNoLimit, 200, 0},
                                        {v1::DUES_CATEGORY_RETIRED, 500'000, 50, 0},
                                        {v1::DUES_CATEGORY_RETIRED, kNoLimit, 100, 0},
                                        {v1::DUES_CATEGORY_STUDENT, kNoLimit, 0, 20}}}};

}  // namespace

absl::StatusOr<v1::ComputeMembershipDuesResponse> MembershipDues(const v1::ComputeMembershipDuesRequest& request) {
  const auto band = std::find_if(kRule2008.bands.begin(), kRule2008.bands.end(), [&](const Band& candidate) {
    return candidate.category == request.category() && request.base_fen() <= candidate.base_max_fen;
  });
  if (band == kRule2008.bands.end()) return Error(dangjian::reasons::kInternal, "no band for this category of dues");
  if (band->rate_bps > 0 && request.base_fen() <= 0) {
    Violations violations;
    violations.Add("base_fen", reasons::kDuesBaseMissing, "this category pays a share of the base");
    return violations.ToStatus();
  }
  const auto share = Rational::Of(Int128{request.base_fen()} * band->rate_bps, 10'000);
  v1::ComputeMembershipDuesResponse response;
  response.set_rate_bps(band->rate_bps);
  response.set_dues_fen(share.value().RoundHalfUp().value() + band->fixed_fen);
  response.set_rule(std::string(kRule2008.document));
  return response;
}

}  // namespace dangjian::registry
