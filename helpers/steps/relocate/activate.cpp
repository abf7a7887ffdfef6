#include "steps/relocate/activate.hpp"

#include <fmt/format.h>

#include "python/venv.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

Result<void> write_activate_scripts(const fs::path& python, const fs::path& root,
                                    const Manifest& manifest, System& system) {
    const fs::path bin = root / fs::path(manifest.prefix).relative_path() / "bin";
    TRY(make_directories(bin));
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("activate"));
    const fs::path prefix(manifest.prefix);
    TRY_ASSIGN(const auto ran,
               run_python(python,
                          {"-I", "-B", "-c", std::string(resource("python/activate.py")),
                           (scratch / prefix.filename()).string(), manifest.prefix, bin.string()},
                          "", manifest, system));
    if (ran.status != 0)
        return system_error(
            python.string(),
            fmt::format("its venv module gave no activate scripts:\n{}", last_lines(ran.err, 5)));
    return {};
}

}  // namespace dba::steps
