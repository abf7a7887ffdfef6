#include "steps/verify/python.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "formats/python/pyc.hpp"

namespace dba::steps {
namespace {

// "/x/foo.py" for "/x/__pycache__/foo.cpython-311.opt-1.pyc" (PEP 3147, PEP 488).
std::optional<std::string> source_of(const std::string& path) {
    static constexpr std::string_view directory = "/__pycache__/";
    const std::size_t at = path.rfind(directory);
    if (at == std::string::npos || !path.ends_with(".pyc")) return std::nullopt;
    const std::string name = path.substr(at + directory.size());
    const std::size_t tag = name.rfind(".cpython-");
    if (tag == std::string::npos || name.find('/') != std::string::npos) return std::nullopt;
    return path.substr(0, at) + '/' + name.substr(0, tag) + ".py";
}

}  // namespace

bool is_record(const std::string& path) {
    // One deeper belongs to a distribution that another has inside (setuptools/_vendor, bleach's
    // html5lib): those are often changed by hand, and nothing reads their RECORD.
    if (!path.ends_with(".dist-info/RECORD")) return false;
    const std::filesystem::path info = std::filesystem::path(path).parent_path();
    return info.parent_path().filename() == "site-packages";
}

std::string recorded_path(const std::string& record, const RecordRow& row) {
    const std::filesystem::path base = std::filesystem::path(record).parent_path().parent_path();
    return (base / row.path).lexically_normal().string();
}

std::optional<Finding> check_record_row(const std::string& record, const std::string& path,
                                        const RecordRow& row, const LayerEntry* entry) {
    const auto finding = [&](std::string message) {
        return Finding{"record", path, std::move(message),
                       "install the distribution again; files changed after it was installed are "
                       "not the ones its author released"};
    };
    if (entry == nullptr) return finding(fmt::format("{} lists it, and it is not there", record));
    if (entry->kind != EntryKind::file) return std::nullopt;
    if (!row.size.empty() && row.size != std::to_string(entry->size))
        return finding(fmt::format("has {} bytes, {} says {}", entry->size, record, row.size));
    // PEP 376 allows any algorithm of hashlib; what is not SHA-256 is not judged here.
    if (row.hash.starts_with("sha256=") && row.hash != record_hash(entry->sha256))
        return finding(fmt::format("its hash is not the one in {}", record));
    return std::nullopt;
}

void check_pyc(const LayerEntry& entry, std::string_view bytes, Findings& findings) {
    const auto source = source_of(entry.path);
    if (!source) return;
    const auto compiled = parse_pyc(bytes, entry.path);
    if (!compiled) {
        findings.push_back(
            {"pyc", entry.path, fmt::format("cannot be read: {}", compiled.error().cause), ""});
        return;
    }
    for (const std::string& name : compiled->file_names) {
        // "<frozen ...>", "<string>": made by code that has no file.
        if (name == *source || name.starts_with('<')) continue;
        findings.push_back({"pyc", entry.path,
                            fmt::format("was compiled as \"{}\", its source is {}", name, *source),
                            ""});
        return;
    }
}

}  // namespace dba::steps
