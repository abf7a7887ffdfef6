// deb-build-app: the command table. An error becomes an exit code here and nowhere else.
#include <fmt/format.h>

#include <clocale>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/visible.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/process.hpp"

namespace {

using dba::cli::Arguments;

void print_help() {
    std::string text =
        "deb-build-app turns a Python application into a Debian package with its own complete\n"
        "virtual environment. CMake's add_venv_deb() calls it; it is useful by itself too.\n\n"
        "Usage: deb-build-app <command> [option...]\n\nCommands:\n";
    for (const auto& command : dba::cli::command_table())
        text += fmt::format("  {:<12} {}\n", command.name, command.summary);
    text +=
        "\nOptions:\n"
        "  --help       this text; after a command, that command's options and an example\n"
        "  --version    the version of this program\n"
        "  --cmake-dir  where the CMake module lies that was installed with it: for\n"
        "               cmake -DDebVenvApp_DIR=\"$(deb-build-app --cmake-dir)\"\n"
        "\nExample: deb-build-app verify hello-flask_1.0.0-1_amd64.deb\n"
        "\nExit codes: 0 ok, 1 failed check, 2 usage, 3 bad input, 4 a tool or the system "
        "failed.\n";
    std::fputs(text.c_str(), stdout);
}

int report(const dba::Error& error) {
    std::string text = "deb-build-app: ";
    if (!error.step.empty()) text += error.step + ": ";
    if (!error.subject.empty()) text += error.subject + ": ";
    text += error.cause;
    if (!error.hint.empty()) text += "\n  remedy: " + error.hint;
    text = dba::text::visible_lines(dba::redact_urls(text)) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
    return static_cast<int>(error.code);
}

dba::Result<std::string> cmake_directory() {
    const auto directory =
        (dba::own_program().parent_path() / "../lib/cmake/DebVenvApp").lexically_normal();
    if (!dba::path_exists(directory / "DebVenvAppConfig.cmake"))
        return dba::bad_input(directory.string(),
                              "has no CMake module: this program was not installed",
                              "cmake --install BUILD --prefix DIRECTORY");
    return directory.string();
}

int run(const Arguments& words) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        print_help();
        return 0;
    }
    if (words[0] == "--version") {
        std::puts("deb-build-app " DEB_BUILD_APP_VERSION);
        return 0;
    }
    if (words[0] == "--cmake-dir") {
        const auto directory = cmake_directory();
        if (!directory) return report(directory.error());
        std::puts(directory->c_str());
        return 0;
    }
    std::vector<std::string> names;
    for (const auto& command : dba::cli::command_table()) {
        names.emplace_back(command.name);
        if (words[0] != command.name) continue;
        const auto done = command.run({words.begin() + 1, words.end()}, command);
        return done ? 0 : report(done.error());
    }
    const auto near = dba::nearest(words[0], names);
    return report({dba::ExitCode::usage,
                   {},
                   words[0],
                   "is not a command",
                   near.empty() ? "see deb-build-app --help" : "did you mean " + near + "?"});
}

std::string words_of(int argc, char** argv) {
    return argc > 1 ? std::string("deb-build-app ") + argv[1] : "deb-build-app";
}

dba::Error no_memory(const std::string& subject) {
    return {dba::ExitCode::system,
            {},
            subject,
            "there is not enough memory for it",
            "raise the limit (ulimit -v), or end what else takes memory"};
}

// Only defects of this program come to the end of main().
dba::Error defect(const std::exception& error) {
    return {dba::ExitCode::system,
            {},
            "unexpected",
            error.what(),
            "please report this as a defect of deb-build-app"};
}

}  // namespace

int main(int argc, char** argv) {
    // libarchive spells names of archives as the locale has it, and drops those that the C locale
    // cannot.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::bad_alloc&) {
        return report(no_memory(words_of(argc, argv)));
    } catch (const std::system_error& error) {
        // No memory for the stack of a thread.
        if (error.code() == std::errc::resource_unavailable_try_again)
            return report(no_memory(words_of(argc, argv)));
        return report(defect(error));
    } catch (const std::exception& error) {
        return report(defect(error));
    }
}
