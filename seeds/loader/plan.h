#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

// What is to be sent, in which order.

namespace dangjian::seeds {

class Caller;

// One request and where it comes from.
struct Call {
  std::unique_ptr<google::protobuf::Message> request;
  std::string source;  // `30_members.csv:4`, for messages
  // Set where the request holds what only an answer tells, such as the digest of a batch: reads it just before sending.
  std::function<absl::Status(Caller&, google::protobuf::Message&)> complete = {};
  // Who calls, where a step needs another caller than the one before; empty: the loader itself.
  std::string caller = {};
};

// Calls that must be made one after the other.
class Chain {
 public:
  explicit Chain(std::string source) : source_(std::move(source)) {}
  Chain(Chain&&) = default;
  Chain& operator=(Chain&&) = default;

  // Adds a request of type `Request` and returns it to be filled; the reference holds until the chain is gone.
  template <class Request>
  Request& Add() {
    auto request = std::make_unique<Request>();
    Request& filled = *request;
    calls_.push_back({.request = std::move(request), .source = source_});
    return filled;
  }
  // The same for a request that `complete` finishes just before it is sent.
  template <class Request>
  Request& AddOpen(std::function<absl::Status(Caller&, Request&)> complete) {
    Request& filled = Add<Request>();
    calls_.back().complete = [complete = std::move(complete)](Caller& caller, google::protobuf::Message& request) {
      return complete(caller, static_cast<Request&>(request));
    };
    return filled;
  }
  void Add(Call call) { calls_.push_back(std::move(call)); }
  // The request that was added last is sent by this caller.
  void CallAs(std::string caller) { calls_.back().caller = std::move(caller); }

  const std::vector<Call>& calls() const { return calls_; }
  std::vector<Call>& calls() { return calls_; }

 private:
  std::string source_;
  std::vector<Call> calls_;
};

// Chains that do not depend on each other. A stage begins when the one before it is finished.
struct Stage {
  std::string title;  // `30_members.csv`
  std::vector<Chain> chains;
};

}  // namespace dangjian::seeds
