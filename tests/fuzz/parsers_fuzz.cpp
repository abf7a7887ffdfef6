// libFuzzer's entry point, compiled once for each parser (FUZZ_PARSER). A parser may refuse what it
// gets; what it accepts must survive being written and read again, where there is a writer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "formats/binary/elf.hpp"
#include "formats/binary/ldcache.hpp"
#include "formats/debian/control.hpp"
#include "formats/debian/shlibs.hpp"
#include "formats/debian/symbols.hpp"
#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/python/pyc.hpp"
#include "formats/python/record.hpp"
#include "formats/python/requirement.hpp"
#include "formats/python/wheel.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/shebang.hpp"

namespace dba::fuzz {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

[[maybe_unused]] void control(std::string_view bytes) {
    (void)parse_control(bytes, "f");
}

[[maybe_unused]] void relations(std::string_view bytes) {
    const auto first = parse_relations(bytes);
    if (!first) return;
    const auto again = parse_relations(to_text(*first));
    require(again && to_text(*again) == to_text(*first));
}

[[maybe_unused]] void elf(std::string_view bytes) {
    (void)parse_elf(bytes, "f");
}

[[maybe_unused]] void entry_points(std::string_view bytes) {
    (void)parse_entry_points(bytes, "f");
}

// The pattern, a newline, the path.
[[maybe_unused]] void glob(std::string_view bytes) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos || bytes.size() > 4096) return;
    (void)glob_match(bytes.substr(0, end), bytes.substr(end + 1));
}

[[maybe_unused]] void ld_cache(std::string_view bytes) {
    (void)parse_ld_cache(bytes, "f");
}

[[maybe_unused]] void metadata(std::string_view bytes) {
    (void)parse_metadata(bytes, "f");
    (void)parse_wheel_info(bytes, "f");
    (void)parse_wheel_name(bytes);
}

[[maybe_unused]] void pyc(std::string_view bytes) {
    (void)parse_pyc(bytes, "f");
}

[[maybe_unused]] void record(std::string_view bytes) {
    const auto rows = parse_record(bytes, "f");
    if (!rows) return;
    const auto text = to_record(*rows);
    const auto again = parse_record(text, "again");
    require(again && to_record(*again) == text);
}

[[maybe_unused]] void requirement(std::string_view bytes) {
    const MarkerContext here = {{{"python_version", "3.11"}, {"sys_platform", "linux"}}, {}, {}};
    (void)marker_holds(bytes, here);
    const auto parsed = parse_requirement(bytes, "fuzz");
    if (!parsed) return;
    require(specifiers_allow(parsed->specifiers, "1").has_value());
}

[[maybe_unused]] void shebang(std::string_view bytes) {
    if (!parse_shebang(bytes)) return;
    const auto rewritten = with_interpreter(bytes, "/opt/a b/python3");
    const auto again = parse_shebang(rewritten);
    require(again && again->interpreter == "/opt/a b/python3");
}

[[maybe_unused]] void shlibs(std::string_view bytes) {
    const auto entries = parse_shlibs(bytes, "f");
    if (entries) (void)find_shlibs(*entries, "libssl.so.3");
}

[[maybe_unused]] void symbols(std::string_view bytes) {
    const auto file = parse_symbols(bytes, "f");
    if (!file) return;
    for (const auto& library : file->libraries)
        (void)symbols_dependency(*file, library.soname, {"greet@GREET_1.0", "plain"});
}

[[maybe_unused]] void version(std::string_view bytes) {
    const auto debian = pep440_to_debian(bytes);
    require(!debian || check_debian_version(*debian));
    (void)version_of_tag(bytes);
    (void)check_package_name(bytes);
    const auto middle = bytes.size() / 2;
    const int forth = compare_debian_versions(bytes.substr(0, middle), bytes.substr(middle));
    const int back = compare_debian_versions(bytes.substr(middle), bytes.substr(0, middle));
    require((forth < 0) == (back > 0) && (forth == 0) == (back == 0));
}

}  // namespace
}  // namespace dba::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of the exact size, so that a read past the end is one past an allocation.
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    dba::fuzz::FUZZ_PARSER(bytes);
    return 0;
}
