#include "formats/python/pyc.hpp"

#include <fmt/format.h>

#include "formats/python/marshal.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

constexpr std::size_t header_size = 16;  // PEP 552: magic, flags, and 8 bytes of time or hash

// Releases only: the magic number does not change within one (Lib/importlib/_bootstrap_external).
struct Release {
    unsigned magic;
    std::string_view python;
    CodeLayout layout;
};
constexpr CodeLayout until_3_10{6, 6, 1, 1};
constexpr CodeLayout since_3_11{5, 5, 2, 2};
constexpr Release releases[] = {
    {3425, "3.9", until_3_10},  {3439, "3.10", until_3_10}, {3495, "3.11", since_3_11},
    {3531, "3.12", since_3_11}, {3571, "3.13", since_3_11}, {3627, "3.14", since_3_11},
    {3666, "3.15", since_3_11},
};

const Release* release_of(unsigned magic) {
    for (const auto& release : releases)
        if (release.magic == magic) return &release;
    return nullptr;
}

unsigned little_endian(std::string_view bytes) {
    unsigned value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

Result<PycInfo> parse_pyc(std::string_view bytes, std::string_view file_name) {
    const auto fail = [&](std::string cause) {
        return bad_input(std::string(file_name), std::move(cause),
                         "remove it and compile its source anew");
    };
    if (bytes.size() < header_size || bytes.substr(2, 2) != "\r\n")
        return fail("this is no compiled Python file");
    PycInfo info;
    info.magic = little_endian(bytes.substr(0, 2));
    info.flags = little_endian(bytes.substr(4, 4));
    const auto* release = release_of(info.magic);
    if (release == nullptr)
        return fail(
            fmt::format("it was compiled by a Python other than 3.9 to 3.15 (magic "
                        "number {})",
                        info.magic));
    if (info.flags > 3) return fail(fmt::format("its flags {:#x} are unknown", info.flags));
    auto names = code_file_names(bytes.substr(header_size), release->layout);
    if (!names || names->empty())
        return fail(fmt::format("this compiled file of Python {} is damaged", release->python));
    info.file_names = std::move(*names);
    return info;
}

std::optional<std::string> with_source_name(std::string_view pyc, std::string_view from,
                                            std::string_view to) {
    const auto is_short = [](std::string_view name) {
        return !name.empty() && name.size() < 256 &&
               text::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 128; });
    };
    if (!is_short(from) || !is_short(to)) return std::nullopt;
    // marshal: a type (short ASCII, interned or not; the high bit: it is referred to later), a
    // length of one byte, the text.
    static constexpr std::string_view types = "zZ\xfa\xda";
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = pyc.find(from); at != std::string_view::npos;
         at = pyc.find(from, at + from.size())) {
        if (at < header_size + 2 || static_cast<unsigned char>(pyc[at - 1]) != from.size() ||
            types.find(pyc[at - 2]) == std::string_view::npos)
            return std::nullopt;
        out += pyc.substr(done, at - 1 - done);
        out += static_cast<char>(to.size());
        out += to;
        done = at + from.size();
    }
    out += pyc.substr(done);
    const auto info = parse_pyc(out, to);
    if (!info || info->file_names != std::vector<std::string>{std::string(to)}) return std::nullopt;
    return out;
}

}  // namespace dba
