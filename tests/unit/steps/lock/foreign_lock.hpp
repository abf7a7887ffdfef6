// Locks of other tools against a wheelhouse, for tests of what they come to.
#pragma once

#include <fmt/format.h>

#include <string>

#include "steps/lock/formats.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/digest.hpp"

namespace dba::steps::testing {

inline const std::string other_sha = std::string(64, 'b');

class ForeignLock : public dba::testing::EnvironmentTest {
 protected:
    std::string sha_ = *sha256_file(wheelhouse_ / "greet-2.0-py3-none-any.whl");

    // The pins that a lock comes to, or what is said against it.
    std::string pins(const std::string& name, const std::string& text) {
        manifest_.lock = shop_.directory.write(name, text);
        const auto lock = locked();
        if (!lock) return dba::testing::said(lock.error());
        const std::string bytes = *read_file(lock->file);
        return bytes.substr(bytes.find('\n') + 1);
    }
    std::string file(const std::string& name) { return (shop_.directory.path() / name).string(); }

    [[nodiscard]] std::string pylock(const std::string& version = "2.0",
                                     const std::string& more = "") const {
        return fmt::format(R"L(lock-version = "1.0"
created-by = "test"
{2}
[[packages]]
name = "Greet"
version = "{0}"
wheels = [{{ url = "https://example.org/greet-{0}-py3-none-any.whl", hashes = {{ sha256 = "{1}" }} }}]

[[packages]]
name = "windows-only"
version = "1"
marker = "sys_platform == 'win32'"
wheels = [{{ url = "https://example.org/w-1-py3-none-any.whl", hashes = {{ sha256 = "{1}" }} }}]

[[packages]]
name = "shout"
version = "1"
marker = "'loud' in extras"
sdist = {{ url = "https://example.org/shout-1.tar.gz", hashes = {{ sha256 = "{3}" }} }}

[[packages]]
name = "hello"
directory = {{ path = ".", editable = true }}
)L",
                           version, sha_, more, other_sha);
    }
    [[nodiscard]] std::string greet_pin() const {
        return "greet==2.0 \\\n    --hash=sha256:" + sha_ + "\n";
    }
    [[nodiscard]] std::string shout_pin() const {
        return "shout==1 \\\n    --hash=sha256:" + other_sha + "\n";
    }
    [[nodiscard]] std::string poetry(const std::string& lock_version = "2.1") const {
        return fmt::format(R"L([[package]]
name = "greet"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
markers = "python_version < \"3\""
files = [{{ file = "greet-1.0-py3-none-any.whl", hash = "sha256:{1}" }}]

[[package]]
name = "greet"
version = "2.0"
optional = false
python-versions = ">=3.8"
files = [{{ file = "greet-2.0-py3-none-any.whl", hash = "sha256:{0}" }}]

[package.dependencies]
deep = {{ version = "^0.2", extras = ["more"], markers = "os_name == \"posix\"" }}
windows-only = {{ version = "*", markers = "sys_platform == \"win32\"" }}
unasked = {{ version = "*", optional = true }}

[package.extras]
nice = ["unasked (>=1)"]

[[package]]
name = "deep"
version = "0.2.9"
files = [{{ file = "deep-0.2.9.tar.gz", hash = "sha256:{1}" }}]

[package.dependencies]
deeper = [{{ version = ">=3", markers = "python_version < \"3\"" }}, {{ version = "<3", markers = "python_version >= \"3\"" }}]
optional-one = {{ version = "1.*", optional = true }}

[package.extras]
more = ["optional-one (==1.*)"]

[[package]]
name = "deeper"
version = "3.1"
files = [{{ file = "deeper-3.1.tar.gz", hash = "sha256:{1}" }}]

[[package]]
name = "deeper"
version = "2.1"
files = [{{ file = "deeper-2.1.tar.gz", hash = "sha256:{1}" }}]

[[package]]
name = "optional-one"
version = "1.7"
files = [{{ file = "optional_one-1.7.tar.gz", hash = "sha256:{1}" }}]

[[package]]
name = "only-for-tests"
version = "1.0"
groups = ["dev"]
files = [{{ file = "only_for_tests-1.0.tar.gz", hash = "sha256:{1}" }}]

[metadata]
lock-version = "{2}"
python-versions = ">=3.8"
content-hash = "0"
)L",
                           sha_, other_sha, lock_version);
    }
};

}  // namespace dba::steps::testing
