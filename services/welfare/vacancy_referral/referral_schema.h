#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/vacancy_referral.pb.h"

namespace dangjian::welfare {

// Referrals by id; found by organisation and registration. Each counts on its day, whatever came of it.
storage::TableSchema<v1::VacancyReferral> VacancyReferralSchema();

}  // namespace dangjian::welfare
