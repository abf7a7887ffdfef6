// How fast the whole leak gate reads a real tree, in GB/s on one core: every file below the
// directories given, from memory, by the gate as a build has it. No verdict: the machine decides.
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "steps/verify_leaks.hpp"
#include "steps/verify_secrets.hpp"
#include "system/files.hpp"

int main(int count, char** arguments) {
    const dba::steps::LeakGate gate(
        {{"/home/builder/project/app", "source directory"},
         {"/home/builder/project/build", "build directory"},
         {"/home/builder/project/build/hello.work", "work directory"},
         {"/home/builder/project/build/hello.work/tmp", "temporary directory"},
         {"/home/builder/.cache/uv", "uv cache"},
         {"/home/builder/.cache/pip", "pip cache"},
         {"/home/builder/.local/share/deb-build-app/tools/bin", "uv's directory"},
         {"/srv/wheels/of/ours", "wheelhouse"},
         {"/srv/a b/c", "output directory"},
         {"/srv/git/cache", "git cache"},
         {"/home/builder", "home directory", true},
         {"/tmp", "temporary directory", true}},
        std::string("/opt/venvs/hello"));
    std::size_t bytes = 0, files = 0;
    dba::Findings found, warnings;
    std::chrono::duration<double> leaks{}, secrets{};
    for (int i = 1; i < count; ++i) {
        const auto entries = dba::list_tree(arguments[i], "", false);
        if (!entries) return 1;
        for (const dba::LayerEntry& entry : *entries) {
            if (entry.kind != dba::EntryKind::file) continue;
            const auto content = dba::read_file(arguments[i] + entry.path);
            if (!content) return 1;
            ++files;
            bytes += content->size();
            const auto start = std::chrono::steady_clock::now();
            gate.judge(entry, *content, found, warnings);
            const auto between = std::chrono::steady_clock::now();
            dba::steps::judge_secrets(entry, *content, warnings);
            leaks += between - start;
            secrets += std::chrono::steady_clock::now() - between;
        }
    }
    const double size = static_cast<double>(bytes) / 1e9;
    std::printf("%zu files, %.0f MB: leaks %.2f GB/s, secrets %.2f GB/s, both %.2f GB/s (%zu)\n",
                files, size * 1e3, size / leaks.count(), size / secrets.count(),
                size / (leaks + secrets).count(), found.size());
}
