#include "system/debian/extracted_root.hpp"

#include <fmt/format.h>

#include "system/files/resources.hpp"
#include "system/process/process.hpp"

namespace dba {

Result<std::vector<std::string>> extracting_words(const std::string& architecture,
                                                  const std::vector<std::string>& packages,
                                                  const std::vector<std::string>& relations,
                                                  const fs::path& scratch) {
    const fs::path links = scratch / "merged.sh";
    const fs::path database = scratch / "unpacked.sh";
    TRY(write_file(links, std::string(resource("roots/merged.sh")), 0755));
    TRY(write_file(database, std::string(resource("roots/unpacked.sh")), 0755));
    std::vector<std::string> words{
        "--variant=extract", "--architectures=" + architecture, "--skip=cleanup/apt/lists",
        // As --variant=minbase does where it runs what it installs.
        "--include=?essential", "--include=?priority(required)", "--include=apt",
        fmt::format("--setup-hook=sh {} \"$1\"", quote_command({links.string()})),
        fmt::format("--extract-hook=sh {} \"$1\" {}", quote_command({database.string()}),
                    quote_command({fmt::format("{}", fmt::join(relations, ", "))}))};
    for (const std::string& package : packages) words.push_back("--include=" + package);
    return words;
}

}  // namespace dba
