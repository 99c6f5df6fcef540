#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "seeds/loader/plan.h"

namespace dangjian::seeds {

// Turns the files of a seed folder into stages, one a file, in the order of their names. Files are `<two
// digits>_<topic>.csv`, and `phrases.csv` with the word lists of the generators; anything else in the folder is left
// alone. In a section `@<request>` each row is one call and the rows are sent one after the other; a section without
// rows but with constants is one call. In a section `@<generator>` each row becomes many independent chains. A section
// with directives is sent beside the others of its file:
//   =*repeat,1..998   each row stands for many: seeds/loader/expansion.h
//   =*chain,{i}       calls of the file with the same chain are sent one after the other; without it each is on its own
//   =*batch,100       that many Create requests go together as one BatchCreate
// NOT_FOUND when the folder has no such file; INVALID_ARGUMENT with file and line for anything malformed.
absl::StatusOr<std::vector<Stage>> ReadSeeds(const std::string& folder);

// The same from texts: (file name, content), in order. For tests.
absl::StatusOr<std::vector<Stage>> ReadSeedTexts(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace dangjian::seeds
