#pragma once

#include <functional>
#include <memory>

#include "common/server/module.h"
#include "common/server/server_options.h"

namespace dangjian::server {

// What makes one kind of process: everything a `main` has to say.
struct ProcessSpec {
  // Name, default addresses, whether it has a store and a directory, flags of its own.
  OptionsSpec options;
  // Makes the module from the flags; called once, before the store is opened.
  std::function<std::unique_ptr<Module>(const ServerOptions&)> make_module;
};

// Runs a process until SIGTERM or SIGINT: `serve` (the default) or `init`, which creates the store. The first signal
// drains: NOT_SERVING, --drain-seconds of patience, then the calls in flight are finished; a second one hurries.
// Returns the exit code: 0 done, 1 cannot run (one line on stderr says why and what to do), 2 wrong usage.
//   int main(int argc, char** argv) { return dangjian::server::Main(argc, argv, spec); }
int Main(int argc, char** argv, const ProcessSpec& spec);

}  // namespace dangjian::server
