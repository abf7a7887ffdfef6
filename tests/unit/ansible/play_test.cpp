#include "ansible/play.hpp"

#include <gmock/gmock.h>

#include "model/json.hpp"
#include "source/playbook.hpp"
#include "support/fakes.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* ok = R"({"format": 1, "playbook": "p", "status": "ok", "counts": {"ok": 1},
    "hosts": {"localhost": {"ok": 1}}, "tasks": [], "seconds": 0.1})";
constexpr const char* absent =
    R"({"format": 1, "playbook": "p", "status": "absent", "cause": "No module named 'ansible'"})";

// Pythons by name, each with what the driver says in it; others are not there.
class FakePythons final : public ProcessRunner {
 public:
    std::map<std::string, std::string> said;
    std::vector<Command> asked;
    Result<Completed> run(const Command& command) override {
        asked.push_back(command);
        const auto it = said.find(command.argv.front());
        if (it == said.end()) return system_error(command.argv.front(), "not found");
        return Completed{0, it->second, "words for people\n"};
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& command : asked) out.push_back(command.argv.front());
        return out;
    }
};

class Play : public ::testing::Test {
 protected:
    Play() {
        order_.playbook = directory_.write("plays/site.yml", "- hosts: localhost\n");
        order_.scratch = directory_.path();
        order_.directory = "/";
        order_.environment = {{"PATH", directory_.path() / "bin"}};
    }
    std::string failure() {
        const auto played = play(order_, pythons_);
        EXPECT_FALSE(played);
        if (played) return "";
        return std::to_string(static_cast<int>(played.error().code)) + "|" +
               played.error().subject + "|" + played.error().cause + "|" + played.error().hint;
    }
    dba::testing::TemporaryDirectory directory_;
    FakePythons pythons_;
    PlayOrder order_;
};

TEST_F(Play, HandsVariablesOverAsDataAndNotAsWords) {
    pythons_.said["python3"] = ok;
    order_.vars = R"({"secret": "s3cret {{ x }}"})";
    const auto played = play(order_, pythons_);
    ASSERT_TRUE(played) << played.error().cause;
    EXPECT_EQ(played->counts.at("ok"), 1);
    ASSERT_EQ(pythons_.asked.size(), 1U);
    const auto& command = pythons_.asked[0];
    EXPECT_THAT(command.argv, ElementsAre("python3", "-I", "-B", directory_.path() / "play.py"));
    const auto text = nlohmann::json::parse(command.input);
    EXPECT_EQ(text.at("vars").at("secret"), "s3cret {{ x }}");
    EXPECT_EQ(text.at("hosts"), nlohmann::json({"localhost"}));
    EXPECT_EQ(text.at("playbook"), order_.playbook.string());
}

TEST_F(Play, LooksForAPythonThatHasAnsible) {
    directory_.write("bin/ansible-playbook", "#!/opt/pipx/bin/python\n", 0755);
    pythons_.said = {{"python3", absent}, {"/opt/pipx/bin/python", ok}};
    ASSERT_TRUE(play(order_, pythons_));
    EXPECT_THAT(pythons_.names(), ElementsAre("python3", "/opt/pipx/bin/python"));
}

TEST_F(Play, TakesTheOneThatIsNamedAndNoOther) {
    pythons_.said = {{"python3", ok}, {"/my/python", absent}};
    order_.environment["DEB_VENV_ANSIBLE_PYTHON"] = "/my/python";
    EXPECT_EQ(
        failure(),
        "4|Ansible|/my/python cannot import it|apt-get install ansible-core, or name a Python "
        "that has ansible-core by DEB_VENV_ANSIBLE_PYTHON");
    order_.environment["DEB_VENV_ANSIBLE_PYTHON"] = "/not/there";
    EXPECT_EQ(failure(), "4|/not/there|not found|");
}

TEST_F(Play, SaysWhereAnsibleIsNot) {
    pythons_.said["python3"] = absent;
    EXPECT_EQ(
        failure(),
        "4|Ansible|python3, /usr/bin/python3 cannot import it|apt-get install ansible-core, or "
        "name a Python that has ansible-core by DEB_VENV_ANSIBLE_PYTHON");
}

TEST_F(Play, SaysWhatIsBadAboutThePlaybook) {
    pythons_.said["python3"] =
        R"({"format": 1, "playbook": "p", "status": "bad", "cause": "no module/action 'cpoy'"})";
    EXPECT_EQ(failure(), "3|" + order_.playbook.string() + "|no module/action 'cpoy'|");
    order_.playbook = "/nowhere/site.yml";
    EXPECT_EQ(failure(), "3|/nowhere/site.yml|there is no such playbook|correct the path");
}

TEST_F(Play, QuotesADriverThatBreaks) {
    pythons_.said["python3"] = "Traceback";
    EXPECT_THAT(failure(), HasSubstr("its driver gave no usable result"));
    EXPECT_THAT(failure(), HasSubstr("; it said:\nwords for people"));
}

TEST_F(Play, RefusesHostsAndVariablesThatAnsibleWouldTakeForSomethingElse) {
    for (const char* host : {"", "-v", "a,b", "/etc/passwd", "a b", "../x"}) {
        order_.hosts = {host};
        EXPECT_EQ(failure(),
                  std::string("3|host '") + host +
                      "'|is not a name of a host|letters, digits, '.', '-', '_' and ':'");
    }
    order_.hosts = {"web-1.example.org", "::1"};
    order_.vars = R"({"not-a-name": 1})";
    EXPECT_EQ(failure(),
              "3|variable 'not-a-name'|is not a name of an Ansible variable|letters, digits and _, "
              "no digit first");
    order_.vars = "[]";
    EXPECT_EQ(failure(),
              R"(3|variables|are not one JSON object|for example {"greeting": "hello"})");
    EXPECT_THAT(pythons_.asked, ElementsAre());
}

TEST_F(Play, APlaybookIsItsDirectory) {
    directory_.write("plays/roles/web/tasks/main.yml", "- ping:\n");
    directory_.write("plays/__pycache__/x.pyc", "");
    const auto project = directory_.path().string();
    const auto files = playbook_files("PREPARE_PLAYBOOK", order_.playbook, project);
    ASSERT_TRUE(files) << files.error().cause;
    std::vector<std::string> paths;
    for (const auto& entry : files->entries)
        if (entry.kind == EntryKind::file) paths.push_back(entry.path);
    EXPECT_THAT(paths, ElementsAre("/roles/web/tasks/main.yml", "/site.yml"));
    EXPECT_EQ(files->name, "site.yml");
    directory_.write("plays/roles/web/tasks/main.yml", "- debug:\n");
    EXPECT_NE(playbook_files("PREPARE_PLAYBOOK", order_.playbook, project)->digest, files->digest);
}

TEST_F(Play, APlaybookBesideTheWholeProjectIsRefused) {
    for (const std::string& project : {order_.playbook.parent_path().string(),
                                       (order_.playbook.parent_path() / "deep").string()}) {
        const auto files = playbook_files("CONFIGURE_PLAYBOOK", order_.playbook, project);
        ASSERT_FALSE(files);
        EXPECT_EQ(files.error().code, ExitCode::bad_input);
        EXPECT_EQ(files.error().subject, "CONFIGURE_PLAYBOOK " + order_.playbook.string());
        EXPECT_EQ(files.error().cause,
                  "its directory, whose files all belong to it, holds the whole project");
        EXPECT_EQ(files.error().hint,
                  "give it a directory of its own, with the roles and files that it includes");
    }
}

}  // namespace
}  // namespace dba::steps
