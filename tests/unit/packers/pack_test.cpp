// Real packages by cpack, by our own writer and by fpm's stand-in, read back and compared with the
// plan.
#include <gmock/gmock.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "deb/compare.hpp"
#include "deb/difference.hpp"
#include "deb/stack.hpp"
#include "deb/write.hpp"
#include "formats/debian/control.hpp"
#include "support/packers_fixture.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba::packers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> told(const std::vector<deb::Difference>& differences) {
    std::vector<std::string> lines;
    for (const deb::Difference& one : differences) lines.push_back(one.path + ": " + one.message);
    return lines;
}

// Our own writer, the cpack in PATH and those of DEB_VENV_TEST_CMAKES.
std::vector<std::string> packers() {
    std::vector<std::string> found{"layered"};
    std::istringstream in(TEST_CPACKS);
    for (std::string one; std::getline(in, one, ':');) found.push_back(one);
    return found;
}

class Packer : public PackerTest, public ::testing::WithParamInterface<std::string> {
 protected:
    DebContents pack(Manifest declared) {
        declared.tools.cpack = GetParam();
        const fs::path output = top() / "out.deb";
        const Plan plan{declared, layers, debian()};
        const auto packed = GetParam() == "layered"
                                ? pack_layered(plan, scratch(), output, workshop.store)
                                : pack_with_cpack(plan, scratch(), output, workshop.system);
        EXPECT_TRUE(packed) << packed.error().subject << ": " << packed.error().cause;
        auto contents = read_deb(output);
        EXPECT_TRUE(contents) << contents.error().cause;
        return contents.value_or(DebContents{});
    }
};

TEST_P(Packer, HoldsEveryEntryAsPlanned) {
    const DebContents deb = pack(manifest());
    EXPECT_THAT(told(compare(deb::flatten(layers), deb.data)), IsEmpty());
    EXPECT_THAT(deb.members, ElementsAre("debian-binary", "control.tar.zst", "data.tar.zst"));
}

TEST_P(Packer, ControlMemberIsOurs) {
    const DebContents deb = pack(manifest());
    const auto stanzas = parse_control(deb.control.at("control"), "control").value();
    ASSERT_EQ(stanzas.size(), 1U);
    EXPECT_EQ(*stanzas[0].find("Static-Built-Using"), "python3.11 (= 3.11.2-6)");
    EXPECT_EQ(*stanzas[0].find("X-Deb-Build-Dirty"), "yes");
    EXPECT_EQ(*stanzas[0].find("Version"), "1:1.0~rc1-2");
    EXPECT_EQ(*stanzas[0].find("Breaks"), "hello-old (<< 1.0)");
    EXPECT_EQ(*stanzas[0].find("Installed-Size"),
              std::to_string(deb::installed_size_kib(deb::flatten(layers))));
    EXPECT_EQ(deb.control.at("conffiles"), "/etc/hello/hello.conf\n");
    EXPECT_EQ(deb.control_modes.at("postinst"), 0755U);
    EXPECT_EQ(deb.control_modes.at("triggers"), 0644U);
    EXPECT_EQ(deb.control_modes.at("config"), 0755U);
    EXPECT_EQ(deb.control_modes.at("templates"), 0644U);
    EXPECT_THAT(deb.control.at("md5sums"),
                ::testing::HasSubstr("  opt/venvs/hello/lib/back\\ s\n"));
    EXPECT_THAT(deb.control.at("md5sums"), ::testing::Not(::testing::HasSubstr("etc/hello")));
}

TEST_P(Packer, UmaskClockAndRepetitionChangeNoByte) {
    pack(manifest());
    const std::string first = read_file(top() / "out.deb").value();
    const mode_t before = ::umask(0077);
    pack(manifest());
    ::umask(before);
    EXPECT_TRUE(first == read_file(top() / "out.deb").value());
}

// The number of processors this process may use, for as long as it lives.
class OneProcessor {
 public:
    OneProcessor() {
        ::sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i)
            if (CPU_ISSET(i, &before_)) CPU_SET(i, &one);
        ::sched_setaffinity(0, sizeof one, &one);
    }
    OneProcessor(const OneProcessor&) = delete;
    OneProcessor& operator=(const OneProcessor&) = delete;
    ~OneProcessor() { ::sched_setaffinity(0, sizeof before_, &before_); }

 private:
    cpu_set_t before_{};
};

