// The keywords' values that are one of a few words. The table beside each enum is the only one:
// what is refused, what is suggested and what files hold come from it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dba {

// PYTHON and PYTHON_LIBRARIES: whose they are, the package's or the target's.
enum class Provider { bundled, system };
enum class InstallerKind { uv, pip };
// LAYOUT: installed into site-packages, or shipped as it stands.
enum class Layout { package, folder };
enum class Runner { supervisord, systemd };
enum class ServiceType { simple, exec, notify, forking, oneshot };
enum class Hardening { standard, strict, off };
enum class Packer { layered, cpack, fpm };
// dpkg reads zstd from 1.21.18 on (bookworm).
enum class Compression { zstd, xz, gzip };

// The words of an enum, in its order.
template <class Choice>
inline constexpr std::array<std::string_view, 0> choices_of = {};
template <>
inline constexpr std::array<std::string_view, 2> choices_of<Provider> = {"BUNDLED", "SYSTEM"};
template <>
inline constexpr std::array<std::string_view, 2> choices_of<InstallerKind> = {"uv", "pip"};
template <>
inline constexpr std::array<std::string_view, 2> choices_of<Layout> = {"package", "folder"};
template <>
inline constexpr std::array<std::string_view, 2> choices_of<Runner> = {"supervisord", "systemd"};
template <>
inline constexpr std::array<std::string_view, 5> choices_of<ServiceType> = {
    "simple", "exec", "notify", "forking", "oneshot"};
template <>
inline constexpr std::array<std::string_view, 3> choices_of<Hardening> = {"default", "strict",
                                                                          "off"};
template <>
inline constexpr std::array<std::string_view, 3> choices_of<Packer> = {"layered", "cpack", "fpm"};
template <>
inline constexpr std::array<std::string_view, 3> choices_of<Compression> = {"zstd", "xz", "gzip"};

template <class Choice>
std::string word_of(Choice choice) {
    return std::string(choices_of<Choice>.at(static_cast<std::size_t>(choice)));
}

template <class Choice>
std::optional<Choice> choice_of(std::string_view word) {
    for (std::size_t i = 0; i < choices_of<Choice>.size(); ++i)
        if (choices_of<Choice>.at(i) == word) return static_cast<Choice>(i);
    return std::nullopt;
}

}  // namespace dba
