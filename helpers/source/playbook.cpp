#include "source/playbook.hpp"

#include "source/application_files.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba {

bool is_playbook_file(const fs::path& directory, const fs::path& relative) {
    return is_application_file(directory, relative);
}

Result<PlaybookFiles> playbook_files(const std::string& keyword, const std::string& playbook,
                                     const std::string& declaring_directory) {
    PlaybookFiles out;
    const fs::path file = fs::path(playbook).lexically_normal();
    out.directory = file.parent_path();
    out.name = file.filename().string();
    const fs::path up = fs::path(declaring_directory).lexically_relative(out.directory);
    if (!up.empty() && *up.begin() != "..")
        return bad_input(keyword + " " + playbook,
                         "its directory, whose files all belong to it, holds the whole project",
                         "give it a directory of its own, with the roles and files that it "
                         "includes");
    TRY_ASSIGN(out.entries, list_tree(out.directory, "", true, [&](const fs::path& relative) {
                   return is_playbook_file(out.directory, relative);
               }));
    out.digest = digest_of(out.entries);
    return out;
}

}  // namespace dba
