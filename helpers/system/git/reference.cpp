#include "system/git/reference.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"

namespace dba::git {
namespace {

bool is_hex(const std::string& text) {
    return text.size() >= 4 && text.size() <= 40 && text::all_of(text, text::is_hex);
}

Commit peel(git_reference* reference) {
    git_object* object = nullptr;
    if (git_reference_peel(&object, reference, GIT_OBJECT_COMMIT) != 0) return nullptr;
    return Commit(reinterpret_cast<git_commit*>(object));
}

Commit commit_of(git_repository* repository, const std::string& name) {
    git_reference* raw = nullptr;
    if (git_reference_lookup(&raw, repository, name.c_str()) != 0) return nullptr;
    const Reference reference(raw);
    return peel(raw);
}

// Commit id -> names of the tags that lead to it, sorted.
using TagsByCommit = std::map<std::string, std::vector<std::string>>;

TagsByCommit tags_by_commit(git_repository* repository) {
    TagsByCommit tags;
    each_reference(repository, "refs/tags/*", [&](git_reference* reference) {
        if (const Commit commit = peel(reference))
            tags[hex(*git_commit_id(commit.get()))].emplace_back(
                git_reference_shorthand(reference));
    });
    for (auto& [id, names] : tags) std::sort(names.begin(), names.end());
    return tags;
}

// "v1.0-3-gabcdef" -> the tag and the distance.
bool describe_by_libgit2(git_commit* commit, GitCommit& known) {
    git_describe_options options = GIT_DESCRIBE_OPTIONS_INIT;
    options.describe_strategy = GIT_DESCRIBE_TAGS;
    git_describe_result* raw = nullptr;
    if (git_describe_commit(&raw, reinterpret_cast<git_object*>(commit), &options) != 0)
        return false;
    const DescribeResult result(raw);
    git_describe_format_options format = GIT_DESCRIBE_FORMAT_OPTIONS_INIT;
    format.always_use_long_format = 1;
    Buffer text;
    if (git_describe_format(&text.raw, raw, &format) != 0) return false;
    const std::string description = text.text();
    const auto id = description.rfind("-g");
    const auto count = id == std::string::npos ? id : description.rfind('-', id - 1);
    if (count == std::string::npos) return false;
    known.nearest_tag = description.substr(0, count);
    known.distance = std::stoi(description.substr(count + 1, id - count - 1));
    return true;
}

// The commits up to `commit`, newest first, as far as the history is there: a shallow clone ends
// somewhere. Until `visit(id, distance)` says that it is enough.
template <class Visit>
void walk(git_repository* repository, git_commit* commit, const Visit& visit) {
    std::priority_queue<std::pair<git_time_t, std::string>> queue;
    std::set<std::string> seen;
    const auto add = [&](git_commit* next) {
        std::string id = hex(*git_commit_id(next));
        if (seen.insert(id).second) queue.emplace(git_commit_time(next), std::move(id));
    };
    add(commit);
    for (int distance = 0; !queue.empty(); ++distance) {
        const std::string id = queue.top().second;
        queue.pop();
        if (visit(id, distance)) return;
        const Commit next = find_commit(repository, id);
        for (unsigned i = 0; next && i < git_commit_parentcount(next.get()); ++i) {
            git_commit* parent = nullptr;
            if (git_commit_parent(&parent, next.get(), i) != 0) continue;
            const Commit owned(parent);
            add(parent);
        }
    }
}

void describe_by_walking(git_repository* repository, git_commit* commit, const TagsByCommit& tags,
                         GitCommit& known) {
    walk(repository, commit, [&](const std::string& id, int distance) {
        const auto found = tags.find(id);
        if (found == tags.end()) return false;
        known.nearest_tag = found->second.back();
        known.distance = distance;
        return true;
    });
}

// Whether the nearest tag may not be the one that counts: it is no release, or there are releases
// of several products.
bool needs_earlier_tags(const TagsByCommit& tags, const GitCommit& known) {
    if (known.nearest_tag.empty()) return false;
    const auto nearest = parse_release_tag(known.nearest_tag);
    if (!nearest) return true;
    for (const auto& [id, names] : tags)
        for (const auto& name : names)
            if (const auto other = parse_release_tag(name);
                other && other->product != nearest->product)
                return true;
    return false;
}

void find_earlier_tags(git_repository* repository, git_commit* commit, const TagsByCommit& tags,
                       GitCommit& known) {
    constexpr int commits_at_most = 20000;
    constexpr std::size_t tagged_at_most = 100;
    const std::size_t enough = std::min(tags.size(), tagged_at_most);
    walk(repository, commit, [&](const std::string& id, int distance) {
        if (const auto found = tags.find(id); found != tags.end())
            known.earlier_tags.push_back(found->second);
        return known.earlier_tags.size() >= enough || distance >= commits_at_most;
    });
}

Failure unknown_reference(git_repository* repository, const std::string& reference,
                          const std::string& shown_url) {
    std::vector<std::string> names = reference_names(repository);
    std::stable_sort(names.begin(), names.end(), [&](const auto& a, const auto& b) {
        return edit_distance(reference, a) < edit_distance(reference, b);
    });
    std::string hint = names.empty() ? "it has no branch and no tag" : "the nearest names are: ";
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 5); ++i)
        hint.append(i == 0 ? "" : ", ").append(names[i]);
    return bad_input(shown_url, "no commit, tag or branch is named " + reference, hint);
}

}  // namespace

