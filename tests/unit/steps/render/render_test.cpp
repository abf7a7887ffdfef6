#include "steps/render/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "steps/render/control.hpp"
#include "steps/render/docs.hpp"
#include "steps/render/text.hpp"
#include "steps/render/user.hpp"
#include "support/render_fixture.hpp"

namespace dba::steps::testing {
namespace {

std::string error_of(Outside& outside, const Manifest& manifest) {
    const auto rendered = render_in(outside, manifest);
    return rendered ? "no error" : text_of(rendered.error());
}

TEST(RenderErrors, AServiceWhoseProgramIsNotThereNamesTheNearest) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.services[0].command[0] = "gunicron";
    EXPECT_EQ(error_of(outside, manifest),
              "3\nSERVICE web\n"
              "its COMMAND starts with 'gunicron', but there is no /opt/venvs/hello/bin/gunicron "
              "in the environment\n"
              "did you mean 'gunicorn'? Or add the distribution that brings it to REQUIREMENTS");
    manifest.services[0].command[0] = "/opt/venvs/hello/bin/uvicorn-worker-pool";
    EXPECT_EQ(error_of(outside, manifest),
              "3\nSERVICE web\n"
              "its COMMAND starts with '/opt/venvs/hello/bin/uvicorn-worker-pool', but there is no "
              "/opt/venvs/hello/bin/uvicorn-worker-pool in the environment\n"
              "add the distribution that brings it to REQUIREMENTS");
}

TEST(RenderErrors, AProgramOfTheHostIsNamedByItsWholePath) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.target.root = outside.directory();
    outside.write("usr/bin/perl", "");
    for (const auto& [program, path] :
         {std::pair("sh", "/bin/sh"), std::pair("perl", "/usr/bin/perl")}) {
        manifest.services.front().command = {program, "tick"};
        EXPECT_EQ(error_of(outside, manifest),
                  fmt::format("3\nSERVICE {0}\nits COMMAND starts with '{1}', but there is no "
                              "/opt/venvs/hello/bin/{1} in the environment\nwrite {2} for the "
                              "host's own",
                              manifest.services.front().name, program, path));
    }
}

TEST(RenderErrors, AFragmentThatNoShellReads) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    const std::string file = outside.write("hook.sh", "echo one\nif true; then\n");
    manifest.fragments.postinst = file;
    EXPECT_EQ(error_of(outside, manifest),
              "3\nPOSTINST " + file + "\n" + file +
                  ": 3: Syntax error: end of file unexpected (expecting \"fi\")\nmend the line: sh "
                  "reads it on every host");
}

TEST(RenderScripts, FragmentsKnowThePackage) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.fragments.postinst =
        outside.write("hook.sh", "\"$prefix/bin/tool\" \"$package\" \"$user\" \"$python\"\n");
    const auto rendered = render_in(outside, manifest);
    ASSERT_TRUE(rendered.has_value());
    const std::string script = read_file(rendered->debian / "postinst").value();
    for (const char* line : {"\nprefix=/opt/venvs/hello\n", "\npackage=hello\n", "\nuser=hello\n",
                             "\npython=/opt/venvs/hello/bin/python3\n"})
        EXPECT_THAT(script, ::testing::HasSubstr(line));
}

// PREINST of a package without services, which needs nothing of a host.
Completed run_preinst(Outside& outside, const std::string& text) {
    Manifest manifest = library_manifest(outside);
    manifest.directory = outside.directory();
    manifest.fragments.preinst = outside.write("host/before it's.sh", text);
    const auto rendered = render_in(outside, manifest);
    if (!rendered) {
        ADD_FAILURE() << text_of(rendered.error());
        return {};
    }
    const auto done =
        outside.processes.run({{"/bin/sh", rendered->debian / "preinst", "install", "a b"},
                               {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}},
                               "/",
                               ""});
    EXPECT_TRUE(done);
    return done.value_or(Completed());
}

