// How fast the packers are beside each other, on one tree: bench_pack DIRECTORY [COMPRESSION...]
// No report: the machine decides.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "deb/stack.hpp"
#include "packers/cpack.hpp"
#include "packers/layered.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"

namespace {

using namespace dba;

template <class Work>
double seconds(const char* name, Work work, double reference = 0) {
    const auto start = std::chrono::steady_clock::now();
    const Result<void> done = work();
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!done)
        std::printf("  %-10s failed: %s\n", name, done.error().cause.c_str());
    else if (reference > 0)
        std::printf("  %-10s %6.2f s, %.2f times layered\n", name, took, took / reference);
    else
        std::printf("  %-10s %6.2f s\n", name, took);
    return took;
}

Result<void> compare(const fs::path& tree, const std::vector<std::string>& compressions,
                     const fs::path& scratch) {
    const auto git = make_libgit2();
    RealProcessRunner processes;
    StderrLog log;
    Store store(scratch / "work", "bench");
    System system{processes, *git, log, store};
    TRY(store.open());
    TRY(make_directories(scratch / "layer/tree/opt"));
    TRY(link_tree(tree, scratch / "layer/tree/opt/bench"));
    TRY_ASSIGN(const Layer layer, seal_layer(scratch / "layer", "bench"));
    TRY(make_directories(scratch / "debian"));
    const std::string control =
        "Package: bench\nVersion: 1\nArchitecture: all\nMaintainer: B <b@example.org>\n"
        "Description: bench\n";
    TRY(write_file(scratch / "debian/control", control));

    Manifest manifest;
    manifest.name = "bench";
    manifest.version = "1";
    manifest.maintainer = "B <b@example.org>";
    manifest.synopsis = manifest.long_description = "bench";
    manifest.target.architecture = "all";
    manifest.source_date_epoch = 1700000000;
    if (const auto cpack = find_in_path("cpack")) manifest.tools.cpack = cpack->string();
    const std::vector<Layer> layers = {layer};
    const packers::Plan plan{manifest, layers, scratch / "debian"};
    std::printf(
        "%zu entries, %llu MiB\n", layer.entries.size(),
        static_cast<unsigned long long>(deb::installed_size_kib(deb::flatten(plan.layers)) / 1024));
    for (const auto& compression : compressions) {
        const auto known = choice_of<Compression>(compression);
        if (!known) return usage_error(compression, "is no compression", "zstd, xz or gzip");
        manifest.compression = *known;
        std::printf("%s\n", compression.c_str());
        TRY_ASSIGN(const fs::path mine, store.scratch("layered"));
        TRY_ASSIGN(const fs::path theirs, store.scratch("cpack"));
        const double layered = seconds("layered", [&] {
            return packers::pack_layered(plan, mine, scratch / "layered.deb", store);
        });
        seconds(
            "again",
            [&] { return packers::pack_layered(plan, mine, scratch / "again.deb", store); },
            layered);
        seconds(
            "cpack",
            [&] { return packers::pack_with_cpack(plan, theirs, scratch / "cpack.deb", system); },
            layered);
        const fs::path root = scratch / "root";
        TRY(link_tree(scratch / "layer/tree", root));
        TRY(make_directories(root / "DEBIAN"));
        TRY(write_file(root / "DEBIAN/control", control));
        seconds(
            "dpkg-deb",
            [&]() -> Result<void> {
                Command command;
                command.argv = {"dpkg-deb", "--root-owner-group", "-Z" + compression,
                                "--build",  root.string(),        (scratch / "dpkg.deb").string()};
                command.environment = clean_environment(scratch, manifest.source_date_epoch);
                TRY(processes.check(command));
                return {};
            },
            layered);
        TRY(remove_tree(root));
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_pack DIRECTORY [zstd|gzip|xz...]\n");
        return 2;
    }
    std::vector<std::string> compressions(argv + 2, argv + argc);
    if (compressions.empty()) compressions = {"zstd", "gzip"};
    const auto scratch = make_scratch(fs::temp_directory_path(), "bench");
    if (!scratch) return 4;
    const auto compared = compare(fs::absolute(argv[1]), compressions, *scratch);
    if (!compared)
        std::fprintf(stderr, "%s: %s\n", compared.error().subject.c_str(),
                     compared.error().cause.c_str());
    return remove_tree(*scratch) && compared ? 0 : 4;
}
