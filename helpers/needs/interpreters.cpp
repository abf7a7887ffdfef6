#include "needs/interpreters.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "formats/text/shebang.hpp"
#include "formats/text/text.hpp"
#include "needs/libraries.hpp"
#include "needs/resolve.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr int links_at_most = 40;  // the kernel's own limit

class Interpreters {
 public:
    Interpreters(const AnyTree& tree, const TargetRoot& target, const std::string& root,
                 RelationSet& relations, Dependencies& found, std::vector<std::string>& warnings)
        : tree_(tree),
          layers_{tree.layer},
          paths_(layers_),
          target_(target),
          root_(root),
          relations_(relations),
          found_(found),
          warnings_(warnings) {}

    Result<void> run() {
        for (const LayerEntry& entry : tree_.layer.entries) {
            if (entry.kind == EntryKind::symlink && is_python_link(entry.path))
                TRY(add_link(entry));
            if (entry.kind == EntryKind::file && is_program(entry)) TRY(add_script(entry));
        }
        for (const auto& [interpreter, stray] : strays_)
            warnings_.push_back(fmt::format(
                "{} starts {}, which is neither in {} nor a package's of {}{}", stray.first,
                interpreter, tree_.name, root_,
                stray.more == 0 ? ""
                                : fmt::format(" ({} more)", text::counted(stray.more, "file"))));
        return {};
    }

 private:
    static bool is_python_link(const std::string& path) {
        const std::string name = text::file_name(path);
        return text::directory_name(path).ends_with("/bin") && name.starts_with("python") &&
               text::all_of(std::string_view(name).substr(6),
                            [](char c) { return text::is_digit(c) || c == '.'; });
    }

    // Modules may have any first line, and be executable, too: nobody starts them.
    static bool is_program(const LayerEntry& entry) {
        return (entry.mode & 0111U) != 0 &&
               entry.path.find("/site-packages/") == std::string::npos &&
               entry.path.find("/dist-packages/") == std::string::npos;
    }

    // Where a link leaves the tree; nothing when it ends in it.
    [[nodiscard]] std::optional<std::string> outside(const std::string& path) const {
        std::string at = path;
        for (int links = 0; links < links_at_most; ++links) {
            if (paths_.resolve(at)) return std::nullopt;
            const LayerEntry* entry = paths_.entry(at);
            if (entry == nullptr) break;
            if (entry->kind != EntryKind::symlink) return std::nullopt;
            at = (fs::path(at).parent_path() / entry->link_target).lexically_normal().string();
        }
        return at;
    }

    // "python3.11", of what a virtual environment with this program has beside it; "" without.
    [[nodiscard]] std::string library_beside(const std::string& program) const {
        const std::string lib = text::directory_name(text::directory_name(program)) + "/lib/python";
        for (const LayerEntry& entry : tree_.layer.entries)
            if (entry.path.starts_with(lib) && entry.path.ends_with("/site-packages"))
                return text::file_name(text::directory_name(entry.path));
        return {};
    }

    Result<void> add_link(const LayerEntry& entry) {
        const auto path = outside(entry.path);
        if (!path || !linked_.insert(text::directory_name(entry.path) + ' ' + *path).second)
            return {};
        const std::string other =
            "resolve in a system that has the Python the environment was made with (--root, "
            "--suite), or ship that interpreter";
        const auto real = target_.real(*path);
        if (!real)
            return bad_input(entry.path,
                             fmt::format("leads to {}, which is neither in {} nor in {}", *path,
                                         tree_.name, root_),
                             other);
        const InstalledPackage* owner = target_.owner(*real);
        if (owner == nullptr)
            return bad_input(entry.path,
                             fmt::format("leads to {}, which no package of {} owns", *real, root_),
                             other);
        const std::string relation = interpreter_relation(*owner);
        const std::string package = relation.substr(0, relation.find(' '));
        const std::string library = library_beside(entry.path);
        if (!library.empty() && package.starts_with("python3.") && library != package)
            return bad_input(entry.path,
                             fmt::format("leads to {} of {}, and the modules beside it are in {}",
                                         package, root_, library),
                             other);
        return add(relation, *path, entry.path);
    }

    Result<void> add_script(const LayerEntry& entry) {
        TRY_ASSIGN(const std::string head, read_head(tree_.layer.file(entry), shebang_limit + 1));
        const auto shebang = parse_shebang(head);
        if (!shebang) return {};
        std::string interpreter = shebang->interpreter;
        if (text::file_name(interpreter) == "env") {
            interpreter.clear();
            for (const std::string_view word : text::words(shebang->arguments))
                if (!word.starts_with('-') && word.find('=') == word.npos) {
                    interpreter = word;
                    break;
                }
        }
        if (interpreter.empty()) return {};
        const auto path = find(interpreter);
        if (path && paths_.entry(*path) != nullptr) return {};  // the tree's own, or a link of it
        const InstalledPackage* owner = path ? owner_of(*path) : nullptr;
        if (owner == nullptr) {
            const auto [at, fresh] = strays_.emplace(interpreter, Stray{entry.path});
            if (!fresh) ++at->second.more;
            return {};
        }
        if (owner->always_there) return {};
        const std::string relation = interpreter_relation(*owner);
        return add(relation.substr(0, relation.find(' ')), *path, entry.path);
    }

    // Alternatives are nobody's links in the usual directories; a link elsewhere is this machine's
    // own affair, like that of the environment's Python in a directory that it was made in.
    [[nodiscard]] const InstalledPackage* owner_of(const std::string& program) const {
        for (const char* directory : {"/usr/bin", "/bin", "/usr/sbin", "/sbin"})
            if (text::directory_name(program) == directory) return target_.owner(program);
        return target_.packages().owner(program);
    }

    // By its path, or in the directories of any service's PATH.
    [[nodiscard]] std::optional<std::string> find(const std::string& interpreter) const {
        std::vector<std::string> paths = {interpreter};
        if (!interpreter.starts_with('/')) {
            paths.clear();
            for (const char* directory : {"/usr/local/bin/", "/usr/bin/", "/bin/"})
                paths.push_back(directory + interpreter);
        }
        for (const std::string& path : paths)
            if (paths_.entry(path) != nullptr || target_.real(path)) return path;
        return std::nullopt;
    }

    Result<void> add(const std::string& relation, const std::string& asked,
                     const std::string& path) {
        TRY(relations_.add(relation));
        const auto [at, fresh] = known_.emplace(relation, found_.reasons.size());
        if (fresh)
            found_.reasons.push_back({relation, asked, path});
        else
            ++found_.reasons[at->second].files;
        return {};
    }

    const AnyTree& tree_;
    std::vector<Layer> layers_;
    PackageTree paths_;
    const TargetRoot& target_;
    const std::string& root_;
    RelationSet& relations_;
    Dependencies& found_;
    std::vector<std::string>& warnings_;
    std::set<std::string> linked_;
    struct Stray {
        std::string first;
        std::size_t more = 0;
    };
    std::map<std::string, Stray> strays_;       // by interpreter
    std::map<std::string, std::size_t> known_;  // relation -> place in found_.reasons
};

}  // namespace

Result<void> add_interpreters(const AnyTree& tree, const TargetRoot& target,
                              const std::string& root, RelationSet& relations, Dependencies& found,
                              std::vector<std::string>& warnings) {
    return Interpreters(tree, target, root, relations, found, warnings).run();
}

}  // namespace dba
