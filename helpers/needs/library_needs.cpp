#include "needs/library_needs.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/json.hpp"
#include "needs/libraries.hpp"

namespace dba {
namespace {

// "SSL_new@OPENSSL_3.0.0" is another library's when only that has such a version.
bool may_be_of(const std::string& symbol, const ElfInfo& user, const std::string& library) {
    const std::string version = symbol.substr(symbol.find('@') + 1);
    for (const auto& [other, versions] : user.version_needs)
        if (other != library &&
            std::find(versions.begin(), versions.end(), version) != versions.end()) {
            const auto own = user.version_needs.find(library);
            return own != user.version_needs.end() &&
                   std::find(own->second.begin(), own->second.end(), version) != own->second.end();
        }
    return true;
}

}  // namespace

std::string to_json_text(const LibraryNeeds& needs) {
    return json_text(json_of(needs));
}

Result<LibraryNeeds> parse_library_needs(const std::string& text, const std::string& file_name) {
    return from_json_text<LibraryNeeds>(text, file_name);
}

std::vector<LibraryNeed> library_needs(const std::vector<ExternalNeed>& external) {
    std::map<std::string, LibraryNeed> needs;
    std::map<std::string, std::set<std::string>> symbols;
    for (const ExternalNeed& one : external) {
        const ElfInfo& user = one.user->info;
        const auto [at, fresh] = needs.emplace(
            one.library,
            LibraryNeed{one.library, one.path, user.machine, user.is_64, {}, one.user->path});
        if (!fresh) ++at->second.files;
        for (std::string& symbol : used_symbols(user, one.library))
            if (may_be_of(symbol, user, one.library))
                symbols[one.library].insert(std::move(symbol));
    }
    std::vector<LibraryNeed> out;
    out.reserve(needs.size());
    for (auto& [library, need] : needs) {
        need.symbols.assign(symbols[library].begin(), symbols[library].end());
        out.push_back(std::move(need));
    }
    return out;
}

}  // namespace dba
