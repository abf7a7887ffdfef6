#include "python/bytecode.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "formats/python/pyc.hpp"
#include "formats/text/text.hpp"
#include "system/files/digest.hpp"

namespace dba {
namespace {

constexpr int bytecode_format = 1;
constexpr const char* prefix_name = "prefix";

fs::path cache_of(const ModuleSource& module) {
    return module.source.parent_path() / "__pycache__";
}

// "12.name.cpython-311.pyc" -> 12; nothing for what is no such name.
std::optional<std::size_t> number_in(const std::string& name) {
    std::size_t number = 0;
    const char* const end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '.') return std::nullopt;
    return number;
}

// Nobody waits for the disk: the step that this is for is made again when it did not end.
Result<void> write_bytecode(const fs::path& file, const std::string& bytes) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return system_error(file.string(), "cannot be written");
    return set_mode(file, 0644);
}

}  // namespace

Result<Bytecode> bytecode_of(const fs::path& python, const std::vector<ModuleSource>& modules,
                             const Manifest& manifest) {
    Bytecode bytecode{{"bytecode", bytecode_format}, {}, {}};
    std::vector<std::vector<std::string>> sources;
    for (const ModuleSource& module : modules) {
        TRY_ASSIGN(const std::string bytes, read_file(module.source));
        if (!text::is_below(module.name, manifest.prefix) ||
            bytes.find(manifest.prefix) != std::string::npos) {
            bytecode.own.push_back(module);
            continue;
        }
        bytecode.shared.push_back(module);
        sources.push_back({module.name.substr(manifest.prefix.size()), sha256_hex(bytes)});
    }
    std::error_code error;
    const fs::path program = fs::canonical(python, error);
    TRY_ASSIGN(const std::string digest, sha256_file(error ? python : program));
    bytecode.receipt.add("python", digest)
        .add("manifest.python.full_version", manifest.python.full_version)
        .add("modules", sources)
        .share(Sharing::machine);
    return bytecode;
}

Result<void> keep_bytecode(const std::vector<ModuleSource>& modules, const Manifest& manifest,
                           const fs::path& fresh) {
    std::map<fs::path, std::size_t> numbers;  // by what is to be found in __pycache__
    std::set<fs::path> directories;
    for (std::size_t i = 0; i < modules.size(); ++i) {
        numbers[cache_of(modules[i]) / modules[i].source.stem()] = i;
        directories.insert(cache_of(modules[i]));
    }
    for (const fs::path& directory : directories)
        for (const fs::path& file : paths_in(directory)) {
            const auto found = numbers.find(directory / file.stem().stem());
            if (found == numbers.end()) continue;
            TRY(link_or_copy(
                file, fresh / fmt::format("{}.{}", found->second, file.filename().string())));
        }
    return write_bytecode(fresh / prefix_name, manifest.prefix);
}

Result<bool> place_bytecode(const fs::path& kept, const std::vector<ModuleSource>& modules,
                            const Manifest& manifest) {
    TRY_ASSIGN(const std::string prefix, read_file(kept / prefix_name));
    for (const fs::path& file : paths_in(kept)) {
        const std::string name = file.filename().string();
        const auto number = number_in(name);
        if (!number || *number >= modules.size()) continue;
        const ModuleSource& module = modules[*number];
        TRY_ASSIGN(const std::string bytes, read_file(file));
        const auto placed = with_source_name(
            bytes, prefix + module.name.substr(manifest.prefix.size()), module.name);
        if (!placed) return false;
        const fs::path directory = cache_of(module);
        if (!directory_exists(directory)) {
            TRY(make_directories(directory));
            TRY(set_mode(directory, 0755));
        }
        TRY(write_bytecode(directory / name.substr(name.find('.') + 1), *placed));
    }
    return true;
}

}  // namespace dba
