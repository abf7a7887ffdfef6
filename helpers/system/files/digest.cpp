#include "system/files/digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "formats/text/text.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

// Not in the unnamed namespace: DigestStream's state, which has a name, holds one.
struct DigestContext {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    explicit DigestContext(const EVP_MD* type) { EVP_DigestInit_ex(context, type, nullptr); }
    DigestContext(const DigestContext&) = delete;
    DigestContext& operator=(const DigestContext&) = delete;
    ~DigestContext() { EVP_MD_CTX_free(context); }

    void update(std::string_view bytes) { EVP_DigestUpdate(context, bytes.data(), bytes.size()); }
    std::string finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
        unsigned length = 0;
        EVP_DigestFinal_ex(context, raw.data(), &length);
        return {reinterpret_cast<const char*>(raw.data()), length};
    }
};

namespace {

std::string digest_bytes(const EVP_MD* type, std::string_view bytes) {
    DigestContext digest(type);
    digest.update(bytes);
    return digest.finish();
}

Result<std::string> digest_file(const EVP_MD* type, const std::filesystem::path& file) {
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!in) return errno_error(file.string(), "cannot be opened");
    DigestContext digest(type);
    std::vector<char> buffer(std::size_t{128} * 1024);
    while (true) {
        const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(file.string(), "cannot be read");
        if (n == 0) return text::hex(digest.finish());
        digest.update({buffer.data(), static_cast<std::size_t>(n)});
    }
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    return text::hex(digest_bytes(EVP_sha256(), bytes));
}

Result<std::string> sha256_file(const std::filesystem::path& file) {
    return digest_file(EVP_sha256(), file);
}

Result<std::string> md5_file(const std::filesystem::path& file) {
    return digest_file(EVP_md5(), file);
}

struct DigestStream::State {
    DigestContext context;
    explicit State(const EVP_MD* type) : context(type) {}
};

DigestStream::DigestStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
DigestStream::~DigestStream() = default;

void DigestStream::update(std::string_view bytes) {
    state_->context.update(bytes);
}

std::string DigestStream::finish() {
    return text::hex(state_->context.finish());
}

Md5Stream::Md5Stream() : DigestStream(std::make_unique<State>(EVP_md5())) {}

Sha256Stream::Sha256Stream() : DigestStream(std::make_unique<State>(EVP_sha256())) {}

}  // namespace dba
