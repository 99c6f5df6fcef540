#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/auth/principal.h"
#include "common/auth/verifier.h"
#include "common/base/day.h"
#include "common/rpc/method_table.h"
#include "common/storage/database.h"

namespace dangjian::rpc {

class BatchFindings;
class Validator;

// Everything a handler may know of its call. Lives as long as the call; used by one thread at a time.
class CallContext {
 public:
  virtual ~CallContext() = default;

  virtual const MethodInfo& method() const = 0;
  virtual const auth::Principal& principal() const = 0;
  // The call's metadata, for passing the caller's identity on.
  virtual const auth::Credentials& credentials() const = 0;
  // The caller's request_id, else the trace id.
  virtual const std::string& request_id() const = 0;
  // 32 hex digits, from `traceparent` or new.
  virtual const std::string& trace_id() const = 0;
  // Time of the call.
  virtual int64_t now_micros() const = 0;
  Day today() const { return DayOfMicros(now_micros()); }
  // Microseconds until the deadline; 0 or less when it has passed.
  virtual int64_t remaining_micros() const = 0;
  // DEADLINE_EXCEEDED or CANCELLED; long scans ask every 256 rows.
  virtual absl::Status CheckAlive() const = 0;

  // The call's consistent view: a snapshot for reads; inside a write, the transaction itself.
  virtual const storage::Reader& reader() const = 0;
  // Revision of that view.
  virtual int64_t revision() const = 0;
  // The call's transaction. Only in unary writes.
  virtual storage::Transaction& txn() = 0;
  // What the preparation of the method returned (Router::Prepare); empty for methods without one.
  virtual const std::any& prepared() const {
    static const auto& nothing = *new std::any();
    return nothing;
  }
  // The database of the process; nullptr in the gateway.
  virtual storage::Database* database() const = 0;

  // The field rules of every message that a request can hold; nullptr in tests of handlers alone.
  virtual const Validator* validator() const { return nullptr; }
  // What is wrong with the rows of a batch; handlers of batches skip the rows that are bad already and add what they
  // find. nullptr unless the handler was registered for a batch.
  virtual BatchFindings* batch() { return nullptr; }

  // Streams only: runs one transaction and waits for it to be on disk.
  virtual absl::StatusOr<int64_t> Transact(const std::function<absl::Status(storage::Transaction&)>& fn) = 0;
};

}  // namespace dangjian::rpc
