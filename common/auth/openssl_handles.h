#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

// Private to common/auth: owners of OpenSSL's objects.

namespace dangjian::auth {

struct ReleaseOpenSsl {
  void operator()(BIO* object) const { BIO_free(object); }
  void operator()(EVP_PKEY* object) const { EVP_PKEY_free(object); }
  void operator()(X509* object) const { X509_free(object); }
  void operator()(X509_CRL* object) const { X509_CRL_free(object); }
  void operator()(X509_STORE* object) const { X509_STORE_free(object); }
  void operator()(X509_STORE_CTX* object) const { X509_STORE_CTX_free(object); }
  void operator()(X509_NAME* object) const { X509_NAME_free(object); }
  void operator()(X509_REVOKED* object) const { X509_REVOKED_free(object); }
  void operator()(X509_EXTENSION* object) const { X509_EXTENSION_free(object); }
  void operator()(ASN1_STRING* object) const { ASN1_STRING_free(object); }  // times and integers too
  void operator()(BIGNUM* object) const { BN_free(object); }
  void operator()(STACK_OF(X509) * object) const { sk_X509_free(object); }  // not what it holds
  void operator()(GENERAL_NAMES* object) const { GENERAL_NAMES_free(object); }
};
template <class T>
using Owned = std::unique_ptr<T, ReleaseOpenSsl>;

// Reads `text` without a copy; it must outlive the result.
inline Owned<BIO> ReadBio(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What was written to a memory BIO.
inline std::string TextOf(BIO* bio) {
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio, &bytes);
  return length > 0 ? std::string(bytes, static_cast<size_t>(length)) : std::string();
}

}  // namespace dangjian::auth
