#include "local/listening.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace {

constexpr int base_of_hex = 16;

// /proc/PID/stat: "PID (name) state parent ...".
pid_t parent_of(const fs::path& process) {
    const std::string stat = read_file(process / "stat").value_or(std::string());
    const std::size_t name_ends = stat.rfind(')');
    if (name_ends == std::string::npos) return 0;
    const auto parts = text::words(std::string_view(stat).substr(name_ends + 1));
    return parts.size() > 1 ? static_cast<pid_t>(std::atol(std::string(parts[1]).c_str())) : 0;
}

std::set<pid_t> descendants_of(pid_t top, const std::multimap<pid_t, pid_t>& children) {
    std::set<pid_t> found{top};
    std::vector<pid_t> open{top};
    while (!open.empty()) {
        const auto [first, last] = children.equal_range(open.back());
        open.pop_back();
        for (auto it = first; it != last; ++it)
            if (found.insert(it->second).second) open.push_back(it->second);
    }
    return found;
}

// The numbers of its open sockets: links "socket:[123]".
void add_sockets(pid_t pid, std::set<std::string>& sockets) {
    for (const fs::path& descriptor : paths_in(fmt::format("/proc/{}/fd", pid))) {
        std::error_code error;
        const std::string target = fs::read_symlink(descriptor, error).string();
        if (!error && target.starts_with("socket:[") && target.ends_with(']'))
            sockets.insert(target.substr(8, target.size() - 9));
    }
}

// "0100007F:1F90": words of four bytes in this machine's order, then the port.
std::string address_text(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || (colon != 8 && colon != 32)) return "";
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    for (std::size_t word = 0; word * 8 < colon; ++word) {
        const auto value = static_cast<std::uint32_t>(
            std::strtoul(std::string(text.substr(word * 8, 8)).c_str(), nullptr, base_of_hex));
        std::memcpy(bytes.data() + word * 4, &value, sizeof value);
    }
    std::array<char, INET6_ADDRSTRLEN> shown{};
    const bool is_six = colon == 32;
    if (::inet_ntop(is_six ? AF_INET6 : AF_INET, bytes.data(), shown.data(), shown.size()) ==
        nullptr)
        return "";
    const auto port =
        std::strtoul(std::string(text.substr(colon + 1)).c_str(), nullptr, base_of_hex);
    return is_six ? fmt::format("[{}]:{}", shown.data(), port)
                  : fmt::format("{}:{}", shown.data(), port);
}

}  // namespace

Listening::Listening() {
    for (const fs::path& process : paths_in("/proc"))
        if (const std::string name = process.filename(); text::all_of(name, text::is_digit))
            children_.emplace(parent_of(process), static_cast<pid_t>(std::atol(name.c_str())));
    constexpr std::string_view state_of_listening = "0A";
    for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const std::string table = read_file(file).value_or(std::string());
        text::Lines lines(table);
        for (std::string_view line; lines.next(line);) {
            // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout
            // inode
            const auto parts = text::words(line);
            if (parts.size() <= 9 || parts[3] != state_of_listening) continue;
            if (std::string address = address_text(parts[1]); !address.empty())
                addresses_.emplace(parts[9], std::move(address));
        }
    }
}

std::set<std::string> Listening::below(pid_t pid) const {
    std::set<std::string> sockets;
    for (const pid_t one : descendants_of(pid, children_)) add_sockets(one, sockets);
    std::set<std::string> found;
    for (const auto& [socket, address] : addresses_)
        if (sockets.contains(socket)) found.insert(address);
    return found;
}

}  // namespace dba
