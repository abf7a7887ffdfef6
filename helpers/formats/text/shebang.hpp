// The first lines of scripts: which interpreter runs them, in every form installers write.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dba {

// The kernel reads 256 bytes: 255 including "#!" and before the newline work, 256 do not.
inline constexpr std::size_t shebang_limit = 255;

struct Shebang {
    std::string interpreter;  // "/opt/venvs/hello/bin/python3", or "python" in wheels
    std::string arguments;    // what follows it, "-E"; "" for most
    std::size_t end = 0;      // offset of the first byte behind it (after its newline)
};

// Understands plain and quoted (#!"/sp ace/python") lines and the shell trampolines of pip,
// distlib and uv. Nothing when the bytes do not start with "#!" and an interpreter.
std::optional<Shebang> parse_shebang(std::string_view bytes);

// Whether the script is Python's: the interpreter's name is python, python3, pythonw, python3.11
// or pypy..., directly or by way of env.
bool is_python(const Shebang& shebang);

// `bytes` with its shebang, whatever its form, naming `interpreter` (absolute); arguments stay, and
// those of Python's one-letter `flags` ("Es") that they lack join them, in one word: the kernel
// passes all that follows the interpreter as a single argument. A path too long for the kernel, or
// with a space, gets a trampoline. Without a shebang: unchanged.
std::string with_interpreter(std::string_view bytes, std::string_view interpreter,
                             std::string_view flags = {});

}  // namespace dba
