#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/plan.h"
#include "seeds/loader/seed_file.h"

namespace dangjian::seeds {

// `monthly_payments`; see FindGenerator.
absl::StatusOr<std::vector<Chain>> GenerateMonthlyPayments(const SeedRow& row, const Phrases& phrases);

// What a bank answers to a file of payments when it has paid every row on a day. The forms of both files are those of
// PaymentBatchService: a row of column names; line key and amount are the third and the last column of the file.
absl::StatusOr<std::string> BankReturnOf(std::string_view bank_file, std::string_view paid_on);

}  // namespace dangjian::seeds
