#include "services/welfare/payment_line/line_key.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::line_key {
namespace {

constexpr size_t kLongestId = 63;
constexpr size_t kDigestBytes = 12;

std::string Word(std::string_view name) {
  std::string word = absl::AsciiStrToLower(ToAbsl(name));
  std::replace(word.begin(), word.end(), '_', '-');
  return word;
}

}  // namespace

std::string MonthText(Day month) { return absl::StrFormat("%04d%02d", month.year(), month.month()); }

std::string WordOf(v1::PaymentRunKind kind) {
  return Word(StripPrefix(v1::PaymentRunKind_Name(kind), "PAYMENT_RUN_KIND_"));
}

std::string WordOf(v1::BenefitComponent component) {
  return Word(StripPrefix(v1::BenefitComponent_Name(component), "BENEFIT_COMPONENT_"));
}

std::string IdOf(std::string_view name) { return std::string(name.substr(name.find('/') + 1)); }

std::string FittingId(std::string_view key) {
  if (key.size() <= kLongestId) return std::string(key);
  const std::string digest = rpc::Sha256(key).substr(0, kDigestBytes);
  return absl::StrCat(ToAbsl(key.substr(0, kLongestId - 1 - 2 * kDigestBytes)), "-", absl::BytesToHexString(digest));
}

std::string LineId(std::string_view mls_case, Day month, v1::BenefitComponent component, v1::PaymentRunKind kind,
                   int32_t seq) {
  return FittingId(
      absl::StrCat(IdOf(mls_case), "-", MonthText(month), "-", WordOf(component), "-", WordOf(kind), "-", seq));
}

std::string CanonicalText(const v1::PaymentLine& line) {
  std::string text;
  const auto add = [&](const std::string& part) { absl::StrAppend(&text, part.size(), ":", part, ";"); };
  for (const std::string* part : {&line.name(), &line.mls_case(), &line.household(), &line.award(), &line.reissue_of(),
                                  &line.payee_name(), &line.payee_reference()}) {
    add(*part);
  }
  absl::StrAppend(&text, MonthText(DayOr(line.benefit_month(), Day())), ";", line.component(), ";", line.run_kind(),
                  ";", line.seq(), ";", line.amount_fen());
  return text;
}

}  // namespace dangjian::welfare::line_key