TEST_F(PackerTest, LayeredIsTheSameOnAnyNumberOfProcessorsAndOthersReadIt) {
    // Several jobs of zstd (8 MiB each) and blocks of xz (24 MiB), of what compresses fast.
    std::string bytes(26U << 20U, '\0');
    for (std::size_t at = 0; at < bytes.size(); at += 65536)
        bytes[at] = static_cast<char>(at >> 16U);
    write(top() / "layer/tree/opt/venvs/hello/large", bytes);
    layers.front() = seal_layer(top() / "layer", "application").value();
    for (const Compression each : {Compression::zstd, Compression::xz, Compression::gzip}) {
        const std::string compression = word_of(each);
        SCOPED_TRACE(compression);
        Manifest declared = manifest();
        declared.compression = each;
        const fs::path many = top() / "many.deb";
        const fs::path one = top() / "one.deb";
        ASSERT_TRUE(pack_layered({declared, layers, debian()}, scratch(), many, workshop.store));
        {
            const OneProcessor only;
            ASSERT_TRUE(pack_layered({declared, layers, debian()}, scratch(), one, workshop.store));
        }
        EXPECT_TRUE(read_file(many).value() == read_file(one).value());
        // One frame or stream alone: dpkg refuses several (deb(5) readers stop at the first).
        for (const std::vector<std::string>& argv : std::vector<std::vector<std::string>>{
                 {"dpkg-deb", "--contents", many.string()},
                 {"ar", "t", many.string()},
                 {"sh", "-c",
                  "case \"$1\" in xz) x='xz -dc'; t='xz -t' ;; zstd) x='zstd -dc'; t='zstd -qt' ;; "
                  "*) x='gzip -dc'; t='gzip -t' ;; esac; "
                  "m=$(ar t \"$2\" | tail -1); ar p \"$2\" \"$m\" >data && $t <data && $x <data | "
                  "tar -tf -",
                  "sh", compression, many.string()}}) {
            Command command{argv, clean_environment(top(), 0), top(), {}};
            const auto read = workshop.processes.check(command);
            EXPECT_TRUE(read) << read.error().cause;
        }
    }
}

TEST_F(PackerTest, HardLinksAreKept) {
    const fs::path lib = top() / "layer/tree/opt/venvs/hello/lib";
    fs::create_hard_link(lib / "sp ace", lib / "zlink");
    layers.front() = seal_layer(top() / "layer", "application").value();
    const auto plan = deb::flatten(layers);
    const auto linked =
        std::find_if(plan.begin(), plan.end(), [](const deb::PlannedEntry& planned) {
            return planned.entry.path == "/opt/venvs/hello/lib/zlink";
        });
    ASSERT_NE(linked, plan.end());
    EXPECT_EQ(linked->entry.hard_link, "/opt/venvs/hello/lib/sp ace");
    EXPECT_EQ(to_json_text(load_layer(top() / "layer").value()), to_json_text(layers.front()));

    const fs::path output = top() / "out.deb";
    ASSERT_TRUE(pack_layered({manifest(), layers, debian()}, scratch(), output, workshop.store));
    const DebContents deb = read_deb(output).value();
    EXPECT_THAT(told(compare(plan, deb.data)), IsEmpty());
    for (const ArchiveEntry& item : deb.data)
        EXPECT_EQ(item.hardlink_target, item.entry.path == "/opt/venvs/hello/lib/zlink"
                                            ? "/opt/venvs/hello/lib/sp ace"
                                            : "");
    EXPECT_THAT(deb.control.at("md5sums"), ::testing::HasSubstr("  opt/venvs/hello/lib/zlink\n"));
    auto once = layers;
    std::erase_if(once.front().entries,
                  [](const LayerEntry& entry) { return !entry.hard_link.empty(); });
    EXPECT_EQ(deb::installed_size_kib(plan), deb::installed_size_kib(deb::flatten(once)))
        << "counted once";
}

TEST_F(PackerTest, AFileThatChangedUnderThePackerIsNamed) {
    write(top() / "host/tree/etc/hello/hello.conf", "greeting = much longer than it was\n");
    const auto packed =
        pack_layered({manifest(), layers, debian()}, scratch(), top() / "out.deb", workshop.store);
    ASSERT_FALSE(packed);
    EXPECT_EQ(packed.error().subject, (top() / "host/tree/etc/hello/hello.conf").string());
    EXPECT_EQ(packed.error().cause,
              "cannot be read, or is another file than when its layer was made");
}

