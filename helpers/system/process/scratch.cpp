#include "system/process/scratch.hpp"

#include <utility>

#include "system/files/files.hpp"

namespace dba {

ScratchDirectory::ScratchDirectory(std::filesystem::path path) : path_(std::move(path)) {}

Result<std::unique_ptr<ScratchDirectory>> ScratchDirectory::make(
    const std::filesystem::path& parent, const std::string& stem) {
    TRY_ASSIGN(fs::path path, make_scratch(parent, stem));
    std::unique_ptr<ScratchDirectory> made(new ScratchDirectory(path));
    TRY_ASSIGN(made->undo_, Undo::begin([path] { return remove_tree(path).has_value(); }));
    return made;
}

Result<void> ScratchDirectory::remove() {
    if (path_.empty()) return {};
    auto removed = remove_tree(path_);
    if (undo_ && removed) undo_->done();
    undo_.reset();
    path_.clear();
    return removed;
}

ScratchDirectory::~ScratchDirectory() {
    (void)remove();
}

}  // namespace dba
