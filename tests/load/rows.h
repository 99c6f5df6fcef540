#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/client.h"
#include "google/protobuf/message.h"
#include "tests/load/closed_loop.h"

// Rows of the tables that the benchmarks print.

namespace dangjian::load {

struct Row {
  std::string name;
  std::vector<double> per_second;
  std::vector<double> p50;
  std::vector<double> p99;
  int64_t failures = 0;

  void Add(const LoopResult& result) {
    per_second.push_back(result.per_second);
    p50.push_back(result.p50_us);
    p99.push_back(result.p99_us);
    failures += result.failures;
  }
};

// Ratios are taken within a round, where both sides met the same machine, and only then is the median taken.
inline double MedianRatio(const Row& row, const Row& floor) {
  std::vector<double> ratios;
  for (size_t i = 0; i < row.per_second.size(); ++i) ratios.push_back(row.per_second[i] / floor.per_second[i]);
  return Median(ratios);
}

inline void PrintRow(const Row& row, const std::string& ratio) {
  std::printf("| %s | %.0f | %.0f | %.0f | %s |%s\n", row.name.c_str(), Median(row.per_second), Median(row.p50),
              Median(row.p99), ratio.c_str(), row.failures > 0 ? " FAILURES" : "");
  std::fflush(stdout);
}

inline std::string Percent(double ratio) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", ratio);
  return text;
}

template <class Resp>
AsyncCall Calling(rpc::Client& client, std::function<std::unique_ptr<google::protobuf::Message>(int64_t)> make) {
  return [&client, make = std::move(make)](int64_t i, std::function<void(bool)> done) {
    rpc::CallOptions options;
    options.max_attempts = 1;
    client.CallAsync<Resp>(*make(i), options,
                           [done = std::move(done)](absl::StatusOr<Resp> response) { done(response.ok()); });
  };
}

}  // namespace dangjian::load
