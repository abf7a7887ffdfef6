// libFuzzer's entry point, for the parser that the variable FUZZ_PARSER names. A parser may refuse
// what it gets; what it accepts must survive being written and read again, where there is a writer.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "formats/binary/elf.hpp"
#include "formats/binary/ldcache.hpp"
#include "formats/binary/zip.hpp"
#include "formats/debian/control.hpp"
#include "formats/debian/rules_file.hpp"
#include "formats/debian/shlibs.hpp"
#include "formats/debian/symbols.hpp"
#include "formats/debian/unit_file.hpp"
#include "formats/debian/version.hpp"
#include "formats/python/build_failure.hpp"
#include "formats/python/imports.hpp"
#include "formats/python/marker.hpp"
#include "formats/python/project.hpp"
#include "formats/python/project_tables.hpp"
#include "formats/python/pyc.hpp"
#include "formats/python/record.hpp"
#include "formats/python/required_python.hpp"
#include "formats/python/requirement.hpp"
#include "formats/python/requirements_file.hpp"
#include "formats/python/setup_facts.hpp"
#include "formats/python/wheel.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/shebang.hpp"
#include "formats/text/visible.hpp"
#include "steps/lock/pdm.hpp"
#include "steps/lock/poetry.hpp"
#include "steps/lock/pylock.hpp"
#include "steps/resolve/grammar.hpp"
#include "system/files/archive.hpp"
#include "system/files/archive_members.hpp"
#include "system/files/files.hpp"
#include "system/git/attributes.hpp"
#include "system/git/submodules.hpp"

namespace dba::fuzz {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

// A file with these bytes in a directory of its own, gone with it.
class InAFile {
 public:
    explicit InAFile(std::string_view bytes)
        : directory_(make_scratch(fs::temp_directory_path(), "fuzz").value()) {
        // Not write_file(), which waits for the disk.
        std::ofstream(file(), std::ios::binary) << bytes;
    }
    InAFile(const InAFile&) = delete;
    InAFile& operator=(const InAFile&) = delete;
    ~InAFile() { (void)remove_tree(directory_); }
    [[nodiscard]] fs::path file() const { return directory_ / "file"; }
    // An empty directory whose neighbours nobody may touch.
    [[nodiscard]] fs::path tree() const {
        require(make_directories(directory_ / "in/tree").has_value());
        return directory_ / "in/tree";
    }
    [[nodiscard]] bool is_alone() const {
        return paths_in(directory_ / "in").size() == 1 && paths_in(directory_).size() == 2;
    }