TEST(RenderScripts, AnErrorInAFragmentNamesItsFileAndLine) {
    Outside outside;
    Completed done =
        run_preinst(outside, "echo \"$# $2 'x' $package\"\n\nno-such-command\necho y\n");
    EXPECT_EQ(done.status, 127);
    EXPECT_EQ(done.out, "2 a b 'x' wheels\n");
    EXPECT_THAT(done.err, ::testing::HasSubstr(": 3: eval: no-such-command: not found\n"));
    EXPECT_THAT(done.err, ::testing::EndsWith(
                              "wheels: PREINST host/before it's.sh ended with status 127; a line "
                              "that sh names with eval is of this file\n"));
    done = run_preinst(outside, "false\necho not here\n");
    EXPECT_EQ(done.status, 1);
    EXPECT_EQ(done.out, "") << "set -e holds in it";
    done = run_preinst(outside, "cat <<'X'\nEND_OF_PREINST\nX\necho end\nexit 0\n");
    EXPECT_EQ(done.status, 0);
    EXPECT_EQ(done.out, "END_OF_PREINST\nend\n");
    EXPECT_EQ(done.err, "");
    done = run_preinst(outside, "service_stop web\n");
    EXPECT_EQ(done.status, 1);
    EXPECT_THAT(done.err, ::testing::StartsWith("wheels has no service 'web'; it has: \n"));
}

TEST(RenderScripts, FragmentsHaveThePackagesFunctions) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.run_as = "hello-run";
    manifest.fragments.postinst = outside.write(
        "hook.sh", "service_is_enabled web && service_restart web\nrun_as_service true\n");
    const auto rendered = render_in(outside, manifest);
    ASSERT_TRUE(rendered.has_value());
    const std::string script = read_file(rendered->debian / "postinst").value();
    for (const char* line :
         {"\nrun_as=/usr/bin/hello-run\n", "\nservice_of() {\n", "\nservice_start() {\n",
          "\nservice_stop() {\n", "\nservice_restart() {\n", "\nservice_is_enabled() {\n",
          "\nrun_as_service() {\n", "\nstop_supervisord() {\n", "\nsystemd_state() {\n",
          "        web) echo 'supervisord hello-web' ;;\n",
          "        clock) echo 'systemd hello-clock.service' ;;\n"})
        EXPECT_THAT(script, ::testing::HasSubstr(line));
    const std::string prerm = read_file(rendered->debian / "prerm").value();
    EXPECT_EQ(prerm.find("service_of"), std::string::npos) << "only where something asks for it";
}

TEST(RenderControl, WhatWasFoundIsRecommendedUnlessTheDeclarationNamesIt) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.relations = {};
    manifest.relations.recommends = {"nginx"};
    Dependencies dependencies;
    dependencies.recommends = {"libmagic1", "libzbar0"};
    EXPECT_THAT(control_text(manifest, dependencies, {}).value(),
                ::testing::HasSubstr("\nRecommends: nginx, libmagic1, libzbar0\n"));
    manifest.relations.suggests = {"libzbar0 (>= 1) | other"};
    EXPECT_THAT(control_text(manifest, dependencies, {}).value(),
                ::testing::HasSubstr("\nRecommends: nginx, libmagic1\nSuggests: libzbar0"));
}

TEST(RenderControl, TellsWhatIsOnPath) {
    HostPlan plan;
    ASSERT_TRUE(plan.add_link("/usr/bin/hello", "/opt/venvs/hello/bin/hello", "SCRIPTS hello"));
    ASSERT_TRUE(plan.add_bytes("/usr/sbin/hello-run", "#!/bin/sh\n", 0755, "RUN_AS"));
    ASSERT_TRUE(plan.add_bytes("/usr/bin/notes.txt", "", 0644, "FILES notes.txt"));
    ASSERT_TRUE(plan.add_bytes("/usr/bin/below/other", "", 0755, "FILES other"));
    Outside outside;
    EXPECT_THAT(control_text(mixed_manifest(outside), {}, {}, plan.commands()).value(),
                ::testing::HasSubstr("\nX-Deb-Build-Commands: hello hello-run\nDescription: "));
}

