#include "python/markers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/text/text.hpp"
#include "python/venv.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba {

Result<MarkerAnswers> marker_answers(const Manifest& manifest, const Layer& interpreter,
                                     System& system) {
    Receipt receipt{"markers"};
    receipt.add("interpreter", interpreter)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.target", manifest.target.state_digest)
        .share(Sharing::machine);
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY_ASSIGN(const fs::path scratch, system.store.scratch("markers"));
                   TRY_ASSIGN(const auto environment,
                              stage_venv(manifest, interpreter, scratch, VenvFor::building));
                   TRY_ASSIGN(const Completed ran,
                              run_python(environment.python,
                                         {"-c", std::string(resource("python/markers.py"))}, "",
                                         manifest, system));
                   if (ran.status != 0)
                       return system_error(manifest.python.executable,
                                           "does not start: " + last_lines(ran.err, 3));
                   return write_file(fresh / "answers.json", ran.out);
               }));
    TRY_ASSIGN(const std::string text, read_file(directory / "answers.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return system_error(manifest.python.executable, "gave an answer that is no JSON: " + text);
    MarkerAnswers answers;
    answers.markers.environment = json.get<std::map<std::string, std::string>>();
    answers.markers.extras = manifest.extras;
    auto& variables = answers.markers.environment;
    if (manifest.target.is_foreign()) {
        variables["platform_machine"] = manifest.target.machine;
        variables["glibc"] = "glibc " + manifest.target.libc;
    }
    answers.machine = variables["platform_machine"];
    answers.abi = "cp" + manifest.python.version;
    answers.abi.erase(std::remove(answers.abi.begin(), answers.abi.end(), '.'), answers.abi.end());
    const std::string glibc = variables["glibc"];  // "glibc 2.36"
    variables.erase("glibc");
    if (const auto dot = glibc.find('.'); dot != std::string::npos)
        answers.glibc_minor = text::leading_number(std::string_view(glibc).substr(dot + 1));
    return answers;
}

}  // namespace dba
