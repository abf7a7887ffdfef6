#include "system/files/store.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "system/files/digest.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

constexpr std::size_t key_length = 32;  // hex digits of the sha256 that name a directory

nlohmann::json to_json(const Receipt& receipt, const std::string& program) {
    return {{"step", receipt.step},
            {"format", receipt.format},
            {"program", program},
            {"inputs", receipt.inputs}};
}

nlohmann::json json_of_warnings(const std::vector<RecordingLog::Warning>& warnings) {
    auto list = nlohmann::json::array();
    for (const auto& [step, message] : warnings) list.push_back({step, message});
    return list;
}

std::string encoded(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& item : list) {
        if (&item != &list.front()) out += '\n';
        if (item.empty()) out += "\\e";
        for (const char byte : item) {
            if (byte == '\\') {
                out += "\\\\";
            } else if (byte == '\n') {
                out += "\\n";
            } else {
                out += byte;
            }
        }
    }
    return out;
}

bool is_key(const std::string& name) {
    return name.size() == key_length &&
           name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// sha256 of the files at the top of what a step made. Trees below are named by their layer.json.
Result<std::map<std::string, std::string>> outputs_of(const fs::path& directory) {
    std::map<std::string, std::string> outputs;
    std::error_code error;
    for (fs::directory_iterator item(directory, error), end; !error && item != end;
         item.increment(error)) {
        std::error_code unreadable;
        if (item->is_symlink(unreadable) || !item->is_regular_file(unreadable)) continue;
        TRY_ASSIGN(outputs[item->path().filename().string()], sha256_file(item->path()));
    }
    if (error) return system_error(directory.string(), "cannot be read: " + error.message());
    return outputs;
}

}  // namespace

Receipt& Receipt::add(const std::string& name, std::string value) {
    inputs.insert_or_assign(name, std::move(value));
    return *this;
}

Receipt& Receipt::add(const std::string& name, const std::vector<std::string>& list) {
    return add(name, encoded(list));
}

Receipt& Receipt::add(const std::string& name, const std::vector<std::vector<std::string>>& lists) {
    std::vector<std::string> items;
    items.reserve(lists.size());
    for (const auto& list : lists) items.push_back(encoded(list));
    return add(name, items);
}

Receipt& Receipt::add(const std::string& name, const Layer& layer) {
    return add(name, layer.digest);
}

Receipt& Receipt::add(const std::string& name, const std::vector<Layer>& layers) {
    std::vector<std::string> digests;
    digests.reserve(layers.size());
    for (const Layer& layer : layers) digests.push_back(layer.digest);
    return add(name, digests);
}

// Inputs may be any bytes (file names): what is not UTF-8 must neither throw nor collide, so the
// digest is made from lengths and bytes, not from the JSON that people read.
std::string Receipt::digest() const {
    std::string canonical;
    const auto append = [&](const std::string& value) {
        canonical += std::to_string(value.size()) + ":" + value;
    };
    append(step);
    append(std::to_string(format));
    for (const auto& [name, value] : inputs) {
        append(name);
        append(value);
    }
    return sha256_hex(canonical);
}

Store::Store(std::filesystem::path work, std::string program)
    : work_(std::move(work)), program_(std::move(program)) {}

Store::~Store() {
    if (lock_ >= 0) ::close(lock_);  // which gives the lock back
}

Result<void> Store::open() {
    TRY(make_directories(work_));
    // Opened again: flock would wait for our own first lock.
    if (lock_ >= 0) ::close(std::exchange(lock_, -1));
    // Hidden: "lock" is the name of a step.
    const fs::path lock_file = work_ / ".lock";
    TRY_ASSIGN(Descriptor lock, dba::lock_file(lock_file, FileLock::exclusive, [&] {
                   std::fprintf(stderr, "waiting for another build that uses %s\n", work_.c_str());
               }));
    lock_ = lock.release();
    TRY(remove_tree(work_ / "tmp"));
    return make_directories(work_ / "tmp");
}

Result<std::filesystem::path> Store::scratch(const std::string& stem) {
    return make_scratch(work_ / "tmp", stem);
}

void Store::share_with(SharedEntries& entries, RecordingLog& log) {
    entries_ = &entries;
    log_ = &log;
}

Store::Place Store::use(const Receipt& receipt) {
    const std::string digest = sha256_hex(receipt.digest() + program_);
    Place place;
    place.name = fmt::format("{}/{}", receipt.step, digest.substr(0, key_length));
    place.finished = work_ / place.name;
    place.shared = {receipt.step, digest, entries_ == nullptr ? Sharing::none : receipt.sharing};
    const std::lock_guard<std::mutex> guard(parts_);
    used_.insert(place.name);
    if (place.shared.sharing != Sharing::none)
        shared_[place.name] = Shared{place.shared, place.finished};
    return place;
}