TEST(RenderUser, IsDescribedUnlessEveryHostHasIt) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    HostPlan plan;
    for (const char* user : {"", "root", "www-data", "nobody"}) {
        manifest.user = user;
        ASSERT_TRUE(add_user_file(manifest, plan));
        EXPECT_TRUE(plan.files().empty()) << user;
    }
    manifest.user = "_hello";
    ASSERT_TRUE(add_user_file(manifest, plan));
    EXPECT_EQ(plan.files().at("/usr/lib/sysusers.d/hello.conf").bytes,
              "# The user of hello's services, as its postinst makes it with adduser.\n"
              "u _hello - - /var/lib/hello /usr/sbin/nologin\n");
}

TEST(RenderErrors, ConfigurationThatIsMissing) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    const std::string gone = outside.directory() / "nothing.toml";
    manifest.configs = {{gone, "/etc/hello/nothing.toml"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\nCONFIG nothing.toml\nthere is no file " + gone +
                  "\npaths are relative to the CMakeLists.txt that calls add_venv_deb()");
}

TEST(RenderErrors, WhatAnEarlierVersionHadIsNotThisOnes) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.configs[0].formerly = "/etc/hello/supervisor/web.conf";
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/hello/supervisor/web.conf\n"
              "FORMERLY names it, and SERVICE web puts it into this version\ndrop one of the two");
    manifest = mixed_manifest(outside);
    manifest.config_dropped = {"/etc/hello/settings.toml"};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/hello/settings.toml\nCONFIG_DROPPED names it, and CONFIG settings.toml puts "
              "it into this version\ndrop one of the two");
}

