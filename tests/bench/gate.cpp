// How fast the whole leak gate reads a real tree, in GB for each second of processor time:
// every file below the directories given, from memory, by the gate as a build has it. No report:
// the machine decides.
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "steps/verify/leaks.hpp"
#include "steps/verify/secrets.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

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
    std::clock_t leaks = 0, secrets = 0;
    for (int i = 1; i < count; ++i) {
        const auto entries = dba::list_tree(arguments[i], "", false);
        if (!entries) return 1;
        for (const dba::LayerEntry& entry : *entries) {
            if (entry.kind != dba::EntryKind::file) continue;
            const auto content = dba::read_file(arguments[i] + entry.path);
            if (!content) return 1;
            ++files;
            bytes += content->size();
            const auto start = std::clock();
            gate.judge(entry, *content, found, warnings);
            const auto between = std::clock();
            dba::steps::check_secrets(entry, *content, warnings);
            leaks += between - start;
            secrets += std::clock() - between;
        }
    }
    const double size = static_cast<double>(bytes) / 1e9;
    const auto rate = [&](std::clock_t took) {
        return size * CLOCKS_PER_SEC / static_cast<double>(took);
    };
    std::printf("%zu files, %.0f MB: leaks %.2f GB/s, secrets %.2f GB/s, both %.2f GB/s (%zu)\n",
                files, size * 1e3, rate(leaks), rate(secrets), rate(leaks + secrets), found.size());
}