Result<void> Store::put_in_place(const Place& place, const fs::path& fresh,
                                 const std::string& receipt) {
    TRY(make_directories(place.finished.parent_path()));
    // Before the directory, so that one in its place is always complete; written where the next
    // open() clears away what a killed run has left of it.
    if (!receipt.empty()) {
        const fs::path receipt_file = fresh.string() + ".receipt.json";
        TRY(write_file(receipt_file, receipt));
        if (::rename(receipt_file.c_str(), (place.finished.string() + ".receipt.json").c_str()) !=
            0)
            return errno_error(place.finished.string(), "its receipt cannot be put in place");
    }
    if (::rename(fresh.c_str(), place.finished.c_str()) != 0)
        return errno_error(place.finished.string(), "cannot be put in place");
    const std::lock_guard<std::mutex> guard(parts_);
    new_.insert(place.name);
    return {};
}

void Store::say_again(const std::string& receipt) {
    const auto json = nlohmann::json::parse(receipt, nullptr, false);
    if (!json.is_object() || !json.contains("warnings") || !json["warnings"].is_array()) return;
    for (const auto& one : json["warnings"])
        if (one.is_array() && one.size() == 2 && one[0].is_string() && one[1].is_string())
            log_->warning(one[0].get<std::string>(), one[1].get<std::string>());
}

Result<std::filesystem::path> Store::obtain(
    const Receipt& receipt,
    const std::function<Result<void>(const std::filesystem::path& fresh)>& make) {
    const Place place = use(receipt);
    if (directory_exists(place.finished)) return place.finished;

    TRY_ASSIGN(const fs::path fresh, scratch(receipt.step));
    if (place.shared.sharing != Sharing::none)
        if (const auto taken = entries_->take(place.shared, fresh)) {
            say_again(*taken);
            TRY(put_in_place(place, fresh, *taken));
            return place.finished;
        }
    ++made_;
    const std::size_t warned = log_ == nullptr ? 0 : log_->count();
    if (auto made = make(fresh); !made) {
        failed_ = true;
        Error failure = std::move(made).error();
        if (failure.step.empty()) failure.step = receipt.step;
        return Failure(std::move(failure));
    }
    auto json = to_json(receipt, program_);
    TRY_ASSIGN(json["outputs"], outputs_of(fresh));
    if (log_ != nullptr)
        if (const auto warnings = log_->since(warned); !warnings.empty())
            json["warnings"] = json_of_warnings(warnings);
    TRY(put_in_place(place, fresh,
                     json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"));
    return place.finished;
}

Result<std::filesystem::path> Store::obtain_part(
    const Receipt& receipt,
    const std::function<Result<void>(const std::filesystem::path& fresh)>& make) {
    const Place place = use(receipt);
    if (directory_exists(place.finished)) return place.finished;
    TRY_ASSIGN(const fs::path fresh, scratch(receipt.step));
    if (place.shared.sharing == Sharing::none || !entries_->take(place.shared, fresh))
        TRY(make(fresh));
    TRY(put_in_place(place, fresh, ""));
    return place.finished;
}

bool Store::is_new(const std::filesystem::path& finished) const {
    const std::lock_guard<std::mutex> guard(parts_);
    return new_.contains(finished.lexically_relative(work_).string());
}

void Store::give_shared() {
    if (entries_ == nullptr) return;
    const std::string mark = entries_->mark();
    for (const auto& [name, shared] : shared_) {
        // It says where this has been given already: what was pruned there since is not given again
        // and again by a project that is built daily.
        const fs::path marker = shared.directory.string() + ".shared";
        if (read_file(marker).value_or("") == mark) {
            entries_->touch(shared.name);
            continue;
        }
        const std::string receipt =
            read_file(shared.directory.string() + ".receipt.json").value_or("");
        if (entries_->give(shared.name, shared.directory, receipt)) {
            // Lost or cut short, it is given again: it need not wait for the disk.
            std::ofstream(marker, std::ios::binary | std::ios::trunc) << mark;
        }
    }
    entries_->finish();
}

Result<void> Store::drop(const std::filesystem::path& part) {
    // Out of sight first: a removal cut short must not leave half a directory under its key.
    TRY_ASSIGN(const fs::path grave, scratch("stale"));
    if (::rename(part.c_str(), (grave / "tree").c_str()) != 0)
        return errno_error(part.string(), "cannot be moved");
    return remove_tree(grave);
}

void Store::keep_part(const Receipt& receipt) {
    (void)use(receipt);
}

Result<void> Store::collect_garbage() {
    // A failed build has not asked for what its later steps made; they are still good.
    if (failed_) return {};
    std::vector<fs::path> stale;
    std::error_code error;
    for (fs::directory_iterator step(work_, error), end; !error && step != end;
         step.increment(error)) {
        std::error_code unreadable;
        if (step->is_symlink(unreadable) || !step->is_directory(unreadable)) continue;
        const std::string step_name = step->path().filename().string();
        for (fs::directory_iterator item(step->path(), error), last; !error && item != last;
             item.increment(error)) {
            std::string key = item->path().filename().string();
            key.resize(std::min(key.size(), key.find('.')));  // .receipt.json, .shared
            if (is_key(key) && !used_.contains(fmt::format("{}/{}", step_name, key)))
                stale.push_back(item->path());
        }
    }
    if (error) return system_error(work_.string(), "cannot be read: " + error.message());
    for (const auto& path : stale) {
        if (path.has_extension()) {
            TRY(remove_tree(path));
            continue;
        }
        TRY(drop(path));
    }
    return {};
}

}  // namespace dba