 private:
    fs::path directory_;
};

// A wheel or a source distribution, and what the leak gate sees in it.
void archive(std::string_view bytes) {
    const InAFile held(bytes);
    (void)list_archive(held.file(), true);
    std::size_t budget = std::size_t{16} << 20U;
    (void)visit_members(bytes, budget, [](const Member&, std::string_view) {});
}

void deb(std::string_view bytes) {
    const InAFile held(bytes);
    (void)read_deb(held.file());
    const fs::path tree = held.tree();
    (void)extract_deb(held.file(), tree);
    require(held.is_alone());
}

void declaration(std::string_view bytes) {
    const auto declared = parse_declaration(std::string(bytes), "f");
    if (declared) (void)steps::check_grammar(*declared);
}

void gitmodules(std::string_view bytes) {
    const auto parsed = git::parse_gitmodules(std::string(bytes));
    if (!parsed) return;
    for (const auto& [path, submodule] : *parsed)
        (void)git::resolve_submodule_url("https://example.org/a/b.git", submodule.url);
}

void gitattributes(std::string_view bytes) {
    git::AttributeStack stack;
    const auto middle = bytes.size() / 2;
    stack.enter("", bytes.substr(0, middle));
    stack.enter("sub", bytes.substr(middle));
    (void)stack.lookup("sub/dir/file.c", false);
    stack.leave();
    (void)stack.lookup("file", false);
}

void requirements_file(std::string_view bytes) {
    const auto text = requirements_text(bytes, "f");
    if (!text) return;
    for (const auto& row : requirements_rows(*text)) (void)requirements_words(row.text, "f");
}

void project(std::string_view bytes) {
    (void)parse_pyproject(bytes, "f");
    (void)find_version(bytes);
}

void project_tables(std::string_view bytes) {
    (void)parse_project_tables(bytes, "f");
}

void pipfile(std::string_view bytes) {
    (void)parse_pipfile(bytes, "f");
}

// A lock, for an application that asks for one distribution by each of its ways.
template <class Read>
void lock(std::string_view bytes, const Read& read) {
    static const MarkerAnswers answers = [] {
        MarkerAnswers made;
        made.markers.environment = {{"python_version", "3.11"},
                                    {"python_full_version", "3.11.2"},
                                    {"sys_platform", "linux"}};
        made.machine = "x86_64";
        made.glibc_minor = 36;
        made.abi = "cp311";
        return made;
    }();
    static const Manifest manifest = [] {
        Manifest made;
        made.python.version = "3.11";
        made.python.full_version = "3.11.2";
        made.extras = {"async"};
        made.groups = {"web"};
        return made;
    }();
    static const Metadata application = [] {
        Metadata made;
        made.name = "app";
        made.version = "1.0";
        made.requires_dist = {"flask[async]>=3", "greet; extra == 'async'"};
        return made;
    }();
    static const steps::Requirements asked;
    static const steps::ProjectSources sources;
    static const std::vector<std::string> overridden;
    (void)read(bytes, steps::LockContext{"/nowhere/lock", answers, application, asked, manifest,
                                         sources, overridden});
}

void poetry_lock(std::string_view bytes) {
    lock(bytes, steps::read_poetry);
}

void pdm_lock(std::string_view bytes) {
    lock(bytes, steps::read_pdm_lock);
}

void pylock(std::string_view bytes) {
    lock(bytes, steps::read_pylock);
}

// What uv.lock (the rest of it is uv's to read) and the others say of the Python.
void python_demand(std::string_view bytes) {
    for (const auto demand_of : {demand_of_uv_lock, demand_of_pylock, demand_of_poetry_lock,
                                 demand_of_pdm_lock, demand_of_pipfile_lock, demand_of_pipfile}) {
        const auto demand = demand_of(bytes, "f");
        if (!demand) continue;
        for (int minor = oldest_python; minor <= newest_python; ++minor)
            require(!demand->allows_all_of(minor) || demand->allows_some_of(minor));
        (void)demand->allows("3.11.2");
    }
    const std::string text(bytes);
    (void)demand_of_project(text, text, text);
}

void imports(std::string_view bytes) {
    (void)plain_imports(bytes);
}

void build_failure(std::string_view bytes) {
    (void)missing_piece(bytes);
    (void)failed_distribution(bytes);
}

// Nothing that steers is left, and what was made visible stays so.
void visible(std::string_view bytes) {
    const std::string shown = text::visible(bytes);
    for (const char c : shown) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    require(text::visible(shown) == shown);
    const std::string lines = text::visible_lines(bytes, 2);
    require(text::visible_lines(lines) == lines);
}

void zip(std::string_view bytes) {
    (void)name_with_nul(bytes);
    (void)find_zip_directory(bytes);
}

void control(std::string_view bytes) {
    (void)parse_control(bytes, "f");
}

void relations(std::string_view bytes) {
    const auto first = parse_relations(bytes);
    if (!first) return;
    const auto again = parse_relations(to_text(*first));
    require(again && to_text(*again) == to_text(*first));
}

void elf(std::string_view bytes) {
    (void)parse_elf(bytes, "f");
}

void entry_points(std::string_view bytes) {
    (void)parse_entry_points(bytes, "f");
}

// The pattern, a newline, the path.
void glob(std::string_view bytes) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos || bytes.size() > 4096) return;
    (void)glob_match(bytes.substr(0, end), bytes.substr(end + 1));
}

void ld_cache(std::string_view bytes) {
    (void)parse_ld_cache(bytes, "f");
}

void metadata(std::string_view bytes) {
    (void)parse_metadata(bytes, "f");
    (void)parse_wheel_info(bytes, "f");
    (void)parse_wheel_name(bytes);
}

void pyc(std::string_view bytes) {
    (void)parse_pyc(bytes, "f");
}

void record(std::string_view bytes) {
    const auto rows = parse_record(bytes, "f");
    if (!rows) return;
    const auto text = to_record(*rows);
    const auto again = parse_record(text, "again");
    require(again && to_record(*again) == text);
}

void requirement(std::string_view bytes) {
    const MarkerContext here = {{{"python_version", "3.11"}, {"sys_platform", "linux"}}, {}, {}};
    (void)marker_holds(bytes, here);
    const auto parsed = parse_requirement(bytes, "fuzz");
    if (!parsed) return;
    require(specifiers_allow(parsed->specifiers, "1").has_value());
}

