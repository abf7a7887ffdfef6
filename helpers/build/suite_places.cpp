#include "build/suite_places.hpp"

#include <algorithm>
#include <map>

#include "formats/text/text.hpp"
#include "model/named_paths.hpp"
#include "system/files/files.hpp"
#include "system/git/paths.hpp"

namespace dba {
namespace {

// What every Debian system has of its own. Places in /tmp and /var/tmp are the machine's.
bool is_of_the_system(const fs::path& path) {
    static const std::vector<std::string> own{"bin",   "boot",  "dev",    "etc",  "lib",
                                              "lib32", "lib64", "libx32", "proc", "run",
                                              "sbin",  "sys",   "usr"};
    const auto first = std::next(path.begin());
    return first == path.end() || std::find(own.begin(), own.end(), first->string()) != own.end();
}

std::string first_line_in(const fs::path& file) {
    const auto text = read_file(file);
    return text ? text->substr(0, text->find('\n')) : "";
}

class Places {
 public:
    explicit Places(fs::path base) : base_(std::move(base)) {}

    // A directory, or the one of a file: what is named there may name its neighbours.
    void see(const std::string& named) {
        if (named.empty()) return;
        const fs::path path = absolute(named);
        const fs::path directory = directory_exists(path) ? path : path.parent_path();
        if (directory_exists(directory) && !is_of_the_system(directory)) add(directory, false);
    }
    void see_all(const std::vector<std::string>& all) {
        for (const std::string& one : all) see(one);
    }

    // With all of the repository that it lies in, and what that takes from others.
    void see_source(const std::string& named) {
        if (named.empty()) return;
        const fs::path own = absolute(named);
        const fs::path around = repository_around(own);
        const fs::path& top = around.empty() ? own : around;
        if (!directory_exists(top)) return;
        add(top, false);
        see_git(directory_exists(top / ".git") || file_exists(top / ".git") ? top / ".git" : top);
    }

    void see_repository(const std::string& named) {
        if (!repository_around(absolute(named)).empty()) see_source(named);
    }

    void write(const fs::path& directory) {
        if (!directory.empty()) add(directory, true);
    }

    std::vector<SuitePlace> take() {
        std::vector<SuitePlace> out;
        for (const auto& [path, writable] : places_) {
            // The nearest one above decides: what is written may lie in a source that is only seen.
            const auto above =
                std::find_if(out.rbegin(), out.rend(), [&, here = &path](const SuitePlace& other) {
                    return text::is_within(here->string(), other.path.string());
                });
            if (above == out.rend() || above->writable != writable) out.push_back({path, writable});
        }
        return out;
    }

 private:
    [[nodiscard]] fs::path absolute(const std::string& named) const {
        const auto local = local_repository(named);
        fs::path path = (base_ / local.value_or(named)).lexically_normal();
        return path.has_filename() ? path : path.parent_path();
    }

    // gitrepository-layout(5): a linked work tree, and objects of another repository.
    void see_git(const fs::path& found) {
        fs::path git = found;
        if (file_exists(git)) {
            const std::string line = first_line_in(git);
            if (!line.starts_with("gitdir: ")) return;
            git = (git.parent_path() / line.substr(8)).lexically_normal();
        }
        if (const std::string common = first_line_in(git / "commondir"); !common.empty())
            git = (git / common).lexically_normal();
        if (directory_exists(git)) add(git.has_filename() ? git : git.parent_path(), false);
        const std::string others = read_file(git / "objects/info/alternates").value_or("");
        for (const std::string_view line : text::split(others, '\n'))
            if (!line.empty()) see((git / "objects" / line).string());
    }

    void add(const fs::path& path, bool writable) {
        places_[path] = places_[path] || writable;
        // The same by the name without links, which programs may find out.
        std::error_code failed;
        const fs::path real = fs::canonical(path, failed);
        if (!failed) places_[real] = places_[real] || writable;
    }

    fs::path base_;
    std::map<fs::path, bool> places_;
};

}  // namespace

std::vector<SuitePlace> suite_places(const Declaration& declaration, const BuildOptions& options,
                                     const Environment& environment) {
    Places places(declaration.directory);
    places.see_source(declaration.directory);
    places.see_source(declaration.source_dir);
    if (declaration.git && local_repository(declaration.git->repository))
        places.see_source(declaration.git->repository);
    for (const auto* all : {&declaration.build_inputs, &declaration.extra_index_urls})
        places.see_all(*all);
    for (const std::string& one : {declaration.wheelhouse, declaration.index_url}) places.see(one);
    Declaration copy = declaration;
    for (const NamedPath& named : named_paths(copy)) {
        places.see(*named.path);
        // Whether it is committed is asked of its repository.
        if (declaration.git) places.see_repository(*named.path);
    }
    for (const auto& [name, value] : environment)
        if (name.starts_with("UV_") || name.starts_with("PIP_"))
            for (const auto& word : text::split(value, ' '))
                if (word.starts_with('/') || word.starts_with("file:"))
                    places.see(std::string(word));
    places.see(options.declaration.parent_path());

    for (const char* name : {"UV_CACHE_DIR", "PIP_CACHE_DIR"})
        if (const auto found = environment.find(name); found != environment.end())
            places.write(found->second);
    for (const fs::path& file : {options.work, options.output, options.pin, options.depfile})
        places.write(file.parent_path());
    places.write(options.work);
    places.write(options.output_dir);
    places.write(options.cache.directory);
    return places.take();
}

}  // namespace dba
