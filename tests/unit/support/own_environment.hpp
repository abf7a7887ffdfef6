// A test that changes this process's environment, which is as before when it has ended.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary.hpp"

namespace dba::testing {

class OwnEnvironment : public Temporary {
 protected:
    void set(const std::string& name, const std::string& value) {
        const char* before = std::getenv(name.c_str());
        saved_.emplace_back(name,
                            before != nullptr ? std::optional<std::string>(before) : std::nullopt);
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    void unset(const std::string& name) {
        set(name, "");
        ::unsetenv(name.c_str());
    }
    void TearDown() override {
        for (auto item = saved_.rbegin(); item != saved_.rend(); ++item) {
            if (item->second)
                ::setenv(item->first.c_str(), item->second->c_str(), 1);
            else
                ::unsetenv(item->first.c_str());
        }
        Temporary::TearDown();
    }

 private:
    std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

}  // namespace dba::testing
