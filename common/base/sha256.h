#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace dangjian {

// The 32 bytes of the SHA-256 digest (FIPS 180-4) of `bytes`. Thread-safe.
std::string Sha256(std::string_view bytes);

// The same over bytes that come in pieces. Not thread-safe.
class Sha256Hasher {
 public:
  Sha256Hasher();
  void Add(std::string_view bytes);
  // The digest of everything added; the hasher then begins anew.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace dangjian
