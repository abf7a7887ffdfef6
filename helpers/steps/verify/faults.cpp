#include "steps/verify/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

bool is_a(const RaisedError& error, std::string_view type) {
    return error.type == type ||
           std::find(error.bases.begin(), error.bases.end(), type) != error.bases.end();
}

std::string place_of(const RaisedError& error) {
    if (!error.file.starts_with('/')) return "";
    return fmt::format("{}:{}", error.file, error.line);
}

// "libGL.so.1: cannot open shared object file: No such file or directory" (dlerror(3)), and
// "cannot load library 'pango-1.0-0': ..." (cffi).
std::string missing_library(const std::string& message) {
    if (const std::size_t end = message.find(": cannot open shared object file");
        end != std::string::npos) {
        const std::size_t start = message.find_last_of(" '\"", end);
        return message.substr(start == std::string::npos ? 0 : start + 1,
                              end - (start == std::string::npos ? 0 : start + 1));
    }
    static constexpr std::string_view cffi = "cannot load library '";
    if (const std::size_t start = message.find(cffi); start != std::string::npos) {
        const std::size_t from = start + cffi.size();
        return message.substr(from, message.find('\'', from) - from);
    }
    return "";
}

// What one error says by itself.
Fault::Kind kind_of(const RaisedError& error, std::string& missing) {
    if (is_a(error, "ImportError") || is_a(error, "OSError")) {
        missing = missing_library(error.message);
        if (!missing.empty()) return Fault::library;
    }
    if (is_a(error, "ModuleNotFoundError") && !error.name.empty()) {
        missing = error.name;
        return Fault::module;
    }
    if (is_a(error, "ImportError") || is_a(error, "SyntaxError") || is_a(error, "NameError"))
        return Fault::code;
    // Not an object's: that may be None for want of a setting.
    if (is_a(error, "AttributeError") &&
        (error.message.starts_with("module '") ||
         error.message.starts_with("partially initialized module")))
        return Fault::code;
    return Fault::surroundings;
}

// Raised while an ImportError was handled, they speak of themselves: the program went on without
// the module.
bool stands_alone(const RaisedError& error) {
    return is_a(error, "OSError") || is_a(error, "LookupError") || is_a(error, "ValueError");
}

}  // namespace

std::string described(const RaisedError& error) {
    std::string said =
        error.message.empty() ? error.type : fmt::format("{}: {}", error.type, error.message);
    if (const std::string place = place_of(error); !place.empty())
        said += fmt::format(" ({})", place);
    return said;
}

Fault fault_of(const std::vector<RaisedError>& chain) {
    Fault fault;
    if (chain.empty()) return fault;
    fault.said = described(chain.front());
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (i > 0 && !chain[i].is_cause && stands_alone(chain[i - 1])) break;
        std::string missing;
        const Fault::Kind kind = kind_of(chain[i], missing);
        if (kind == Fault::surroundings) continue;
        // An ImportError that tells of another one: that is the one to know.
        if (fault.kind != Fault::surroundings && kind != Fault::module && kind != Fault::library)
            continue;
        fault.kind = kind;
        fault.missing = missing;
        fault.where = place_of(chain[i]);
        fault.file = chain[i].file;
        if (kind == Fault::module || kind == Fault::library) break;
    }
    return fault;
}

}  // namespace dba::steps
