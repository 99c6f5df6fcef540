#pragma once

#include <iosfwd>

namespace dangjian::ctl {

// Runs `dangjianctl`. Data goes to `out`, words about it to `err`. Returns the exit code:
//   0  done; figures of services that did not answer are words, not a failure
//   1  the call failed, a file cannot be written, or an explanation does not add up
//   2  wrong usage
int Run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace dangjian::ctl