TEST(RenderErrors, TwoThingsOnOnePathAreNamed) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    const std::string settings = manifest.configs[0].source;
    manifest.files = {{settings, "/etc/hello/settings.toml"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/hello/settings.toml\n"
              "CONFIG settings.toml and FILES settings.toml both want this path\n"
              "give one of them another destination");
    manifest = mixed_manifest(outside);
    manifest.files = {{settings, "/opt/venvs/hello/bin/flask/settings.toml"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/opt/venvs/hello/bin/flask\n"
              "layer application and FILES settings.toml both want this path\n"
              "give one of them another destination");
    manifest = mixed_manifest(outside);
    manifest.links = {{"/x", "/etc/default/hello"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/default/hello\n"
              "SERVICE (the environment that the administrator may change) and LINK "
              "/etc/default/hello both want this path\n"
              "give one of them another destination");
}

TEST(RenderErrors, AFileOfAVariantIsNothingElse) {
    Outside outside;
    const Manifest good = varied_manifest(outside);
    const std::string hint =
        "a file is a conffile on every host, or differs by variant: drop one of the two";
    EXPECT_EQ(error_of(outside, good), "no error");
    const std::string app = outside.write("app.toml", "");
    Manifest manifest = good;
    manifest.configs = {{app, "/etc/varies/app.toml"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/varies/app.toml\nCONFIG app.toml and CONFIG_VARIANTS (development, "
              "production) both want this path\n" +
                  hint);
    manifest.configs = {{app, "/etc/varies/dev"}};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/varies/dev/tool\nCONFIG app.toml and CONFIG_VARIANTS (development) both "
              "want this path\n" +
                  hint);
    manifest = good;
    manifest.config_dropped = {"/etc/varies/app.toml"};
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/varies/app.toml\nCONFIG_DROPPED and CONFIG_VARIANTS (development, "
              "production) both want this path\n" +
                  hint);
    outside.write("etc/production/supervisor/unit.conf", "");
    manifest = good;
    manifest.services[0].runner = Runner::supervisord;
    EXPECT_EQ(error_of(outside, manifest),
              "3\n/etc/varies/supervisor/unit.conf\nSERVICE unit and CONFIG_VARIANTS "
              "(production) both want this path\n" +
                  hint);
}

TEST(RenderErrors, ScriptsThatAreNotThere) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.scripts = {"flaks"};
    EXPECT_EQ(error_of(outside, manifest),
              "3\nSCRIPTS flaks\n"
              "it names 'flaks', but there is no /opt/venvs/hello/bin/flaks in the environment\n"
              "did you mean 'flask'? Or add the distribution that brings it to REQUIREMENTS");
}

TEST(RenderControl, TheStrongestVersionOfAPackageIsKept) {
    EXPECT_EQ(
        merge_relations("Depends", {"libc6 (>= 2.36)", "zlib1g", "libc6 (>= 2.4)", "zlib1g (>= 1)",
                                    "aa | bb", "aa | bb", "libc6 (<< 3)", "libc6 (>= 2.37)"})
            .value(),
        "libc6 (>= 2.37), zlib1g (>= 1), aa | bb, libc6 (<< 3)");
}

TEST(RenderDocuments, DatesAreDebians) {
    EXPECT_EQ(changelog_date(1700000000), "Tue, 14 Nov 2023 22:13:20 +0000");
    EXPECT_EQ(changelog_date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST(RenderDocuments, AChangelogIsReadByDpkg) {
    Outside outside;
    const Manifest manifest = mixed_manifest(outside);
    const auto completed =
        outside.processes.run(Command{{"dpkg-parsechangelog", "-l-", "-S", "Version"},
                                      {{"PATH", "/usr/bin:/bin"}},
                                      "/",
                                      changelog_entry(manifest)});
    ASSERT_TRUE(completed.has_value());
    EXPECT_EQ(completed->out, "1.2-1\n") << completed->err;
}

TEST(RenderText, ParagraphsAreFolded) {
    EXPECT_THAT(wrap_paragraphs("one two three\nfour\n\n\n  kept  as is\nfive", 9),
                ::testing::ElementsAre("one two", "three", "four", "", "  kept  as is", "five"));
}

TEST(Render, AnsibleOfThePackagePlaysItsPlaybook) {
    Outside outside;
    const Manifest manifest = configured_manifest(outside);
    const auto unit = [&](const std::vector<std::string>& programs) {
        const std::vector<Layer> layers = {environment_layer(outside, manifest.prefix, programs)};
        const auto rendered = render(manifest, {layers, {}}, *outside.system);
        EXPECT_TRUE(rendered.has_value());
        const auto control = read_file(rendered->debian / "control").value();
        const auto file =
            rendered->host.directory / "tree/usr/lib/systemd/system/asks_more-configure.service";
        return std::pair(read_file(file).value(),
                         control.find("ansible-core") != std::string::npos);
    };
    const std::string command =
        " -I -B /usr/lib/asks+more/play.py /usr/lib/asks+more/configure.json "
        "/var/lib/deb-build-app/asks+more\n";
    const auto [system, depends] = unit({"python3"});
    EXPECT_NE(system.find("\nExecStart=/usr/bin/python3" + command), std::string::npos) << system;
    EXPECT_TRUE(depends);
    const auto [own, also] =
        unit({"python3", "../lib/python3.11/site-packages/ansible/cli/playbook.py"});
    EXPECT_NE(own.find("\nExecStart=/opt/venvs/asks+more/bin/python3" + command), std::string::npos)
        << own;
    EXPECT_FALSE(also);
}

TEST(Render, ServicesOfAFolderStartInIt) {
    Outside outside;
    Manifest manifest = mixed_manifest(outside);
    manifest.project.layout = Layout::folder;
    const auto rendered = render_in(outside, manifest);
    ASSERT_TRUE(rendered) << text_of(rendered.error());
    const auto text = [&](const std::string& path) {
        return read_file(rendered->host.tree() / path).value_or("there is no " + path);
    };
    EXPECT_THAT(text("etc/hello/supervisor/web.conf"),
                ::testing::HasSubstr("\ndirectory=/opt/venvs/hello/app\n"));
    EXPECT_THAT(text("usr/lib/systemd/system/hello-clock.service"),
                ::testing::HasSubstr("\nWorkingDirectory=/opt/venvs/hello/app\n"));
}

TEST(Render, ANewVersionOrAnotherPlaybookIsAnotherConfiguration) {
    Outside outside;
    Manifest manifest = configured_manifest(outside);
    const auto postinst = [&] {
        const auto rendered = render_in(outside, manifest);
        EXPECT_TRUE(rendered.has_value());
        return read_file(rendered->debian / "postinst").value();
    };
    const std::string first = postinst();
    EXPECT_EQ(postinst(), first);
    outside.write("project/plays/roles/web/tasks/main.yml", "- debug:\n");
    const std::string second = postinst();
    EXPECT_NE(second, first);
    manifest.version = "1.3-1";
    EXPECT_NE(postinst(), second);
}

}  // namespace
}  // namespace dba::steps::testing
