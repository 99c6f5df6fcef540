#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/reference_resolver.h"

namespace dangjian::server {

// Plays the registry for misses of the directory: holds records that the feed has not brought.
class LateRegistry final : public rpc::ReferenceResolver {
 public:
  using Store = std::function<absl::Status(const std::string& name)>;
  void Promise(const std::string& name, Store store) { promised_.emplace_back(name, std::move(store)); }
  bool Replicates(std::string_view collection) const override;
  void CatchUp(const rpc::CallContext&, std::function<void(absl::Status)> done) override;
  void Resolve(const rpc::CallContext& context, std::vector<std::string> names,
               std::function<void(absl::Status)> done) override;
  int asked() const { return asked_; }
  // What happens when a call has the directory brought up to date; nothing by default. Runs on the thread of the call.
  void set_catch_up(std::function<absl::Status()> catch_up) { catch_up_ = std::move(catch_up); }

 private:
  std::vector<std::pair<std::string, Store>> promised_;
  std::atomic<int> asked_ = 0;
  std::function<absl::Status()> catch_up_;
};

}  // namespace dangjian::server
