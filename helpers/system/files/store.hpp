// Where steps keep what they made: WORK/<step>/<key>/, complete or absent.
//
// A key is the digest of everything the step read (its receipt). Output is made under WORK/tmp
// with a random name and renamed into place, so a killed build leaves nothing that a later one
// could mistake for finished work; what no step of a finished build asked for is dropped.
#pragma once

#include <array>
#include <concepts>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/choices.hpp"
#include "model/layer.hpp"
#include "model/result.hpp"
#include "system/log.hpp"

namespace dba {

// How far what a step made may go from the work directory that it was made in. More than `none`
// only where neither the receipt nor the output names a place of the build.
enum class Sharing {
    none,
    machine,   // to builds on this machine, as long as its packages are the same: something was
               // compiled or run for it, and what that found here is in no receipt
    anywhere,  // to whatever machine of the same release runs this very program
};
template <>
inline constexpr std::array<std::string_view, 3> choices_of<Sharing> = {"none", "machine",
                                                                        "anywhere"};

// What a step read, by name: "manifest.prefix" -> value or digest. Sorted, hence canonical.
struct Receipt {
    std::string step;
    int format = 1;  // the step's own; raised when the same inputs give another output
    std::map<std::string, std::string> inputs;
    Sharing sharing = Sharing::none;  // enters no digest

    Receipt& share(Sharing how_far) {
        sharing = how_far;
        return *this;
    }

    // One encoding for all steps. A list has an item a line, in its order; a newline, a backslash
    // and an empty item are written \n, \\ and \e, so no two lists look alike, and a list of lists
    // is a list of such texts. A layer is its digest, a choice its word; bool is "yes" or "no".
    Receipt& add(const std::string& name, std::string value);
    Receipt& add(const std::string& name, const std::vector<std::string>& list);
    Receipt& add(const std::string& name, const std::vector<std::vector<std::string>>& lists);
    template <class Choice>
    requires std::is_enum_v<Choice> Receipt& add(const std::string& name, Choice choice) {
        return add(name, word_of(choice));
    }
    Receipt& add(const std::string& name, const Layer& layer);
    Receipt& add(const std::string& name, const std::vector<Layer>& layers);
    template <std::integral Number>
    Receipt& add(const std::string& name, Number value) {
        if constexpr (std::same_as<Number, bool>)
            return add(name, std::string(value ? "yes" : "no"));
        else
            return add(name, std::to_string(value));
    }

    // Hex, over all of it: what an output is addressed by, but for the program that makes it.
    [[nodiscard]] std::string digest() const;
};

// What is kept for other work directories too (system/cache/shared_cache.hpp). None of this fails
// a build: what cannot be had is made, and what cannot be kept is not.
struct SharedName {
    std::string step;
    std::string digest;  // of the receipt and the program
    Sharing sharing = Sharing::none;
};
class SharedEntries {
 public:
    SharedEntries() = default;
    SharedEntries(const SharedEntries&) = delete;
    SharedEntries& operator=(const SharedEntries&) = delete;
    virtual ~SharedEntries() = default;
    // Fills `fresh` and says what the receipt was; otherwise `fresh` stays empty. By several
    // threads at once.
    virtual std::optional<std::string> take(const SharedName& name,
                                            const std::filesystem::path& fresh) = 0;
    // True when it is there now, for whoever looks in all places that mark() names.
    virtual bool give(const SharedName& name, const std::filesystem::path& directory,
                      const std::string& receipt) = 0;
    // It was used, though not taken.
    virtual void touch(const SharedName& name) = 0;
    [[nodiscard]] virtual std::string mark() const = 0;
    virtual void finish() = 0;
};

class Store {
 public:
    // `program` is the digest of this program: an upgrade makes everything anew.
    Store(std::filesystem::path work, std::string program);

    // Receipts that say so are looked for there before anything is made. What a step warned of when
    // it made something, `log` says again when that is taken. Both outlive the store.
    void share_with(SharedEntries& entries, RecordingLog& log);

    // Takes the lock of the work directory (one build at a time) and clears WORK/tmp.
    Result<void> open();

    // The finished directory for `receipt`. `make` is called with a fresh, empty directory only
    // when there is none yet. The receipt lies beside it, as KEY.receipt.json. An error of `make`
    // that names no step gets the receipt's.
    Result<std::filesystem::path> obtain(
        const Receipt& receipt,
        const std::function<Result<void>(const std::filesystem::path& fresh)>& make);

    // A part of what a step is making, as obtain() has it, by several threads at once (each part by
    // one): no step's work in made(). It is not forced to the disk: after a power failure it may be
    // damaged, and whoever reads it finds out by a digest of its own, and calls drop().
    Result<std::filesystem::path> obtain_part(
        const Receipt& receipt,
        const std::function<Result<void>(const std::filesystem::path& fresh)>& make);
    Result<void> drop(const std::filesystem::path& part);
    // A part of something finished is in use with it, though nobody obtains it.
    void keep_part(const Receipt& receipt);

    // Whether it was put in place in this run, made or taken.
    [[nodiscard]] bool is_new(const std::filesystem::path& finished) const;

    // Gives what this build is made of to the shared entries: once it has passed all checks, so
    // that nothing is there that a build would refuse.
    void give_shared();

    // A fresh scratch directory below WORK/tmp, gone at the next open().
    Result<std::filesystem::path> scratch(const std::string& stem);

    // Drops every step directory that this build did not obtain; none when a step failed.
    Result<void> collect_garbage();

    [[nodiscard]] const std::filesystem::path& work() const { return work_; }
    [[nodiscard]] int made() const { return made_; }  // how many steps did work in this run

    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

 private:
    struct Shared {
        SharedName name;
        std::filesystem::path directory;
    };
    // What there is for a receipt, and what it would be called elsewhere.
    struct Place {
        std::string name;  // "STEP/KEY"
        std::filesystem::path finished;
        SharedName shared;
    };
    Place use(const Receipt& receipt);
    Result<void> put_in_place(const Place& place, const std::filesystem::path& fresh,
                              const std::string& receipt);
    // What was warned of when it was made.
    void say_again(const std::string& receipt);

    std::filesystem::path work_;
    std::string program_;
    SharedEntries* entries_ = nullptr;
    RecordingLog* log_ = nullptr;
    mutable std::mutex parts_;  // guards used_, new_ and shared_, while parts are made
    std::set<std::string> used_;
    std::set<std::string> new_;
    std::map<std::string, Shared> shared_;
    int lock_ = -1;
    int made_ = 0;
    bool failed_ = false;  // a step of this run did not finish
};

}  // namespace dba
