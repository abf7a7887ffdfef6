#include "system/debian/index.hpp"

#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "formats/text/text.hpp"
#include "system/files/archive_handle.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr std::size_t index_block = std::size_t{1} << 20U;

}  // namespace

std::vector<fs::path> package_indexes(const fs::path& lists) {
    std::vector<fs::path> files = paths_in(lists);
    std::erase_if(files, [](const fs::path& file) {
        return file.filename().string().find("_Packages") == std::string::npos;
    });
    return files;
}

void read_index(const fs::path& file, const std::function<void(std::string_view)>& use) {
    const ArchiveReader reader(archive_read_new());
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_entry* entry = nullptr;
    if (archive_read_open_filename(reader.get(), file.c_str(), index_block) != ARCHIVE_OK ||
        archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
        return;  // an index that cannot be read knows of no package
    std::string kept;
    std::vector<char> bytes(index_block);
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

std::string state_of_index(const fs::path& lists) {
    std::string state;
    for (const fs::path& file : package_indexes(lists))
        state += fmt::format("{} {}\n", file.filename().string(), size_of_file(file).value_or(0));
    return state;
}

std::set<std::string, std::less<>> listed_packages(const fs::path& lists) {
    constexpr std::string_view field = "Package: ";
    std::set<std::string, std::less<>> names;
    for (const fs::path& file : package_indexes(lists)) {
        read_index(file, [&](std::string_view lines) {
            for (auto at = lines.find(field); at != lines.npos; at = lines.find(field, at + 1)) {
                if (at != 0 && lines[at - 1] != '\n') continue;
                const auto start = at + field.size();
                names.emplace(text::trim(
                    lines.substr(start, std::min(lines.find('\n', start), lines.size()) - start)));
            }
        });
    }
    return names;
}

}  // namespace dba
