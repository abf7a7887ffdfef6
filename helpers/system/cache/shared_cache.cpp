#include "system/cache/shared_cache.hpp"

#include <fmt/format.h>

#include <utility>

#include "system/files/digest.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

// Of what an entry is keyed by, and of its file: raised when either changes.
constexpr const char* key_format = "1";

// What an installer puts together, and is kept once more relocated: a large one is sooner made
// again from the installer's own cache than copied from here.
constexpr std::uint64_t most_for_this_machine = std::uint64_t{64} << 20U;

bool is_large(const fs::path& directory) {
    const auto entries = list_tree(directory, "", false);
    std::uint64_t bytes = 0;
    for (const LayerEntry& entry : entries.value_or(std::vector<LayerEntry>())) bytes += entry.size;
    return bytes > most_for_this_machine;
}

// After pruning there is room for some builds more.
std::uint64_t after_pruning(std::uint64_t max_size) {
    return max_size / 10 * 9;
}

// What a take that failed has left.
Result<void> clear(const fs::path& directory) {
    for (const fs::path& path : paths_in(directory)) TRY(remove_tree(path));
    return {};
}

}  // namespace

SharedCache::SharedCache(CacheSettings settings, Log& log, std::unique_ptr<RemoteCache> remote)
    : settings_(std::move(settings)), log_(log), remote_(std::move(remote)) {
    if (settings_.directory.empty()) return;
    auto local = LocalCache::open(settings_.directory);
    if (!local) {
        const Error& error = local.error();
        const std::string hint = error.hint.empty() ? "" : fmt::format(" ({})", error.hint);
        warn(fmt::format("{} {}, and is not used{}", error.subject, error.cause, hint));
        return;
    }
    local_ = std::move(*local);
    if (!settings_.url.empty() && !remote_) remote_ = std::make_unique<RemoteCache>(settings_.url);
}

std::string SharedCache::key_of(const SharedName& name) {
    const std::lock_guard<std::mutex> guard(mutex_);
    std::string& around = name.sharing == Sharing::machine ? here_ : near_;
    if (around.empty()) around = surroundings(name.sharing);
    return sha256_hex(
        fmt::format("{}\n{}\n{}\n{}", key_format, word_of(name.sharing), name.digest, around));
}

bool SharedCache::goes_out(const SharedName& name) const {
    return remote_ != nullptr && name.sharing == Sharing::anywhere;
}

void SharedCache::warn(const std::string& message) {
    log_.warning("cache", message);
}

void SharedCache::give_up_remote(const Error& error) {
    warn(fmt::format("{} {}; this build goes on without it", error.subject, error.cause));
    remote_.reset();
}

std::optional<std::string> SharedCache::take(const SharedName& name, const fs::path& fresh) {
    if (!local_) return std::nullopt;
    const std::string key = key_of(name);
    for (const bool is_fetched : {false, true}) {
        if (is_fetched && !fetch(name, key)) return std::nullopt;
        auto taken = local_->take(name.step, key, fresh);
        if (taken && *taken) {
            const std::lock_guard<std::mutex> guard(mutex_);
            ++taken_;
            return std::move(**taken);
        }
        if (taken) continue;
        // Making it will say what is wrong with the work directory, if anything still is.
        if (!clear(fresh) || taken.error().code != ExitCode::bad_input) return std::nullopt;
        (void)remove_tree(local_->file_of(name.step, key));
        const std::lock_guard<std::mutex> guard(mutex_);
        warn(fmt::format("{} {}; dropped, and made again", taken.error().subject,
                         taken.error().cause));
        if (is_fetched)
            give_up_remote({ExitCode::bad_input, {}, settings_.url, "has a damaged entry", {}});
    }
    return std::nullopt;
}

// One at a time: there is one connection.
bool SharedCache::fetch(const SharedName& name, const std::string& key) {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (!goes_out(name) || is_full_) return false;
    const auto temporary = local_->temporary();
    if (!temporary) return false;
    auto fetched = remote_->get(key, *temporary, settings_.max_size);
    if (fetched && *fetched) {
        is_changed_ = true;
        return local_->put_in_place(*temporary, name.step, key).has_value();
    }
    (void)remove_tree(temporary->parent_path());
    if (!fetched) give_up_remote(fetched.error());
    return false;
}

bool SharedCache::push(const SharedName& name, const std::string& key) {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (!settings_.push || settings_.url.empty() || name.sharing != Sharing::anywhere) return true;
    if (!remote_) return false;
    const auto has = remote_->has(key);
    if (has && *has) return true;
    const auto put = has ? remote_->put(key, local_->file_of(name.step, key))
                         : Result<void>(Failure(has.error()));
    if (!put) give_up_remote(put.error());
    return put.has_value();
}

bool SharedCache::write(const SharedName& name, const std::string& key, const fs::path& directory,
                        const std::string& receipt) {
    if (is_full_) return false;
    if (auto given = local_->give(name.step, key, receipt, directory); !given) {
        // A disk that is full, or a directory that this user only reads.
        is_full_ = true;
        warn(fmt::format("{} {}; nothing more is kept there", given.error().subject,
                         given.error().cause));
        return false;
    }
    is_changed_ = true;
    return true;
}

bool SharedCache::give(const SharedName& name, const fs::path& directory,
                       const std::string& receipt) {
    if (!local_ || !directory_exists(directory)) return false;
    const std::string key = key_of(name);
    const bool is_there = local_->touch(name.step, key);
    if (!is_there && name.sharing == Sharing::machine && is_large(directory)) return true;
    if (!is_there && !write(name, key, directory, receipt)) return false;
    return push(name, key);
}

void SharedCache::touch(const SharedName& name) {
    if (local_) (void)local_->touch(name.step, key_of(name));
}

std::string SharedCache::mark() const {
    return fmt::format("{}\n{}\n", settings_.directory.string(),
                       settings_.push ? settings_.url : std::string());
}

void SharedCache::finish() {
    if (!local_) return;
    if (taken_ > 0)
        log_.step("cache", fmt::format("{} of the build's parts were taken from {}", taken_,
                                       settings_.directory.string()));
    if (is_changed_)
        (void)prune_cache(settings_.directory, settings_.max_size,
                          after_pruning(settings_.max_size));
}

}  // namespace dba
