#include <fmt/format.h>

#include "cli/options.hpp"
#include "formats/debian/control.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "system/files/archive.hpp"
#include "system/files/files.hpp"

namespace dba::cli {

namespace {

constexpr const char* kind_letters[] = {"d", "-", "l"};

std::string line_of(const ArchiveEntry& item) {
    const auto& entry = item.entry;
    std::string target;
    if (entry.kind == EntryKind::symlink) target = " -> " + text::visible(entry.link_target);
    if (!item.hardlink_target.empty()) target = " link to " + text::visible(item.hardlink_target);
    return fmt::format("{}{:04o} {:>10} {}{}\n", kind_letters[static_cast<int>(entry.kind)],
                       entry.mode, entry.size, text::visible(entry.path), target);
}

nlohmann::json json_of(const ArchiveEntry& item) {
    nlohmann::json value{{"path", json_from_bytes(item.entry.path)},
                         {"mode", fmt::format("{:04o}", item.entry.mode)}};
    if (item.entry.kind == EntryKind::symlink)
        value["target"] = json_from_bytes(item.entry.link_target);
    else if (item.entry.kind == EntryKind::file && item.hardlink_target.empty())
        value.update({{"size", item.entry.size}, {"sha256", item.entry.sha256}});
    if (!item.hardlink_target.empty()) value["hardlink"] = json_from_bytes(item.hardlink_target);
    return value;
}

}  // namespace

Result<void> run_inspect(const Arguments& arguments, const CommandLine& self) {
    auto options = make_options(self, "FILE.deb",
                                "deb-build-app inspect --files hello-flask_1.0.0-1_amd64.deb");
    auto add = options.add_options();
    add("file", "the package to look into", cxxopts::value<std::string>());
    add("files", "list every entry");
    add("scripts", "show the maintainer scripts");
    add("json", "all of it as JSON on stdout");
    options.parse_positional({"file"});
    TRY_ASSIGN(const auto parsed, parse(options, arguments));
    if (!parsed) return {};
    if (parsed->count("file") == 0)
        return usage_error("inspect", "has no file to look into", "name a .deb");
    const fs::path file = (*parsed)["file"].as<std::string>();
    TRY_ASSIGN(const auto contents, within_memory(file.string(), [&] { return read_deb(file); }));
    TRY_ASSIGN(const auto stanzas, parse_control(contents.control.at("control"), file.string()));
    if (stanzas.size() != 1) return bad_input(file.string(), "its control file is not one stanza");

    if (parsed->count("json") != 0) {
        nlohmann::json control, scripts, files = nlohmann::json::array();
        for (const auto& [name, value] : stanzas[0].fields) control[name] = json_from_bytes(value);
        for (const auto& [name, bytes] : contents.control)
            if (name != "control") scripts[text::visible(name)] = json_from_bytes(bytes);
        for (const auto& item : contents.data) files.push_back(json_of(item));
        print_json(json_text({{"members", contents.members},
                              {"control", control},
                              {"control_files", scripts},
                              {"files", files}}));
        return {};
    }
    print(text::visible_lines(contents.control.at("control")));
    std::string names;
    for (const auto& [name, bytes] : contents.control)
        if (name != "control") names += " " + text::visible(name);
    print(fmt::format("\ncontrol files:{}\nentries: {}\n", names, contents.data.size()));
    if (parsed->count("scripts") != 0)
        for (const char* name : {"config", "preinst", "postinst", "prerm", "postrm"})
            if (const auto it = contents.control.find(name); it != contents.control.end())
                print(fmt::format("\n==> {} <==\n{}", name, text::visible_lines(it->second)));
    if (parsed->count("files") != 0)
        for (const auto& item : contents.data) print(line_of(item));
    return {};
}

}  // namespace dba::cli
