#include "common/auth/tls_stager.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::auth {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMicrosPerSecond = 1'000'000;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot read ", path));
  return text.str();
}

absl::Status ReplaceFile(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".new";
  const int descriptor = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      descriptor >= 0 && write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (descriptor >= 0) close(descriptor);
  if (written && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path));
}

absl::StatusOr<std::string> MakePrivateFolder() {
  std::error_code error;
  const fs::path place = fs::temp_directory_path(error);
  std::string folder = (error ? fs::path("/tmp") : place) / "dangjian-tls-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot make a folder in ", place.string(), ": set TMPDIR"));
  }
  return folder;
}

// Changes when any of the texts does.
std::string DigestOf(const TlsMaterial& material) {
  Sha256Hasher hasher;
  for (const std::string* text : {&material.certificate, &material.key, &material.authorities, &material.revocations}) {
    hasher.Add(absl::StrCat(text->size(), ":"));
    hasher.Add(*text);
  }
  return hasher.Finish();
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsStager>> TlsStager::Start(const TlsFiles& files, const Clock& clock,
                                                            Options options) {
  ASSIGN_OR_RETURN(std::string folder, MakePrivateFolder());
  std::unique_ptr<TlsStager> stager(new TlsStager(files, clock, std::move(options), std::move(folder)));
  RETURN_IF_ERROR(stager->Look());
  stager->thread_ = std::thread([raw = stager.get()] { raw->Watch(); });
  return stager;
}

TlsStager::TlsStager(TlsFiles files, const Clock& clock, Options options, std::string folder)
    : files_(std::move(files)),
      clock_(clock),
      options_(std::move(options)),
      folder_(std::move(folder)),
      staged_{.certificate = folder_ + "/certificate.pem",
              .key = folder_ + "/key.pem",
              .authorities = folder_ + "/authorities.pem",
              .revocations = files_.revocations.empty() ? "" : folder_ + "/revocations.pem"} {}

TlsStager::~TlsStager() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  std::error_code error;
  fs::remove_all(folder_, error);
}

Certificate TlsStager::certificate() const {
  MutexLock lock(mutex_);
  return certificate_;
}

bool TlsStager::IsRevoked(const std::string& serial) const {
  MutexLock lock(mutex_);
  return revoked_.contains(serial);
}

absl::StatusOr<TlsMaterial> TlsStager::Read() const {
  TlsMaterial material;
  ASSIGN_OR_RETURN(material.certificate, ReadFile(files_.certificate));
  ASSIGN_OR_RETURN(material.key, ReadFile(files_.key));
  ASSIGN_OR_RETURN(material.authorities, ReadFile(files_.authorities));
  if (!files_.revocations.empty()) {
    ASSIGN_OR_RETURN(material.revocations, ReadFile(files_.revocations));
  }
  return material;
}

absl::Status TlsStager::Look() {
  ASSIGN_OR_RETURN(const TlsMaterial material, Read());
  {
    MutexLock lock(mutex_);
    std::string digest = DigestOf(material);
    if (digest == looked_at_) return absl::OkStatus();
    looked_at_ = std::move(digest);
  }
  absl::Status good = CheckTlsMaterial(material, clock_.NowMicros() / kMicrosPerSecond);
  if (good.ok()) good = Stage(material);
  if (!good.ok()) ++refused_;
  return good;
}

absl::Status TlsStager::Stage(const TlsMaterial& material) {
  ASSIGN_OR_RETURN(Certificate certificate, ParseCertificate(material.certificate));
  ASSIGN_OR_RETURN(auto revoked, RevokedSerials(material.revocations));
  // The key before its certificate: the transport reads a pair again when either changed while it read.
  RETURN_IF_ERROR(ReplaceFile(staged_.key, material.key));
  RETURN_IF_ERROR(ReplaceFile(staged_.certificate, material.certificate));
  RETURN_IF_ERROR(ReplaceFile(staged_.authorities, material.authorities));
  if (!staged_.revocations.empty()) RETURN_IF_ERROR(ReplaceFile(staged_.revocations, material.revocations));
  MutexLock lock(mutex_);
  certificate_ = std::move(certificate);
  revoked_ = std::move(revoked);
  return absl::OkStatus();
}

void TlsStager::Watch() {
  absl::Status last;
  while (true) {
    {
      MutexLock lock(mutex_);
      if (!stopping_) stop_.WaitFor(mutex_, options_.interval);
      if (stopping_) return;
    }
    absl::Status looked = Look();
    // A set that is replaced file by file is bad for a moment: said only when it is bad twice.
    if (!looked.ok() && options_.log && looked != last) {
      options_.log(absl::StrCat("the new TLS files are not used: ", looked.message()));
    }
    last = std::move(looked);
  }
}

}  // namespace dangjian::auth
