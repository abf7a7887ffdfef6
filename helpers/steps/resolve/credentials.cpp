#include "steps/resolve/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "model/host_path.hpp"

namespace dba::steps {

namespace {

// A name for systemd is a file name of printable ASCII without ':' (systemd.exec(5)). Version 257
// hands both to another process in a line of words: a space or a backslash in one is then lost or
// fatal.
bool is_credential_text(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return byte > ' ' && byte < 0x7f && byte != '"' && byte != '\'' && byte != '\\';
    });
}

bool is_credential_name(const std::string& name) {
    return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
           is_credential_text(name) && name.find('/') == std::string::npos;
}

// The directory of the path that others than root write in; "" for none. root opens the file, and
// whoever may put a link there chooses which.
std::string writable_place(const std::string& path, const std::string& package) {
    for (const std::string& place :
         {"/var/lib/" + package, "/var/log/" + package, "/run/" + package, "/var/run/" + package,
          std::string("/tmp"), std::string("/var/tmp"), std::string("/dev/shm")})
        if (text::is_within(path, place)) return place;
    return "";
}

bool is_credential_path(const std::string& path) {
    return is_host_path(path) && is_credential_text(path);
}

}  // namespace

Result<std::vector<Credential>> resolve_credentials(const std::vector<std::string>& declared,
                                                    const std::string& package,
                                                    const std::string& subject) {
    std::vector<Credential> out;
    for (const std::string& item : declared) {
        const std::size_t colon = item.find(':');
        Credential credential{item.substr(0, colon), {}};
        credential.path = colon == std::string::npos
                              ? credentials_directory(package) + "/" + credential.name
                              : item.substr(colon + 1);
        if (!is_credential_name(credential.name))
            return bad_input(
                subject,
                fmt::format("CREDENTIALS '{}' is not the name of a credential", credential.name),
                "at most 255 printable ASCII characters, none of them a space, '/', "
                "':', a quote or a backslash");
        if (!is_credential_path(credential.path))
            return bad_input(
                subject,
                fmt::format("CREDENTIALS {}: '{}' is not an absolute path of a file",
                            credential.name, credential.path),
                "printable ASCII characters without spaces, quotes and backslashes, and no '.', "
                "'..' or '//' in it");
        if (const std::string place = writable_place(credential.path, package); !place.empty())
            return bad_input(
                subject,
                fmt::format("CREDENTIALS {}: '{}' is in {}, where others than root may put another "
                            "file, or a link to any",
                            credential.name, credential.path, place),
                fmt::format("keep it in {}, which is root's", credentials_directory(package)));
        const bool known = std::any_of(out.begin(), out.end(), [&](const Credential& other) {
            return other.name == credential.name;
        });
        if (known)
            return bad_input(subject, fmt::format("it has two CREDENTIALS '{}'", credential.name),
                             "each is a file of that name for the service: give them two names");
        out.push_back(std::move(credential));
    }
    return out;
}

}  // namespace dba::steps
