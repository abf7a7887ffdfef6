#include "support/venv_fixture.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "steps/resolve/python.hpp"
#include "steps/resolve/target.hpp"
#include "system/files/tree.hpp"

namespace dba::testing {
namespace {

// Reads {"file": ..., "members": {...}, "info": "x-1.dist-info"} and writes a wheel (PEP 427).
constexpr const char* wheel_writer = R"(
import base64, hashlib, json, sys, zipfile
order = json.load(sys.stdin)
rows = []
with zipfile.ZipFile(order["file"], "w", zipfile.ZIP_DEFLATED) as wheel:
    def add(name, data):
        info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        info.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
        wheel.writestr(info, data)
    for name, text in sorted(order["members"].items()):
        data = text.encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append("%s,sha256=%s,%d\n" % (name, digest, len(data)))
        add(name, data)
    rows.append(order["info"] + "/RECORD,,\n")
    add(order["info"] + "/RECORD", "".join(rows))
)";

// A build backend in the project itself: packages hello/, with what pyproject.toml says.
constexpr const char* backend = R"(
import base64, hashlib, os, tomllib, zipfile

def build_wheel(directory, settings=None, metadata=None):
    with open("pyproject.toml", "rb") as file:
        project = tomllib.load(file)["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    info = "%s-%s.dist-info" % (name, version)
    lines = ["Metadata-Version: 2.1", "Name: " + project["name"], "Version: " + version]
    lines += ["Requires-Dist: " + item for item in project.get("dependencies", [])]
    for extra, items in project.get("optional-dependencies", {}).items():
        lines.append("Provides-Extra: " + extra)
        lines += ["Requires-Dist: %s ; extra == '%s'" % (item, extra) for item in items]
    members = {info + "/METADATA": "\n".join(lines) + "\n",
               info + "/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    scripts = project.get("scripts", {})
    if scripts:
        members[info + "/entry_points.txt"] = "[console_scripts]\n" + "".join(
            "%s = %s\n" % item for item in scripts.items())
    for top, _, names in os.walk("hello"):
        for item in names:
            with open(os.path.join(top, item)) as file:
                members[os.path.join(top, item)] = file.read()
    file_name = "%s-%s-py3-none-any.whl" % (name, version)
    with zipfile.ZipFile(os.path.join(directory, file_name), "w") as wheel:
        rows = ""
        for item, text in sorted(members.items()):
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
            rows += "%s,sha256=%s,%d\n" % (item, digest.decode(), len(data))
            wheel.writestr(zipfile.ZipInfo(item, (2020, 1, 1, 0, 0, 0)), data)
        wheel.writestr(zipfile.ZipInfo(info + "/RECORD", (2020, 1, 1, 0, 0, 0)),
                       rows + info + "/RECORD,,\n")
    return file_name
)";

}  // namespace

EnvironmentTest::EnvironmentTest() {
    wheelhouse_ = shop_.directory.path() / "wheelhouse";
    project_ = shop_.directory.path() / "project";
    EXPECT_TRUE(make_directories(wheelhouse_));
    manifest_.name = "hello";
    manifest_.prefix = "/opt/venvs/hello";
    manifest_.source_date_epoch = 1700000000;
    manifest_.project = {"hello", "1.0", true};
    auto target = steps::resolve_target("/");
    if (target) manifest_.target = *target;
    auto python = steps::resolve_python({}, manifest_.target, {}, shop_.system);
    EXPECT_TRUE(python) << "Debian's Python is not there";
    if (python) manifest_.python = *python;
    manifest_.python.bundled = false;
    manifest_.wheelhouse = wheelhouse_;
    auto installer = steps::resolve_installer(InstallerKind::uv, {}, shop_.system);
    EXPECT_TRUE(installer) << "setup.sh installs uv";
    if (installer) manifest_.installer = *installer;
    write_project(project_files());
    add_wheel("greet", "1.0", {{"greet/__init__.py", "WORD = 'hello'\n"}});
    add_wheel(
        "greet", "2.0",
        {{"greet/__init__.py", "WORD = 'hello'\n\n\ndef main():\n    print(WORD)\n"},
         {"greet-2.0.dist-info/entry_points.txt", "[console_scripts]\ngreet = greet:main\n"}});
}

void EnvironmentTest::add_wheel(const std::string& name, const std::string& version,
                                const Files& files, const std::string& metadata) {
    const std::string info = fmt::format("{}-{}.dist-info", name, version);
    nlohmann::json members = files;
    members[info + "/METADATA"] =
        fmt::format("Metadata-Version: 2.1\nName: {}\nVersion: {}\n{}", name, version, metadata);
    members[info + "/WHEEL"] =
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    const fs::path file = wheelhouse_ / fmt::format("{}-{}-py3-none-any.whl", name, version);
    const nlohmann::json order = {{"file", file.string()}, {"members", members}, {"info", info}};
    const auto ran =
        shop_.processes.check({.argv = {manifest_.python.executable, "-c", wheel_writer},
                               .environment = {},
                               .input = order.dump()});
    ASSERT_TRUE(ran) << ran.error().cause;
}

Files EnvironmentTest::project_files(const std::string& dependencies) {
    return {
        {"pyproject.toml", fmt::format(R"([build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "hello"
version = "1.0"
dependencies = [{}]
scripts = {{ hello = "hello:main" }}
optional-dependencies = {{ loud = ["shout"] }}
)",
                                       dependencies)},
        {"backend.py", backend},
        {"hello/__init__.py", "import greet\n\n\ndef main():\n    print(greet.WORD, 'world')\n"}};
}

