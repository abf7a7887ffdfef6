#include "steps/interpreter/libraries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "formats/binary/elf.hpp"
#include "formats/text/text.hpp"
#include "needs/target.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

struct Binary {
    fs::path staged;            // the copy
    fs::path origin_directory;  // where it came from, on this machine
    ElfInfo elf;
};

class Libraries {
 public:
    Libraries(const PythonOrigin& origin, const Manifest& manifest, const fs::path& prefix,
              TargetRoot& target, System& system)
        : origin_(origin),
          manifest_(manifest),
          lib_(prefix / "python/lib"),
          target_(target),
          system_(system) {}

    Result<void> bring() {
        TRY(add(lib_.parent_path() / "bin" / origin_.name, origin_.executable.parent_path()));
        const fs::path library = lib_ / origin_.name;
        TRY_ASSIGN(const auto entries, list_tree(library, "", false));
        for (const auto& entry : entries) {
            if (entry.kind != EntryKind::file) continue;
            const fs::path relative = entry.path.substr(1);
            TRY(add(library / relative, (origin_.library / relative).parent_path()));
        }
        // Each library that is brought is added, and has needs of its own.
        for (std::size_t i = 0; i < binaries_.size(); ++i)
            for (const std::string& need : std::vector<std::string>(binaries_[i].elf.needed))
                TRY(bring_one(Binary(binaries_[i]), need));
        for (const Binary& binary : binaries_) TRY(set_runpath(binary));
        return {};
    }

 private:
    Result<void> add(const fs::path& staged, const fs::path& origin_directory) {
        TRY_ASSIGN(const std::string bytes, read_file(staged));
        if (!looks_like_elf(bytes)) return {};
        TRY_ASSIGN(ElfInfo elf, parse_elf(bytes, staged.string()));
        binaries_.push_back({staged, origin_directory, std::move(elf)});
        return {};
    }

    Result<void> bring_one(const Binary& user, const std::string& need) {
        const std::string name = text::file_name(need);
        if (brought_.contains(name) || is_runtime_library(name)) return {};
        TRY_ASSIGN(const auto file, to_bring(user, need));
        if (!file) return {};
        brought_.insert(name);
        TRY(dba::copy_file(*file, lib_ / name));
        TRY(set_mode(lib_ / name, 0644));
        return add(lib_ / name, file->parent_path());
    }

    // The file that answers `need` and is to come along.
    Result<std::optional<fs::path>> to_bring(const Binary& user, const std::string& need) {
        const auto own = by_own_paths(user, need);
        if (own && (text::file_name(need).starts_with("libpython") ||
                    (!origin_.debian &&
                     text::is_within(own->lexically_normal().string(), origin_.prefix.string()))))
            return own;
        const auto path = target_.find(text::file_name(need), user.elf);
        if (!path) return own;  // that of no directory of the linker's, or nothing: depends says so
        if (!manifest_.python.libraries_bundled && target_.owner(*path) != nullptr)
            return std::nullopt;
        TRY_ASSIGN(const fs::path real, real_path(manifest_.target.root, *path));
        return below(manifest_.target.root, real);
    }

    // By RUNPATH, else RPATH, as they stand in the original; then in its own lib.
    [[nodiscard]] std::optional<fs::path> by_own_paths(const Binary& user,
                                                       const std::string& need) const {
        std::vector<fs::path> candidates;
        if (need.find('/') != std::string::npos) candidates.push_back(expand(user, need));
        for (const auto* paths : {&user.elf.runpath, &user.elf.rpath})
            for (const std::string& directory : *paths)
                candidates.push_back(expand(user, directory) / text::file_name(need));
        if (!origin_.debian) candidates.push_back(origin_.prefix / "lib" / text::file_name(need));
        for (const fs::path& candidate : candidates) {
            std::error_code error;
            const fs::path real = fs::canonical(candidate, error);
            if (!error && file_exists(real)) return real;
        }
        return std::nullopt;
    }

    [[nodiscard]] fs::path expand(const Binary& user, const std::string& path) const {
        for (const std::string_view token : {"${ORIGIN}", "$ORIGIN"})
            if (path.starts_with(token))
                return (user.origin_directory.string() + path.substr(token.size()));
        return below(manifest_.python_root(), path);
    }

    // One change a run: patchelf 0.14 gives a RUNPATH the text of a replaced need.
    Result<void> set_runpath(const Binary& binary) {
        bool uses = false;
        for (const std::string& need : binary.elf.needed) {
            const std::string name = text::file_name(need);
            if (!brought_.contains(name)) continue;
            uses = true;
            if (need != name) TRY(patch(binary, {"--replace-needed", need, name}));
        }
        std::vector<std::string> wanted;
        if (uses) {
            const fs::path up = lib_.lexically_relative(binary.staged.parent_path());
            wanted = {up == "." ? "$ORIGIN" : "$ORIGIN/" + up.string()};
        }
        if (binary.elf.rpath.empty() && binary.elf.runpath == wanted) return {};
        // Removing alone would leave the path's text in the file; setting another overwrites it.
        TRY(patch(binary, {"--set-rpath", uses ? wanted.front() : ""}));
        return uses ? Result<void>() : patch(binary, {"--remove-rpath"});
    }

    Result<void> patch(const Binary& binary, std::vector<std::string> arguments) {
        const auto patchelf = find_in_path("patchelf");
        if (!patchelf)
            return system_error("patchelf",
                                fmt::format("is not on this machine, and a copy of {} needs it to "
                                            "find its own libraries",
                                            manifest_.python.executable),
                                "run: apt-get install patchelf");
        TRY_ASSIGN(const fs::path scratch, system_.store.scratch("patchelf"));
        arguments.insert(arguments.begin(), patchelf->string());
        arguments.push_back(binary.staged.string());
        TRY(system_.processes.check(
            {.argv = arguments,
             .environment = clean_environment(scratch, manifest_.source_date_epoch)}));
        return {};
    }

    const PythonOrigin& origin_;
    const Manifest& manifest_;
    fs::path lib_;
    TargetRoot& target_;
    System& system_;
    std::vector<Binary> binaries_;
    std::set<std::string> brought_;  // by the name under which they are needed
};

}  // namespace

bool is_runtime_library(const std::string& soname) {
    static constexpr std::array names{"libc.so.6",         "libm.so.6",      "libmvec.so.1",
                                      "libpthread.so.0",   "libdl.so.2",     "librt.so.1",
                                      "libutil.so.1",      "libresolv.so.2", "libnsl.so.1",
                                      "libanl.so.1",       "libgcc_s.so.1",  "libBrokenLocale.so.1",
                                      "libthread_db.so.1", "libstdc++.so.6"};
    return soname.starts_with("ld-linux") || soname.starts_with("ld64.so") ||
           soname.starts_with("ld.so") ||
           std::find(names.begin(), names.end(), soname) != names.end();
}

Result<void> bring_libraries(const PythonOrigin& origin, const Manifest& manifest,
                             const fs::path& prefix, System& system) {
    // Debian's own files are as they should be, and their libraries are other packages'.
    if (origin.debian && !manifest.python.libraries_bundled) return {};
    TRY_ASSIGN(
        const auto target,
        TargetRoot::open(manifest.target.root, multiarch_triplet(manifest.target.architecture)));
    return Libraries(origin, manifest, prefix, *target, system).bring();
}

Result<std::string> patchelf_digest() {
    const auto patchelf = find_in_path("patchelf");
    if (!patchelf) return std::string();
    return sha256_file(*patchelf);
}

}  // namespace dba::steps
