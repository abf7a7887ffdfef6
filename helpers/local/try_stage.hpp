// The throwaway places in which a package is tried.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "local/try.hpp"
#include "model/package_description.hpp"
#include "system/process/namespace.hpp"
#include "system/process/scratch.hpp"

namespace dba {

class TryStage {
 public:
    // Unpacks the package, and makes what its postinst would make. bad_input for a package that
    // does not describe itself.
    static Result<TryStage> prepare(const TryOptions& options);

    [[nodiscard]] const PackageDescription& description() const { return description_; }
    [[nodiscard]] std::filesystem::path tree() const { return scratch_->path() / "tree"; }
    // A namespace in which a service can be started; each has one.
    [[nodiscard]] Result<Namespace> enter(const std::string& service) const;
    [[nodiscard]] std::filesystem::path log_of(const std::string& service) const;
    [[nodiscard]] bool has_credential(const std::string& name) const;
    // Whether the commands of MIGRATE have come to their end.
    [[nodiscard]] bool migrated() const;
    // Files in which ports were replaced.
    [[nodiscard]] const std::vector<std::string>& changed() const { return changed_; }
    Result<void> remove() { return scratch_->remove(); }

 private:
    explicit TryStage(std::unique_ptr<ScratchDirectory> scratch) : scratch_(std::move(scratch)) {}
    Result<void> lay_out(const TryOptions& options);
    Result<void> replace_ports(const std::map<std::string, std::string>& ports);
    Result<void> add_user() const;

    std::unique_ptr<ScratchDirectory> scratch_;
    PackageDescription description_;
    std::filesystem::path root_;
    Isolation isolation_ = Isolation::none;
    std::vector<std::string> changed_;
};

}  // namespace dba
