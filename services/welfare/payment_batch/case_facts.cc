#include "services/welfare/payment_batch/case_facts.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/welfare/stop_list/as_of.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

absl::StatusOr<CaseFacts> ReadCaseFacts(const BatchTables& tables, const storage::Reader& reader,
                                        const std::string& organization, const std::string& mls_case,
                                        int64_t revision) {
  CaseFacts facts;
  ASSIGN_OR_RETURN(std::vector<v1::MlsAward> rows,
                   tables.awards.FindAll(reader, storage::KeyWriter(tags::kMlsAwardByCase).Text(mls_case)));
  for (v1::MlsAward& row : rows) {
    ASSIGN_OR_RETURN(const bool known, AsOf(tables.awards, reader, revision, row));
    if (known && row.organization() == organization) facts.awards.push_back(std::move(row));
  }
  absl::StatusOr<v1::MlsCase> row = tables.cases.Get(reader, mls_case);
  if (absl::IsNotFound(row.status())) return facts;
  RETURN_IF_ERROR(row.status());
  ASSIGN_OR_RETURN(const bool known, AsOf(tables.cases, reader, revision, *row));
  if (known) facts.state = row->state();
  return facts;
}

}  // namespace dangjian::welfare
