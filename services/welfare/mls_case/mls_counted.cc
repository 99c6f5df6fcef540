#include "services/welfare/mls_case/mls_counted.h"

#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/mls_case/mls_benefit.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare::mls {
namespace {

std::set<std::string> PersonsOf(const v1::MlsCase& row) {
  std::set<std::string> persons;
  for (const v1::MlsDecision& decision : row.decisions()) {
    for (std::string& person : CountedPersons(decision.inputs())) persons.insert(std::move(person));
  }
  for (const v1::MlsSpell& spell : row.spells()) {
    if (!spell.resident().empty()) persons.insert(spell.resident());
  }
  return persons;
}

}  // namespace

const std::string& CountedPerson(const v1::MlsCase& row, const std::string& resident) {
  for (const v1::MlsCountedPerson& person : row.counted_persons()) {
    if (person.resident() == resident) return person.counted();
  }
  return resident;
}

std::vector<std::string> CountedPersonsOf(const v1::MlsCase& row) {
  std::vector<std::string> names;
  for (const std::string& resident : PersonsOf(row)) names.push_back(CountedPerson(row, resident));
  return names;
}

absl::StatusOr<bool> SetCountedNames(const change::Directory& directory, const storage::Reader& reader,
                                     v1::MlsCase& row) {
  v1::MlsCase counted;
  ASSIGN_OR_RETURN(const std::string household, directory.CanonicalName(reader, row.household()));
  bool changed = SetCounted(row.household(), household, *row.mutable_counted_household());
  for (const std::string& resident : PersonsOf(row)) {
    ASSIGN_OR_RETURN(std::string name, directory.CanonicalName(reader, resident));
    if (name == resident) continue;
    changed = changed || CountedPerson(row, resident) != name;
    v1::MlsCountedPerson& person = *counted.add_counted_persons();
    person.set_resident(resident);
    person.set_counted(std::move(name));
  }
  changed = changed || counted.counted_persons_size() != row.counted_persons_size();
  row.mutable_counted_persons()->Swap(counted.mutable_counted_persons());
  return changed;
}

absl::Status FollowPerson(const change::Directory& directory, const storage::Table<v1::MlsCase>& cases,
                          storage::Transaction& txn, std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<v1::MlsCase> rows,
                   cases.FindAll(txn.reader(), storage::KeyWriter(tags::kMlsCaseByPerson).Text(name)));
  for (v1::MlsCase& row : rows) {
    ASSIGN_OR_RETURN(const bool changed, SetCountedNames(directory, txn.reader(), row));
    if (changed) RETURN_IF_ERROR(cases.Update(txn, row));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::mls
