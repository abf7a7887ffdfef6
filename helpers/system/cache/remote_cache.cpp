#include "system/cache/remote_cache.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <optional>

#include "formats/text/text.hpp"
#include "system/files/digest.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/environment.hpp"

namespace dba {
namespace {

constexpr long least_bytes_a_second = 1000;
constexpr std::size_t most_of_a_note = 200;
constexpr std::size_t sha256_digits = 64;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// What a server says of an entry: "<sha256> <bytes>\n".
struct Note {
    std::string sha256;
    std::uint64_t size = 0;
};

bool is_sha256(std::string_view text) {
    return text.size() == sha256_digits && text::all_of(text, text::is_hex);
}

std::optional<Note> parse_note(std::string_view text) {
    const auto words = text::words(text);
    Note note;
    if (words.size() != 2 || !is_sha256(words[0])) return std::nullopt;
    note.sha256 = std::string(words[0]);
    const auto parsed = std::from_chars(words[1].begin(), words[1].end(), note.size);
    if (parsed.ec != std::errc() || parsed.ptr != words[1].end()) return std::nullopt;
    return note;
}

// What arrives, and how much of it there may be.
struct Sink {
    std::FILE* file = nullptr;  // or:
    std::string text;
    std::uint64_t room = 0;
    bool too_much = false;
};

std::size_t on_bytes(char* bytes, std::size_t size, std::size_t count, void* to) {
    Sink& sink = *static_cast<Sink*>(to);
    const std::size_t length = size * count;
    if (length > sink.room) {
        sink.too_much = true;
        return 0;
    }
    sink.room -= length;
    if (sink.file != nullptr) return std::fwrite(bytes, 1, length, sink.file);
    sink.text.append(bytes, length);
    return length;
}

std::size_t from_file(char* to, std::size_t size, std::size_t count, void* from) {
    return std::fread(to, 1, size * count, static_cast<std::FILE*>(from));
}

}  // namespace

struct RemoteCache::Connection {
    CURL* handle = nullptr;
    std::string url, netrc, certificates;
    long patience;

    Connection(std::string of, long seconds) : url(std::move(of)), patience(seconds) {
        ::curl_global_init(CURL_GLOBAL_DEFAULT);
        handle = ::curl_easy_init();
        netrc = own_variable("NETRC");
        if (netrc.empty()) netrc = real_home() / ".netrc";
        certificates = own_variable("SSL_CERT_FILE");
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (handle != nullptr) ::curl_easy_cleanup(handle);
        ::curl_global_cleanup();
    }

    // A request to be filled in; the connection, if there is one, is used again.
    void begin(const std::string& path, bool follows) {
        ::curl_easy_reset(handle);
        const std::string where = url + path;
        ::curl_easy_setopt(handle, CURLOPT_URL, where.c_str());
        ::curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
        ::curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        ::curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, follows ? 1L : 0L);
        ::curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 3L);
        ::curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        ::curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, patience);
        ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, least_bytes_a_second);
        ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, patience);
        ::curl_easy_setopt(handle, CURLOPT_USERAGENT, "deb-build-app/" DEB_BUILD_APP_VERSION);
        ::curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
        ::curl_easy_setopt(handle, CURLOPT_NETRC_FILE, netrc.c_str());
        if (!certificates.empty()) ::curl_easy_setopt(handle, CURLOPT_CAINFO, certificates.c_str());
    }

    // The status of the answer.
    Result<long> perform() {
        if (const CURLcode code = ::curl_easy_perform(handle); code != CURLE_OK)
            return system_error(url, ::curl_easy_strerror(code));
        long status = 0;
        ::curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        return status;
    }

    // True when something arrived in `sink`, false when there is no such thing.
    Result<bool> get(const std::string& path, Sink& sink, bool is_note) {
        begin(path, true);
        if (is_note) ::curl_easy_setopt(handle, CURLOPT_TIMEOUT, patience);
        ::curl_easy_setopt(handle, CURLOPT_FAILONERROR, 0L);
        ::curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
        ::curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
        const auto status = perform();
        if (!status && sink.too_much) return system_error(url, "sends more than it said");
        if (!status) return Failure(status.error());
        if (*status == 404 || *status == 410) return false;
        if (*status != 200) return answered(*status);
        return true;
    }

    Result<void> put(const std::string& path, std::FILE* file, std::uint64_t size) {
        begin(path, false);
        ::curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        ::curl_easy_setopt(handle, CURLOPT_READFUNCTION, &from_file);
        ::curl_easy_setopt(handle, CURLOPT_READDATA, file);
        ::curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
        // Some servers never answer the question that curl asks before a large body.
        curl_slist* headers = ::curl_slist_append(nullptr, "Expect:");
        ::curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
        Sink ignored;
        ignored.room = std::uint64_t{1} << 20U;
        ::curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
        ::curl_easy_setopt(handle, CURLOPT_WRITEDATA, &ignored);
        const auto status = perform();
        ::curl_slist_free_all(headers);
        if (!status) return Failure(status.error());
        if (*status < 200 || *status > 299) return answered(*status);
        return {};
    }

    [[nodiscard]] Failure answered(long status) const {
        return system_error(url, fmt::format("answers with status {}", status));
    }
};

RemoteCache::RemoteCache(std::string url, long patience)
    : url_(std::move(url)), connection_(std::make_unique<Connection>(url_, patience)) {}

RemoteCache::~RemoteCache() = default;

Result<bool> RemoteCache::get(const std::string& key, const fs::path& file, std::uint64_t most) {
    Sink told;
    told.room = most_of_a_note;
    TRY_ASSIGN(const bool is_there, connection_->get("/ac/" + key, told, true));
    if (!is_there) return false;
    const auto note = parse_note(told.text);
    if (!note) return system_error(url_, "says nothing of an entry that can be understood");
    if (note->size > most) return system_error(url_, "has an entry larger than the whole cache");
    const File out(std::fopen(file.c_str(), "wbxe"));
    if (out == nullptr) return errno_error(file.string(), "cannot be created");
    Sink sink;
    sink.file = out.get();
    sink.room = note->size;
    TRY_ASSIGN(const bool has_entry, connection_->get("/cas/" + note->sha256, sink, false));
    // The one went before the other, as caches lose things.
    if (!has_entry) return false;
    if (std::fflush(out.get()) != 0) return errno_error(file.string(), "cannot be written");
    TRY_ASSIGN(const std::string sha256, sha256_file(file));
    if (sha256 != note->sha256)
        return system_error(url_, "sent an entry that is another than it said");
    return true;
}

Result<bool> RemoteCache::has(const std::string& key) {
    Sink told;
    told.room = most_of_a_note;
    return connection_->get("/ac/" + key, told, true);
}

Result<void> RemoteCache::put(const std::string& key, const fs::path& file) {
    TRY_ASSIGN(const std::string sha256, sha256_file(file));
    const File in(std::fopen(file.c_str(), "rbe"));
    if (in == nullptr) return errno_error(file.string(), "cannot be opened");
    TRY_ASSIGN(const std::uint64_t size, size_of_file(file));
    TRY(connection_->put("/cas/" + sha256, in.get(), size));
    // The note comes last: what it names is there.
    std::string note = fmt::format("{} {}\n", sha256, size);
    const File text(::fmemopen(note.data(), note.size(), "r"));
    if (text == nullptr) return errno_error(url_, "cannot be written to");
    return connection_->put("/ac/" + key, text.get(), note.size());
}

}  // namespace dba
