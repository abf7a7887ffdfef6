#include "system/files/ar.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <string_view>

#include "formats/text/visible.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

constexpr std::size_t ar_header_size = 60;
constexpr std::size_t members_at_most = 100;  // dpkg-deb writes three

}  // namespace

Result<std::vector<ArMember>> ar_members(const std::filesystem::path& file) {
    TRY_ASSIGN(const std::uint64_t length, size_of_file(file));
    std::ifstream in(file, std::ios::binary);
    std::array<char, ar_header_size> header{};
    if (!in.read(header.data(), ar_magic.size()) ||
        std::string_view(header.data(), ar_magic.size()) != ar_magic)
        return bad_input(file.string(), "not an ar archive, hence no .deb");
    std::vector<ArMember> members;
    for (std::uint64_t offset = ar_magic.size();;) {
        if (offset >= length) return members;
        in.seekg(static_cast<std::streamoff>(offset));
        in.read(header.data(), header.size());
        const std::string_view text(header.data(), header.size());
        ArMember member;
        member.name = text.substr(0, text.substr(0, 16).find_last_not_of(" /") + 1);
        member.offset = offset + header.size();
        const std::string_view size = text.substr(48, 10);
        const auto parsed = std::from_chars(size.begin(), size.end(), member.size);
        if (in.gcount() != static_cast<std::streamsize>(header.size()) ||
            text.substr(58) != "`\n" || parsed.ec != std::errc())
            return bad_input(file.string(), "a damaged ar member header");
        if (member.size > length - member.offset)
            return bad_input(
                file.string(),
                fmt::format("its member {} has {} bytes and {} are there",
                            text::visible(member.name), member.size, length - member.offset),
                "it is truncated or damaged");
        if (members.size() == members_at_most)
            return bad_input(file.string(),
                             fmt::format("has more than {} members", members_at_most));
        offset = member.offset + member.size + member.size % 2;
        members.push_back(std::move(member));
    }
}

}  // namespace dba