// All that CPack's packages may differ in from our own, hence those of one CMake from another's:
// the entry "./", which CPack leaves out, and how archives are compressed. No file, mode, time,
// owner or control field.
TEST_P(Packer, DiffersFromLayeredInTheArchiveAlone) {
    pack(manifest());
    const fs::path layered = top() / "layered.deb";
    ASSERT_TRUE(pack_layered({manifest(), layers, debian()}, scratch(), layered, workshop.store));
    const auto differences = deb::deb_differences(layered, top() / "out.deb");
    ASSERT_TRUE(differences) << differences.error().cause;
    std::vector<std::string> found;
    for (const deb::DebDifference& one : *differences)
        found.push_back(one.path + ": " + one.nature);
    if (GetParam() == "layered")
        EXPECT_THAT(found, IsEmpty());
    else
        EXPECT_THAT(found, ElementsAre("/: a directory, and nothing"));
}

TEST_P(Packer, CompressesAsAsked) {
    for (const auto& [compression, suffix] :
         {std::pair<Compression, std::string>{Compression::gzip, ".gz"},
          {Compression::xz, ".xz"}}) {
        Manifest declared = manifest();
        declared.compression = compression;
        EXPECT_THAT(pack(declared).members,
                    ElementsAre("debian-binary", "control.tar" + suffix, "data.tar" + suffix));
    }
}

TEST_P(Packer, DpkgReadsIt) {
    pack(manifest());
    Command command;
    command.argv = {"dpkg-deb", "--contents", (top() / "out.deb").string()};
    command.environment = clean_environment(top(), 0);
    const auto listed = workshop.processes.check(command);
    ASSERT_TRUE(listed) << listed.error().cause;
    EXPECT_THAT(listed->out, ::testing::HasSubstr("./opt/venvs/hello/lib/sp ace.d/inner"));
}

INSTANTIATE_TEST_SUITE_P(Each, Packer, ::testing::ValuesIn(packers()),
                         [](const ::testing::TestParamInfo<std::string>& cpack) {
                             return "number" + std::to_string(cpack.index);
                         });

void expect_package_by_fpm(const std::string& fpm, const std::vector<Layer>& layers,
                           const fs::path& debian, const fs::path& scratch, System& system) {
    Manifest declared = manifest();
    declared.tools.fpm = fpm;
    const fs::path output = scratch / "out.deb";
    const Plan plan{declared, layers, debian};
    const auto packed = pack_with_fpm(plan, scratch, output, system);
    ASSERT_TRUE(packed) << packed.error().cause;
    const DebContents deb =
        read_deb(output, [](const std::string& path) { return path.ends_with(".gz"); }).value();
    const deb::WrittenTexts written = fpm_changelogs(plan).value();
    EXPECT_THAT(told(compare(deb::flatten(layers), deb, written)), IsEmpty());
    const std::string docs = "/usr/share/doc/hello/";
    EXPECT_EQ(gunzip(deb.kept.at(docs + "changelog.Debian.gz")).value(), changelog_text);
    EXPECT_EQ(gunzip(deb.kept.at(docs + "changelog.gz")).value(), changelog_text);
    // The layer's own file was not written into.
    const fs::path own = layers.back().directory / "tree/usr/share/doc/hello/changelog.Debian.gz";
    EXPECT_EQ(read_file(own).value(), gzip(changelog_text));
    EXPECT_EQ(deb.control.at("triggers"), "interest-noawait /usr/bin/python3.11\n");
    EXPECT_EQ(deb.control.at("conffiles"), "/etc/hello/hello.conf\n");
    EXPECT_EQ(deb.control.at("config"), "#!/bin/sh\nset -e\n");
    EXPECT_EQ(deb.control.at("templates"), "Template: hello/x\nType: note\nDescription: x\n");
    EXPECT_EQ(deb.control.at("postrm"), "#!/bin/sh\nset -e\nexit 0\n");
    EXPECT_THAT(deb.control.at("control"),
                ::testing::HasSubstr("Static-Built-Using: python3.11 (= 3.11.2-6)\n"));
}

TEST_F(PackerTest, FpmStandInMakesThePlannedPackage) {
    expect_package_by_fpm(std::string(SOURCE_ROOT) + "/tests/unit/packers/fpm-stand-in", layers,
                          debian(), scratch(), workshop.system);
}

