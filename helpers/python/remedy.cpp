#include "python/remedy.hpp"

#include <fmt/format.h>

#include "formats/debian/version.hpp"
#include "formats/python/module_names.hpp"
#include "formats/python/requirement.hpp"
#include "python/bundle_parts.hpp"
#include "system/debian/contents.hpp"

namespace dba {
namespace {

using Kind = MissingPiece::Kind;

bool is_own_module(const fs::path& project, const std::string& module) {
    if (project.empty()) return false;
    const std::string top = top_level_module(module);
    for (const fs::path& directory : {project, project / "src"}) {
        if (path_exists(directory / (top + ".py"))) return true;
        for (const fs::path& file : paths_in(directory / top))
            if (file.extension() == ".py") return true;
    }
    return false;
}

// The words that bring a requirement to a build.
std::string words_for(const std::string& requirement, const FailedBuild& build,
                      const Manifest& manifest) {
    const bool plain = requirement.find_first_of(" <>=!~;[") == requirement.npos;
    const std::string word = plain ? requirement : fmt::format("\"{}\"", requirement);
    if (build.distribution.empty()) return "BUILD_REQUIREMENTS " + word;
    return fmt::format("{}BUILD_REQUIREMENTS_OF {} {}",
                       manifest.installer.kind == InstallerKind::uv ? "" : "INSTALLER uv ",
                       normalise_distribution(build.distribution), word);
}

std::string whose(const FailedBuild& build) {
    return build.distribution.empty() ? "its build" : "the build of " + build.distribution;
}

std::optional<std::string> for_module(const std::string& module, const FailedBuild& build,
                                      const Manifest& manifest) {
    const std::string top = top_level_module(module);
    const std::string lacks = fmt::format("{} lacks the module {}", whose(build), module);
    if (is_own_module(build.project, module))
        return fmt::format(
            "{0} does not see the project's own module {1}: have [build-system] of pyproject.toml "
            "say build-backend = \"setuptools.build_meta:__legacy__\", which looks for modules "
            "beside setup.py",
            whose(build), top);
    if (const int last = last_python_with(module); last != 0)
        return fmt::format("{}, which Python had up to 3.{}: PYTHON_VERSION 3.{}", lacks, last,
                           last);
    if (const std::string part = part_with_module(module); !part.empty())
        return fmt::format("{}, which is left out of the interpreter: PYTHON_KEEP {}", lacks, part);
    std::string distribution = distribution_of_module(module);
    if (distribution.empty()) return std::nullopt;
    const std::string known = normalise_distribution(distribution);
    const bool guessed = known == normalise_distribution(top);
    return fmt::format("{}{}: {}", lacks,
                       guessed ? ", most likely of the distribution of that name" : "",
                       words_for(distribution, build, manifest));
}

std::string for_package(const MissingPiece& piece, const std::string& whose,
                        const Manifest& manifest, const fs::path& lists) {
    const SoughtFile lookup = *sought_file(piece);
    const std::string& name = piece.name;
    std::string package = build_package(lookup.file, name);
    if (name == "Python.h" || name == "pyconfig.h")
        package = fmt::format("python{}-dev", manifest.python.version);
    if (package.empty()) package = package_by_contents(lists, lookup.file, name);
    const std::string lacks = fmt::format("{} looks for the {} {}", whose, lookup.what, name);
    if (!package.empty()) return fmt::format("{}: BUILD_DEPENDS {}", lacks, package);
    return fmt::format(
        "{}: name the Debian package that has it (`apt-file search {}`) in "
        "BUILD_DEPENDS",
        lacks, path_end_of(lookup.file, name));
}

}  // namespace

std::optional<SoughtFile> sought_file(const MissingPiece& piece) {
    switch (piece.kind) {
        case Kind::header:
            return SoughtFile{BuildFile::header, "header"};
        case Kind::library:
            return SoughtFile{BuildFile::library, "library"};
        case Kind::program:
            return SoughtFile{BuildFile::program, "program"};
        case Kind::pkg_config:
            return SoughtFile{BuildFile::pkg_config, "pkg-config file of"};
        case Kind::cmake_package:
            return SoughtFile{BuildFile::cmake_package, "CMake package"};
        case Kind::module:
        case Kind::requirement:
            break;
    }
    return std::nullopt;
}

std::optional<std::string> remedy_for(const FailedBuild& build, const Manifest& manifest,
                                      const fs::path& lists) {
    const auto piece = missing_piece(build.output);
    if (!piece) return std::nullopt;
    const std::string& name = piece->name;
    if (piece->kind == Kind::module) return for_module(name, build, manifest);
    if (piece->kind == Kind::requirement) {
        if (!parse_requirement(name, "")) return std::nullopt;
        // uv takes the newest again as soon as the backend asks for more, as this one does.
        if (name == "setuptools<58" && !build.distribution.empty())
            return fmt::format(
                "{} needs {}, and uv takes a newer one all the same: require a newer release of "
                "it, or put a wheel of it into a WHEELHOUSE",
                whose(build), name);
        return fmt::format("{} needs {}, which it does not declare: {}", whose(build), name,
                           words_for(name, build, manifest));
    }
    return for_package(*piece, whose(build), manifest, lists);
}

std::optional<std::string> package_remedy(const std::string& output, const Manifest& manifest,
                                          const fs::path& lists) {
    const auto piece = missing_piece(output);
    if (!piece || piece->kind == Kind::module || piece->kind == Kind::requirement)
        return std::nullopt;
    return for_package(*piece, "it", manifest, lists);
}

}  // namespace dba