void rules_file(std::string_view bytes) {
    const RulesFile rules = parse_rules(bytes, "hello");
    for (const auto& [target, commands] : rules.recipes)
        for (const std::string& command : commands) (void)loose_words(command);
}

void setup_facts(std::string_view bytes) {
    SetupFacts facts = setup_py_facts(bytes);
    join(facts, setup_cfg_facts(bytes));
}

void shebang(std::string_view bytes) {
    if (!parse_shebang(bytes)) return;
    const auto rewritten = with_interpreter(bytes, "/opt/a b/python3");
    const auto again = parse_shebang(rewritten);
    require(again && again->interpreter == "/opt/a b/python3");
}

void shlibs(std::string_view bytes) {
    const auto entries = parse_shlibs(bytes, "f");
    if (entries) (void)find_shlibs(*entries, "libssl.so.3");
}

void symbols(std::string_view bytes) {
    const auto file = parse_symbols(bytes, "f");
    if (!file) return;
    for (const auto& library : file->libraries)
        (void)symbols_dependency(*file, library.soname, {"greet@GREET_1.0", "plain"});
}

void unit_file(std::string_view bytes) {
    const UnitFile unit = parse_unit(bytes);
    (void)unit.values("Service", "ExecStart");
}

void version(std::string_view bytes) {
    const auto debian = pep440_to_debian(bytes);
    // A longer one is refused for its length, whatever it is.
    require(!debian || debian->size() > 150 || check_debian_version(*debian));
    (void)version_of_tag(bytes);
    (void)check_package_name(bytes);
    const auto middle = bytes.size() / 2;
    const int forth = compare_debian_versions(bytes.substr(0, middle), bytes.substr(middle));
    const int back = compare_debian_versions(bytes.substr(middle), bytes.substr(0, middle));
    require((forth < 0) == (back > 0) && (forth == 0) == (back == 0));
}

struct Parser {
    std::string_view name;
    void (*feed)(std::string_view bytes);
};
constexpr std::array parsers{Parser{"archive", archive},
                             Parser{"build_failure", build_failure},
                             Parser{"control", control},
                             Parser{"deb", deb},
                             Parser{"declaration", declaration},
                             Parser{"elf", elf},
                             Parser{"entry_points", entry_points},
                             Parser{"gitattributes", gitattributes},
                             Parser{"gitmodules", gitmodules},
                             Parser{"glob", glob},
                             Parser{"imports", imports},
                             Parser{"ld_cache", ld_cache},
                             Parser{"metadata", metadata},
                             Parser{"pdm_lock", pdm_lock},
                             Parser{"pipfile", pipfile},
                             Parser{"poetry_lock", poetry_lock},
                             Parser{"project", project},
                             Parser{"project_tables", project_tables},
                             Parser{"pyc", pyc},
                             Parser{"pylock", pylock},
                             Parser{"python_demand", python_demand},
                             Parser{"record", record},
                             Parser{"relations", relations},
                             Parser{"requirement", requirement},
                             Parser{"requirements_file", requirements_file},
                             Parser{"rules_file", rules_file},
                             Parser{"setup_facts", setup_facts},
                             Parser{"shebang", shebang},
                             Parser{"shlibs", shlibs},
                             Parser{"symbols", symbols},
                             Parser{"unit_file", unit_file},
                             Parser{"version", version},
                             Parser{"visible", visible},
                             Parser{"zip", zip}};

// Set before the first input, and never again.
const Parser*& chosen() {
    static const Parser* parser = nullptr;
    return parser;
}

}  // namespace
}  // namespace dba::fuzz

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*words*/) {
    const char* name = std::getenv("FUZZ_PARSER");
    for (const auto& parser : dba::fuzz::parsers)
        if (name != nullptr && parser.name == name) dba::fuzz::chosen() = &parser;
    if (dba::fuzz::chosen() != nullptr) return 0;
    std::cerr << "FUZZ_PARSER is none of:";
    for (const auto& parser : dba::fuzz::parsers) std::cerr << ' ' << parser.name;
    std::cerr << '\n';
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy of the exact size, so that a read past the end is one past an allocation.
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    dba::fuzz::chosen()->feed(bytes);
    return 0;
}
