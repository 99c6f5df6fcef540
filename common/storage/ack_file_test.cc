#include "common/storage/ack_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace dangjian::storage {
namespace {

class AckFileTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(directory_.data()), nullptr); }
  ~AckFileTest() override { std::filesystem::remove_all(directory_); }

  std::string path() const { return directory_ + "/acked"; }
  void Overwrite(const std::string& text) { std::ofstream(path(), std::ios::trunc) << text; }

 private:
  std::string directory_ = testing::TempDir() + "/ack-XXXXXX";
};

TEST_F(AckFileTest, KeepsTheNewestRevision) {
  ASSERT_TRUE(AckFile::Create(path(), 0).ok());
  {
    auto file = AckFile::Open(path());
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->revision(), 0);
    EXPECT_TRUE(file->Record(9'999).ok());
    EXPECT_TRUE(file->Record(INT64_MAX).ok());
    EXPECT_TRUE(file->Record(12'345).ok());
  }
  EXPECT_EQ(AckFile::Open(path())->revision(), 12'345);
}

TEST_F(AckFileTest, WhatCannotBeWrittenOrInPartOnlyIsUnavailable) {
  ASSERT_TRUE(AckFile::Create(path(), 7).ok());
  auto file = AckFile::Open(path());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t bytes : {0, 10}) {
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    errno = 0;
    const absl::Status status = file->Record(8);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_TRUE(absl::IsUnavailable(status)) << bytes << " bytes: " << status;
    EXPECT_EQ(file->revision(), 7);
  }
  EXPECT_TRUE(file->Record(8).ok());
}

TEST_F(AckFileTest, StoredFormIsNineteenDigitsAndANewline) {
  ASSERT_TRUE(AckFile::Create(path(), 0).ok());
  EXPECT_TRUE(AckFile::Open(path())->Record(42).ok());
  EXPECT_EQ((std::ostringstream() << std::ifstream(path()).rdbuf()).str(), "0000000000000000042\n");
}

TEST_F(AckFileTest, NoticesThatItWasDeletedOrReplaced) {
  ASSERT_TRUE(AckFile::Create(path(), 7).ok());
  const auto file = AckFile::Open(path());
  EXPECT_EQ(file->revision(), 7);
  EXPECT_TRUE(file->IsInPlace());
  std::filesystem::remove(path());
  EXPECT_FALSE(file->IsInPlace());
  ASSERT_TRUE(AckFile::Create(path(), 7).ok());
  EXPECT_FALSE(file->IsInPlace());
}

TEST_F(AckFileTest, LocksOutASecondHolder) {
  ASSERT_TRUE(AckFile::Create(path(), 0).ok());
  {
    const auto file = AckFile::Open(path());
    EXPECT_TRUE(absl::IsFailedPrecondition(AckFile::Open(path()).status()));
  }
  EXPECT_TRUE(AckFile::Open(path()).ok());
}

TEST_F(AckFileTest, RefusesWhatIsNoRevision) {
  EXPECT_TRUE(absl::IsNotFound(AckFile::Open(path()).status()));
  for (const char* text : {"", "12\n", "000000000000000004x\n", "-000000000000000042\n", "9999999999999999999\n",
                           "00000000000000000421\n"}) {
    Overwrite(text);
    EXPECT_TRUE(absl::IsDataLoss(AckFile::Open(path()).status())) << text;
  }
}

}  // namespace
}  // namespace dangjian::storage