#ifdef DEB_VENV_TEST_FPM
TEST_F(PackerTest, FpmMakesThePlannedPackage) {
    expect_package_by_fpm(DEB_VENV_TEST_FPM, layers, debian(), scratch(), workshop.system);
}
#endif

TEST_F(PackerTest, FpmGetsTheChangelogsThatThePlanHas) {
    const auto changelogs_of = [&](const std::map<std::string, std::string>& files) {
        const fs::path directory = top() / ("changelogs" + std::to_string(files.size())) /
                                   (files.empty() ? "none" : files.begin()->first);
        for (const auto& [name, text] : files)
            write(directory / "tree/usr/share/doc/hello" / name, gzip(text));
        EXPECT_TRUE(make_directories(directory / "tree"));
        const std::vector<Layer> own{seal_layer(directory, "host").value()};
        const Manifest declared = manifest();
        return fpm_changelogs({declared, own, debian()});
    };
    using Texts = deb::WrittenTexts;
    const std::string docs = "/usr/share/doc/hello/";
    EXPECT_EQ(changelogs_of({{"changelog.Debian.gz", "d"}}).value(),
              (Texts{{docs + "changelog.Debian.gz", "d"}, {docs + "changelog.gz", "d"}}));
    EXPECT_EQ(changelogs_of({{"changelog.Debian.gz", "d"}, {"changelog.gz", "u"}}).value(),
              (Texts{{docs + "changelog.Debian.gz", "d"}, {docs + "changelog.gz", "u"}}));
    EXPECT_EQ(changelogs_of({{"changelog.gz", "u"}}).value(),
              (Texts{{docs + "changelog.gz", "u"}}));
    const auto none = changelogs_of({});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().cause, "fpm would write a changelog of its own");
}

TEST_F(PackerTest, FpmStandInRefusesAnUndocumentedOption) {
    Command command;
    command.argv = {std::string(SOURCE_ROOT) + "/tests/unit/packers/fpm-stand-in", "-s", "dir",
                    "--deb-flavour", "x"};
    command.environment = clean_environment(top(), 0);
    const auto ran = workshop.processes.run(command);
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->status, 1);
    EXPECT_EQ(ran->err, "fpm stand-in: Unrecognised option '--deb-flavour'\n");
}

TEST(Compare, TellsEachDifference) {
    const auto plan = deb::flatten({layer_of(
        "a", {file_entry("/o/a", "11"), file_entry("/o/b", "11", 0640), link_entry("/o/l", "x"),
              file_entry("/o/gone"), directory_entry("/o/d"), file_entry("/o/twice", "11")})});
    const auto entry = [](const LayerEntry& made) {
        ArchiveEntry archived;
        archived.entry = made;
        archived.owner = archived.group = "root";
        return archived;
    };
    ArchiveEntry foreign = entry(file_entry("/o/a", "22"));
    foreign.uid = 1000;
    foreign.owner = "ann";
    const auto differences =
        compare(plan, {entry(directory_entry("/")), entry(directory_entry("/o")), foreign,
                       entry(file_entry("/o/b", "11", 0644)), entry(link_entry("/o/l", "y")),
                       entry(link_entry("/o/d", "z")), entry(file_entry("/o/twice", "11")),
                       entry(file_entry("/o/twice", "11")), entry(file_entry("/o/new"))});
    EXPECT_THAT(told(differences),
                ElementsAre("/o/a: belongs to ann:root (1000:0), not to root:root",
                            "/o/a: its contents in the package are not the planned ones",
                            "/o/b: mode 0640 was planned, the package has 0644",
                            "/o/d: a directory was planned, the package has a symbolic link",
                            "/o/gone: was planned and is not in the package",
                            "/o/l: a link to \"x\" was planned, the package's leads to \"y\"",
                            "/o/new: is in the package and was not planned",
                            "/o/twice: is in the package twice"));
}

TEST(Ar, RefusesWhatIsNone) {
    dba::testing::TemporaryDirectory directory;
    const auto members = ar_members(directory.write("x.deb", "not one"));
    ASSERT_FALSE(members);
    EXPECT_EQ(members.error().cause, "not an ar archive, hence no .deb");
    const auto damaged = ar_members(directory.write("y.deb", "!<arch>\ndebian-binary   17"));
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().cause, "a damaged ar member header");
}

}  // namespace
}  // namespace dba::packers
