// libgit2's objects as values that free themselves, and its errors as ours.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "model/result.hpp"

namespace dba::git {

template <auto Free>
struct FreeBy {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Repository = std::unique_ptr<git_repository, FreeBy<git_repository_free>>;
using Object = std::unique_ptr<git_object, FreeBy<git_object_free>>;
using Commit = std::unique_ptr<git_commit, FreeBy<git_commit_free>>;
using Tree = std::unique_ptr<git_tree, FreeBy<git_tree_free>>;
using TreeEntry = std::unique_ptr<git_tree_entry, FreeBy<git_tree_entry_free>>;
using Blob = std::unique_ptr<git_blob, FreeBy<git_blob_free>>;
using Reference = std::unique_ptr<git_reference, FreeBy<git_reference_free>>;
using ReferenceIterator =
    std::unique_ptr<git_reference_iterator, FreeBy<git_reference_iterator_free>>;
using Remote = std::unique_ptr<git_remote, FreeBy<git_remote_free>>;
using StatusList = std::unique_ptr<git_status_list, FreeBy<git_status_list_free>>;
using DescribeResult = std::unique_ptr<git_describe_result, FreeBy<git_describe_result_free>>;
using RevisionWalk = std::unique_ptr<git_revwalk, FreeBy<git_revwalk_free>>;
using Index = std::unique_ptr<git_index, FreeBy<git_index_free>>;
using Diff = std::unique_ptr<git_diff, FreeBy<git_diff_free>>;
using Config = std::unique_ptr<git_config, FreeBy<git_config_free>>;
using ConfigIterator = std::unique_ptr<git_config_iterator, FreeBy<git_config_iterator_free>>;

// A git_buf that frees itself.
struct Buffer {
    git_buf raw{};
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { git_buf_dispose(&raw); }
    [[nodiscard]] std::string text() const { return {raw.ptr == nullptr ? "" : raw.ptr, raw.size}; }
};

// The text of libgit2's last error in this thread.
inline std::string message() {
    const git_error* error = git_error_last();
    return error == nullptr || error->message == nullptr ? "unknown failure" : error->message;
}

inline std::string hex(const git_oid& id) {
    return git_oid_tostr_s(&id);
}

}  // namespace dba::git
