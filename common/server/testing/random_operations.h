#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/rpc/client.h"
#include "common/storage/database.h"
#include "gtest/gtest.h"

namespace dangjian::server {

// A kind of call that random work makes.
struct RandomOperation {
  std::string request;  // name of the request message, which tells the method: `CreateTeamRequest`
  // The request in text form. For each call `<a|b|>` becomes one of the alternatives (which may hold further ones),
  // `<1..9>` a number, `@id` one of few ids, `@day` a day of 2026, mostly later than that of the call before, `@later`
  // a day some weeks after that, `@on` in most calls `occurred_on` a `@day` and else nothing.
  std::string fields;
  bool joins = false;  // a `Create…` in the life of the entity before it, which it needs
};

// Makes random calls, half of them steps of a life (see Step), and remembers which measures became something. Not
// thread-safe.
class RandomOperations {
 public:
  // Requests are those of `package`. `client` and `database` must outlive the object.
  RandomOperations(std::string package, uint32_t seed, rpc::Client& client, storage::Database& database);

  // Makes one of the calls: any, or the next of a life, which is one id taken through the operations of an entity in
  // their order, some left out, while days pass. An entity begins in the table where its `Create…` stands that joins no
  // other. Where requests of `operations` are `wanted`, it makes one of those, or begins such a life. The call may be
  // refused, but by a rule: a failure of the service itself fails the test.
  void Step(const std::vector<RandomOperation>& operations, const std::vector<std::string>& wanted = {});
  // Makes this call; a refusal is no failure here either.
  void Make(const RandomOperation& operation);
  // Declared measures to which no record contributed after any accepted call.
  std::vector<std::string> NeverSeen() const;
  int accepted() const { return accepted_; }
  // Requests of `operations` that were never accepted.
  std::vector<std::string> NeverAccepted(const std::vector<RandomOperation>& operations) const;
  std::string LastRefusal(const std::string& request) const;

  Day RandomDay();
  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  std::string Expand(std::string text);

 private:
  const RandomOperation& Next(const std::vector<RandomOperation>& operations, const std::vector<std::string>& wanted);
  int PickOperation(const std::vector<RandomOperation>& operations, const std::vector<std::string>& wanted);
  std::string RandomId();
  absl::Status Call(const std::string& request, const std::string& fields);
  void LookAtMeasures();

  const std::string package_;
  std::mt19937 random_;
  rpc::Client& client_;
  storage::Database& database_;
  int step_ = 0;
  int accepted_ = 0;
  int life_ = -1;        // the next operation of the life under way; -1: none
  std::string life_id_;  // its id; empty: the call at hand is of no life
  Day life_day_;         // the day of its last step
  absl::btree_set<std::string> done_;
  absl::btree_map<std::string, std::string> last_refusal_;
  absl::btree_set<std::string> unseen_;
};

// A fixture whose records random calls change. The seed is the parameter.
template <class Fixture>
class RecountTest : public Fixture, public ::testing::WithParamInterface<uint32_t> {
 protected:
  // Makes `steps` calls, and up to three times as many until all was seen, half of those for what was not accepted yet;
  // `between` runs after every 25, and the figures are recounted after every 500. In the end every declared measure
  // must have been something and every operation must have been accepted once, so that an entity without operations, or
  // with operations that are always refused, fails. Operations that begin with a verb of `rare` need no acceptance:
  // deletions and endings of records on which others soon rest.
  template <class Between>
  void Run(const std::string& package, const std::vector<RandomOperation>& operations, int steps, Between between,
           const std::vector<std::string>& rare = {}) {
    std::vector<RandomOperation> expected;
    std::copy_if(operations.begin(), operations.end(), std::back_inserter(expected), [&](const auto& operation) {
      return std::none_of(rare.begin(), rare.end(),
                          [&](const std::string& verb) { return operation.request.starts_with(verb); });
    });
    RandomOperations random(package, this->GetParam(), this->client(), *this->database_);
    const auto saw_all = [&] { return random.NeverSeen().empty() && random.NeverAccepted(expected).empty(); };
    for (int step = 1; step <= steps || (step <= 3 * steps && !saw_all()); ++step) {
      const bool seek = step > steps && random.Pick(2) == 0;
      random.Step(operations, seek ? random.NeverAccepted(expected) : std::vector<std::string>());
      if (step % 25 == 0) between(random);
      if (step % 500 == 0) {
        ASSERT_EQ(this->Drift(), 0) << "after step " << step;
      }
    }
    ASSERT_EQ(this->Drift(), 0);
    for (const std::string& measure : random.NeverSeen()) ADD_FAILURE() << "nothing was counted by " << measure;
    for (const std::string& request : random.NeverAccepted(expected)) {
      ADD_FAILURE() << "never accepted: " << request << ": " << random.LastRefusal(request);
    }
  }
};

}  // namespace dangjian::server
