#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace dangjian::storage {

// A new directory of one test, removed with everything in it.
class ScratchDirectory {
 public:
  ScratchDirectory() : path_(testing::TempDir() + "/conformance-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // The path of a store inside, which need not exist.
  std::string store() const { return path_ + "/store"; }

 private:
  std::string path_;
};

}  // namespace dangjian::storage
