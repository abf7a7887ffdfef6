#include "system/debian/contents.hpp"

#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "formats/text/text.hpp"
#include "system/files/archive_handle.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr std::size_t block = std::size_t{1} << 20U;

// Whether a file at that place is found by what looks for it.
bool is_in_place(BuildFile kind, std::string_view path) {
    switch (kind) {
        case BuildFile::header:
            return path.starts_with("usr/include/");
        case BuildFile::library:
            return path.starts_with("usr/lib/") || path.starts_with("lib/");
        case BuildFile::program:
            return path.starts_with("usr/bin/") || path.starts_with("usr/sbin/") ||
                   path.starts_with("bin/") || path.starts_with("sbin/");
        case BuildFile::pkg_config:
            return path.find("/pkgconfig/") != path.npos;
        case BuildFile::cmake_package:
            break;
    }
    return path.find("/cmake/") != path.npos;
}

struct Best {
    std::string package;
    std::size_t length = 0;
};

// "usr/include/postgresql/libpq-fe.h    libdevel/libpq-dev,other/x": all lines of `text` whose path
// ends so.
void search(std::string_view text, BuildFile kind, const std::string& end, Best& best) {
    for (auto at = text.find(end); at != text.npos; at = text.find(end, at + 1)) {
        const auto after = at + end.size();
        if (after >= text.size() || !text::is_blank(text[after])) continue;
        const auto line_end = std::min(text.find('\n', after), text.size());
        const auto before = at == 0 ? text.npos : text.rfind('\n', at - 1);
        const auto start = before == text.npos ? 0 : before + 1;
        const auto path = text.substr(start, after - start);
        if (!is_in_place(kind, path) || (!best.package.empty() && best.length <= path.size()))
            continue;
        const auto packages = text::trim(text.substr(after, line_end - after));
        best = {text::file_name(packages.substr(0, packages.find(','))), path.size()};
    }
}

// `use` gets whole lines, piece by piece.
void read_lines(const fs::path& file, const std::function<void(std::string_view)>& use) {
    const ArchiveReader reader(archive_read_new());
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_entry* entry = nullptr;
    if (archive_read_open_filename(reader.get(), file.c_str(), block) != ARCHIVE_OK ||
        archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
        return;  // an index that cannot be read knows of no package
    std::string kept;
    std::vector<char> bytes(block);
    for (;;) {
        const auto got = archive_read_data(reader.get(), bytes.data(), bytes.size());
        if (got <= 0) break;
        kept.append(bytes.data(), static_cast<std::size_t>(got));
        const auto end = kept.rfind('\n');
        if (end == kept.npos) continue;
        use(std::string_view(kept).substr(0, end + 1));
        kept.erase(0, end + 1);
    }
    use(kept);
}

}  // namespace

std::string package_by_contents(const std::filesystem::path& lists, BuildFile kind,
                                const std::string& name) {
    std::vector<std::string> ends{path_end_of(kind, name)};
    if (kind == BuildFile::cmake_package) ends.push_back("/" + text::lower(name) + "-config.cmake");
    Best best;
    for (const fs::path& file : paths_in(lists)) {
        const std::string index = file.filename().string();
        if (index.find("Contents-") == index.npos || index.find("_source_") != index.npos) continue;
        read_lines(file, [&](std::string_view lines) {
            for (const std::string& end : ends) search(lines, kind, end, best);
        });
    }
    return best.package;
}

}  // namespace dba
