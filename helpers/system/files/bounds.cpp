#include "system/files/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/text/size.hpp"
#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "system/process/environment.hpp"

namespace dba {
namespace {

constexpr const char* bounds_variable = "DEB_VENV_ARCHIVE_BOUNDS";
constexpr std::uint64_t free_of_ratio = std::uint64_t{64} << 20U;
constexpr std::uint64_t name_bytes_an_entry = 250;   // on average; most are half as long
constexpr std::uint64_t longest_component = 255;     // NAME_MAX
constexpr std::uint64_t longest_link_target = 4095;  // PATH_MAX, less the NUL

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
    std::uint64_t all = 0;
    return __builtin_mul_overflow(a, b, &all) ? std::numeric_limits<std::uint64_t>::max() : all;
}

std::string shown_path(std::string_view path) {
    constexpr std::size_t at_most = 80;
    return text::visible(path.substr(0, at_most)) + (path.size() <= at_most ? "" : "…");
}

}  // namespace

Result<ArchiveBounds> parse_archive_bounds(std::string_view text, const std::string& subject) {
    ArchiveBounds bounds;
    const std::pair<std::string_view, std::uint64_t*> known[] = {{"unpacked", &bounds.unpacked},
                                                                 {"entries", &bounds.entries},
                                                                 {"ratio", &bounds.ratio},
                                                                 {"path", &bounds.path},
                                                                 {"depth", &bounds.depth}};
    if (text.empty()) return bounds;
    for (const std::string_view word : text::split(text, ',')) {
        const auto equals = std::min(word.find('='), word.size());
        const auto* const found =
            std::find_if(std::begin(known), std::end(known),
                         [&](const auto& one) { return one.first == word.substr(0, equals); });
        const std::uint64_t value =
            equals == word.size() ? 0 : text::parse_size(word.substr(equals + 1)).value_or(0);
        if (found == std::end(known) || value == 0)
            return usage_error(subject, text::quote(word) + " is no bound of archives",
                               "name some of unpacked=BYTES, entries=N, ratio=N, path=BYTES and "
                               "depth=N, with commas between: unpacked=64G,entries=1000000");
        *found->second = value;
    }
    return bounds;
}

Result<ArchiveBounds> archive_bounds() {
    return parse_archive_bounds(own_variable(bounds_variable), bounds_variable);
}

ArchiveMeter::ArchiveMeter(const ArchiveBounds& bounds, std::uint64_t packed, std::string subject)
    : bounds_(bounds), by_ratio_(product(packed, bounds.ratio)), subject_(std::move(subject)) {
    if (__builtin_add_overflow(by_ratio_, free_of_ratio, &by_ratio_))
        by_ratio_ = std::numeric_limits<std::uint64_t>::max();
}

Failure ArchiveMeter::beyond(std::string cause, std::string_view bound) const {
    return bad_input(subject_, std::move(cause),
                     fmt::format("no archive of good faith is known that does so; {}={}=… in the "
                                 "environment raises this bound",
                                 bounds_variable, bound));
}

Result<void> ArchiveMeter::count_entry(std::string_view path, std::string_view link_target) {
    if (++entries_ > bounds_.entries)
        return beyond(fmt::format("holds more than {} entries", bounds_.entries), "entries");
    names_ += path.size() + link_target.size();
    if (names_ > product(bounds_.entries, name_bytes_an_entry))
        return beyond(fmt::format("holds more than {} bytes of names",
                                  product(bounds_.entries, name_bytes_an_entry)),
                      "entries");
    if (path.size() > bounds_.path)
        return beyond(fmt::format("holds an entry whose path has {} bytes, more than {}: {}",
                                  path.size(), bounds_.path, shown_path(path)),
                      "path");
    std::uint64_t depth = 0;
    for (const std::string_view part : text::split(path, '/')) {
        if (part.size() > longest_component)
            return bad_input(subject_,
                             fmt::format("holds an entry with a name of {} bytes, more than a file "
                                         "can have: {}",
                                         part.size(), shown_path(path)));
        depth += part.empty() || part == "." ? 0 : 1;
    }
    if (depth > bounds_.depth)
        return beyond(fmt::format("holds an entry {} directories deep, more than {}: {}", depth,
                                  bounds_.depth, shown_path(path)),
                      "depth");
    if (link_target.size() > longest_link_target)
        return bad_input(subject_,
                         fmt::format("{} is a link to a path of {} bytes, more than one can have",
                                     shown_path(path), link_target.size()));
    return {};
}

Result<void> ArchiveMeter::count_bytes(std::uint64_t size, std::string_view path) {
    if (__builtin_add_overflow(bytes_, size, &bytes_))
        bytes_ = std::numeric_limits<std::uint64_t>::max();
    if (bytes_ > bounds_.unpacked)
        return beyond(fmt::format("holds more than {} bytes when unpacked; {} goes beyond",
                                  bounds_.unpacked, shown_path(path)),
                      "unpacked");
    if (bytes_ > by_ratio_)
        return beyond(fmt::format("holds more than {} times its own size when unpacked; {} goes "
                                  "beyond",
                                  bounds_.ratio, shown_path(path)),
                      "ratio");
    return {};
}

}  // namespace dba