void each_reference(git_repository* repository, const char* glob,
                    const std::function<void(git_reference*)>& visit) {
    git_reference_iterator* raw = nullptr;
    if (git_reference_iterator_glob_new(&raw, repository, glob) != 0) return;
    const ReferenceIterator iterator(raw);
    git_reference* next = nullptr;
    while (git_reference_next(&next, raw) == 0) {
        const Reference reference(next);
        visit(next);
    }
}

Commit find_commit(git_repository* repository, const std::string& id) {
    git_oid oid;
    git_commit* commit = nullptr;
    if (id.size() != 40 || git_oid_fromstr(&oid, id.c_str()) != 0 ||
        git_commit_lookup(&commit, repository, &oid) != 0)
        return nullptr;
    return Commit(commit);
}

std::vector<std::string> reference_names(git_repository* repository) {
    std::set<std::string> names;
    const auto add = [&](git_reference* reference) {
        names.insert(git_reference_shorthand(reference));
    };
    each_reference(repository, "refs/tags/*", add);
    each_reference(repository, "refs/heads/*", add);
    each_reference(repository, "refs/remotes/*", add);
    return {names.begin(), names.end()};
}

GitCommit describe(git_repository* repository, git_commit* commit) {
    GitCommit known;
    known.id = hex(*git_commit_id(commit));
    known.time = git_commit_time(commit);
    const git_signature* author = git_commit_author(commit);
    known.author = std::string(author->name) + " <" + author->email + ">";
    const auto tags = tags_by_commit(repository);
    if (const auto here = tags.find(known.id); here != tags.end()) known.tags = here->second;
    if (!tags.empty() && !describe_by_libgit2(commit, known))
        describe_by_walking(repository, commit, tags, known);
    if (needs_earlier_tags(tags, known)) find_earlier_tags(repository, commit, tags, known);
    return known;
}

Result<GitCommit> resolve_reference(git_repository* repository, const std::string& reference,
                                    const std::string& shown_url) {
    if (const Commit commit = find_commit(repository, reference))
        return describe(repository, commit.get());
    if (reference == "HEAD") {
        if (const Commit commit = commit_of(repository, "HEAD"))
            return describe(repository, commit.get());
        return bad_input(shown_url, "it has no current commit", "commit something first");
    }
    const std::string plain = reference.starts_with("origin/") ? reference.substr(7) : reference;
    const std::vector<std::pair<std::string, std::string>> places{
        {"refs/tags/" + reference, ""},
        {"refs/heads/" + reference, reference},
        {"refs/remotes/" + reference, plain},
        {"refs/remotes/origin/" + reference, reference},
        {"refs/heads/" + plain, plain},  // "origin/x" of a remote that is not cloned
        {reference, reference.starts_with("refs/heads/") ? reference.substr(11) : ""}};
    for (const auto& [name, branch] : places) {
        const Commit commit = commit_of(repository, name);
        if (!commit) continue;
        GitCommit known = describe(repository, commit.get());
        known.branch = branch;
        return known;
    }
    git_oid oid;
    git_object* object = nullptr;
    if (is_hex(reference) && git_oid_fromstrn(&oid, reference.c_str(), reference.size()) == 0) {
        const int found = git_object_lookup_prefix(&object, repository, &oid, reference.size(),
                                                   GIT_OBJECT_COMMIT);
        if (found == GIT_EAMBIGUOUS)
            return bad_input(shown_url, reference + " is the start of several objects' ids",
                             "give more digits of the commit's id");
        if (found == 0) {
            const Commit commit(reinterpret_cast<git_commit*>(object));
            return describe(repository, commit.get());
        }
    }
    return unknown_reference(repository, reference, shown_url);
}

}  // namespace dba::git
