#include "services/gateway/backend/backends.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/strings.h"
#include "re2/re2.h"

namespace dangjian::gateway {

absl::StatusOr<Backends> Backends::Parse(std::string_view flag, const rpc::CredentialsFor& to_call) {
  Backends backends;
  for (const absl::string_view part : absl::StrSplit(ToAbsl(flag), ',', absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    const auto& [name, address] = pair;
    if (!RE2::FullMatch(name, "[a-z][a-z0-9]{0,30}") || address.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--backend ", part, ": must be NAME=ADDRESS, such as registry=127.0.0.1:7401"));
    }
    if (backends.Find(name) != nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("--backend ", part, ": ", name, " has an address already"));
    }
    backends.Add(name, rpc::ClientChannel::MakeWatched(address, name, {}, to_call(name)));
  }
  if (backends.all().empty()) {
    return absl::InvalidArgumentError("no service to report from: give --backend NAME=ADDRESS for each");
  }
  return backends;
}

void Backends::Add(std::string_view name, std::shared_ptr<rpc::ClientChannel> channel) {
  Backend backend{std::string(name), channel, std::make_unique<rpc::Client>(channel)};
  backends_.emplace(std::string(name), std::move(backend));
}

const Backend* Backends::Find(std::string_view name) const {
  const auto found = backends_.find(name);
  return found == backends_.end() ? nullptr : &found->second;
}

std::string Backends::Names() const { return absl::StrJoin(NamesOf(*this), ", "); }

std::set<std::string> NamesOf(const Backends& backends) {
  std::set<std::string> names;
  for (const auto& [name, backend] : backends.all()) names.insert(name);
  return names;
}

}  // namespace dangjian::gateway
