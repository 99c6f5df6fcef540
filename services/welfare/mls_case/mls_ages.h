#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/change/directory.h"
#include "common/status/errors.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_coverage.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

// How old the persons of a case are: by the register where it knows, by what was typed where it does not.

namespace dangjian::welfare::mls {

// The day on which the persons of a case as it stands are judged: of a draft that of the newest authorisation, at most
// `today`; of an application that of its last step; after a grant that of the newest award decision.
Day AgeDay(const v1::MlsCase& row, Day today);

// Whether the person was under 18 on `day`.
bool IsMinorOn(const v1::MlsFamilyMember& member, Day day);

// AGE_CONTRADICTS_REGISTER where `minor` or `able_to_work` was typed of one who was too old or too young for it on
// `day`. What is as in `current` was not typed; null: all was. `field` is the path of the inputs in the request.
void CheckTypedAges(const v1::MlsBenefitInputs& inputs, const v1::MlsBenefitInputs* current, Day day,
                    std::string_view field, Violations& violations);

// AGE_CONTRADICTS_REGISTER when a member names a top-up for another age. `day` is the first that it would be paid for.
absl::Status CheckTopUpAges(const v1::MlsBenefitInputs& inputs, const v1::MlsRuleSet& rule_set, Day day);

// AUTHORISATION_MISSING unless every counted person who was of full age on `day` has authorised the data check on or
// before `by`.
absl::Status CheckAuthorised(const v1::MlsCase& row, Day day, Day by);
inline absl::Status CheckAuthorised(const v1::MlsCase& row, Day day) { return CheckAuthorised(row, day, day); }

// Takes the dates of birth of the family from the register.
absl::Status TakeBirthDates(const change::Directory& directory, const storage::Reader& reader,
                            v1::MlsBenefitInputs& inputs);
// Sets who of those whose date of birth is known is a minor on `day`.
void SetMinors(Day day, v1::MlsBenefitInputs& inputs);

// Sets `authorisation_missing` of an open case as the persons stand.
void FlagMissingAuthorisation(v1::MlsCase& row, Day today);

// What a fact follower of change::Directory does: the open case of the person follows what the register says.
absl::Status FollowFacts(const change::Directory& directory, const storage::Table<v1::MlsCoverage>& coverages,
                         const storage::Table<v1::MlsCase>& cases, storage::Transaction& txn, std::string_view person);

}  // namespace dangjian::welfare::mls
