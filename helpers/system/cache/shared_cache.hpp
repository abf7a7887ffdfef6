// The shared cache as a build sees it: the directory, behind it a server where one is named.
//
// It never fails a build. What is damaged is dropped with a warning and made again; a server that
// is down, slow or lies costs one warning, and is not asked again in this run.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "system/cache/local_cache.hpp"
#include "system/cache/remote_cache.hpp"
#include "system/cache/settings.hpp"
#include "system/files/store.hpp"
#include "system/log.hpp"

namespace dba {

class SharedCache final : public SharedEntries {
 public:
    // A directory that cannot be used is a warning, and then there is no cache.
    SharedCache(CacheSettings settings, Log& log, std::unique_ptr<RemoteCache> remote = {});

    std::optional<std::string> take(const SharedName& name, const fs::path& fresh) override;
    bool give(const SharedName& name, const fs::path& directory,
              const std::string& receipt) override;
    void touch(const SharedName& name) override;
    [[nodiscard]] std::string mark() const override;
    // Tells what was taken, and keeps the directory below its limit.
    void finish() override;

 private:
    [[nodiscard]] std::string key_of(const SharedName& name);
    [[nodiscard]] bool goes_out(const SharedName& name) const;
    bool fetch(const SharedName& name, const std::string& key);
    bool push(const SharedName& name, const std::string& key);
    bool write(const SharedName& name, const std::string& key, const fs::path& directory,
               const std::string& receipt);
    void warn(const std::string& message);
    void give_up_remote(const Error& error);

    CacheSettings settings_;
    Log& log_;
    std::optional<LocalCache> local_;
    std::mutex mutex_;  // guards all below
    std::unique_ptr<RemoteCache> remote_;
    std::string here_, near_;  // the surroundings, once they were asked for
    bool is_full_ = false;     // or cannot be written to
    bool is_changed_ = false;  // there are entries that were not there before
    int taken_ = 0;
};

}  // namespace dba
