#pragma once

#include <string>
#include <string_view>

#include "common/base/day.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// Keys of payments as resource ids. Pure.

namespace dangjian::welfare::line_key {

// `202604` of any day of that month.
std::string MonthText(Day month);

// The words of ids, in lower case with hyphens: `price-subsidy`, `top-up`.
std::string WordOf(v1::PaymentRunKind kind);
std::string WordOf(v1::BenefitComponent component);

// The part after the slash of a resource name.
std::string IdOf(std::string_view name);

// `key` when it is short enough for an id (63 characters), else its beginning and 24 digits of its SHA-256.
std::string FittingId(std::string_view key);

// The id of a line: also its key in bank files.
std::string LineId(std::string_view mls_case, Day month, v1::BenefitComponent component, v1::PaymentRunKind kind,
                   int32_t seq);

// The text of a line that digests cover: everything that decides who gets how much, each part with its length, so that
// no two lines have one text. What happens to the line later is not in it.
std::string CanonicalText(const v1::PaymentLine& line);

}  // namespace dangjian::welfare::line_key
