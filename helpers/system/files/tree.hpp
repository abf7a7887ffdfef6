// Whole trees of files: listing, digests, copies, layers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

// Every path below `root` (directories, files, symlinks; never followed), sorted bytewise, as
// entries whose `path` is `prefix` + "/" + relative path ("/" + relative when prefix is "").
// `hash` = false leaves sha256 empty. A socket, fifo or device is an error by name.
// A path that `keep` (given the relative path) turns down is left out, a directory with all in it.
Result<std::vector<LayerEntry>> list_tree(
    const fs::path& root, const std::string& prefix, bool hash,
    const std::function<bool(const fs::path& relative)>& keep = {});
// sha256 over the sorted entries of a tree: paths, kinds, modes, contents, link targets.
std::string digest_of(const std::vector<LayerEntry>& entries);

// Copies a tree: symlinks stay symlinks, permission bits kept, mtimes not. `keep` decides by the
// relative path (a directory that is not kept is not entered).
Result<void> copy_tree(const fs::path& from, const fs::path& to,
                       const std::function<bool(const fs::path& relative)>& keep = {});
// As copy_tree, with the files' modification times.
Result<void> copy_tree_with_times(const fs::path& from, const fs::path& to);
// As copy_tree, but files become hard links (copies across file systems). Only for trees that
// nobody edits in place.
Result<void> link_tree(const fs::path& from, const fs::path& to);

// Fills in hard_link: the other names of a file that has several in this tree. Links that lead out
// of it (to what an earlier step made) do not belong to the layer. Entries are list_tree(tree, "").
Result<void> note_hard_links(const fs::path& tree, std::vector<LayerEntry>& entries);

// Writes layer.json beside an existing DIRECTORY/tree, from what lies in it.
Result<Layer> seal_layer(const fs::path& directory, const std::string& name);
Result<Layer> load_layer(const fs::path& directory);

}  // namespace dba