void EnvironmentTest::write_project(const Files& files) {
    ASSERT_TRUE(remove_tree(project_));
    for (const auto& [name, bytes] : files) shop_.directory.write("project/" + name, bytes);
}

Result<steps::FetchedSource> EnvironmentTest::fetched() const {
    TRY_ASSIGN(const auto entries, list_tree(project_, "", true));
    steps::FetchedSource source;
    source.directory = project_;
    source.digest = digest_of(entries);
    return source;
}

Result<steps::BuiltWheel> EnvironmentTest::built() {
    TRY_ASSIGN(const Layer base, steps::interpreter(manifest_, {}, shop_.system));
    TRY_ASSIGN(const auto source, fetched());
    return steps::wheel(manifest_, {source, base}, shop_.system);
}

Result<steps::Lock> EnvironmentTest::locked() {
    TRY_ASSIGN(const Layer base, steps::interpreter(manifest_, {}, shop_.system));
    TRY_ASSIGN(const auto wheel, built());
    TRY_ASSIGN(const auto source, fetched());
    return steps::lock(manifest_, {source, base, wheel}, shop_.system);
}

Result<steps::Installed> EnvironmentTest::installed() {
    TRY_ASSIGN(const Layer base, steps::interpreter(manifest_, {}, shop_.system));
    TRY_ASSIGN(const auto wheel, built());
    TRY_ASSIGN(const auto lock, locked());
    return steps::install(manifest_, {base, lock, wheel}, shop_.system);
}

Result<std::vector<Layer>> EnvironmentTest::relocated() {
    TRY_ASSIGN(const auto layers, installed());
    TRY_ASSIGN(const Layer base, steps::interpreter(manifest_, {}, shop_.system));
    return steps::relocate(manifest_, {base, layers}, shop_.system);
}

std::string EnvironmentTest::run(const fs::path& root, const std::vector<std::string>& arguments) {
    Command command;
    command.argv = {prefix_in(root) / "bin/python3"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    const auto ran = shop_.processes.run(command);
    return ran ? ran->out + ran->err : ran.error().cause;
}

fs::path EnvironmentTest::stack(const std::vector<Layer>& layers) {
    const auto root = *shop_.store.scratch("stack");
    for (const auto& layer : layers) EXPECT_TRUE(link_tree(layer.tree(), root));
    return root;
}

fs::path EnvironmentTest::prefix_in(const fs::path& root) const {
    return root / fs::path(manifest_.prefix).relative_path();
}

const LayerEntry* find_entry(const std::vector<Layer>& layers, const std::string& path) {
    for (const auto& layer : layers)
        for (const auto& entry : layer.entries)
            if (entry.path == path && entry.kind != EntryKind::directory) return &entry;
    return nullptr;
}

std::string contents(const Layer& layer, const std::string& path) {
    return read_file(layer.tree() / path.substr(1)).value_or("there is no " + path);
}

std::string said(const Error& error) {
    return error.subject + ": " + error.cause + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

}  // namespace dba::testing
