#include "formats/python/required_python.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "formats/python/poetry.hpp"

namespace dba {
namespace {

std::string told(const std::optional<PythonDemand>& demand) {
    if (!demand) return "nothing";
    std::string minors;
    for (int minor = oldest_python; minor <= newest_python; ++minor)
        minors += demand->allows_all_of(minor)    ? fmt::format(" {}", minor)
                  : demand->allows_some_of(minor) ? fmt::format(" {}-", minor)
                                                  : "";
    return fmt::format("{} {}:{}", demand->where, demand->text, minors);
}

std::string of_project(const std::optional<std::string>& pyproject,
                       const std::optional<std::string>& setup_cfg = {},
                       const std::optional<std::string>& setup_py = {}) {
    const auto demand = demand_of_project(pyproject, setup_cfg, setup_py);
    return demand ? told(*demand) : demand.error().subject;
}

TEST(RequiredPython, OfAProjectIsItsMetadatas) {
    EXPECT_EQ(of_project("[project]\nrequires-python = '>=3.12'\n"),
              "pyproject.toml: requires-python >=3.12: 12 13 14 15");
    EXPECT_EQ(of_project("[project]\nrequires-python = '>=3.9.3, <3.12, !=3.10.*'\n"),
              "pyproject.toml: requires-python >=3.9.3, <3.12, !=3.10.*: 9- 11");
    EXPECT_EQ(of_project("[tool.flit.metadata]\nrequires-python = '~=3.13'\n"),
              "pyproject.toml: [tool.flit.metadata] requires-python ~=3.13: 13 14 15");
    EXPECT_EQ(of_project({}, "[metadata]\nname = x\n[options]\npython_requires = >=3.14\n"),
              "setup.cfg: python_requires >=3.14: 14 15");
    EXPECT_EQ(of_project({}, "[options]\npython-requires =\n    <3.10\n"),
              "setup.cfg: python_requires <3.10: 9");
    EXPECT_EQ(of_project({}, "[metadata]\npython-requires = >=3.15\n"),  // pbr
              "setup.cfg: python_requires >=3.15: 15");
    EXPECT_EQ(of_project({}, {}, "from setuptools import setup\nsetup(python_requires='==3.9.*')"),
              "setup.py: python_requires ==3.9.*: 9");
    EXPECT_EQ(of_project({}, {}, "setup(python_requires=compute())"), "nothing");
    EXPECT_EQ(of_project({}), "nothing");
    EXPECT_EQ(of_project("[project]\nrequires-python = ''\n"), "nothing");
    EXPECT_EQ(of_project("=\n"), "pyproject.toml:1");
    // [project] counts alone, unless it leaves it to others.
    EXPECT_EQ(of_project("[project]\nname = 'x'\n", "[options]\npython_requires = >=3.14\n"),
              "nothing");
    EXPECT_EQ(of_project("[project]\ndynamic = ['requires-python']\n",
                         "[options]\npython_requires = >=3.14\n"),
              "setup.cfg: python_requires >=3.14: 14 15");
}

TEST(RequiredPython, OfPoetryHasItsOwnSpelling) {
    const auto poetry = [](const std::string& python) {
        return of_project("[tool.poetry.dependencies]\npython = '" + python + "'\n");
    };
    const std::string where = "pyproject.toml: [tool.poetry.dependencies] python ";
    EXPECT_EQ(poetry("^3.12"), where + "^3.12: 12 13 14 15");
    EXPECT_EQ(poetry("~3.12"), where + "~3.12: 12");
    EXPECT_EQ(poetry("3.11"), where + "3.11: 11");
    EXPECT_EQ(poetry("3.11.4"), where + "3.11.4: 11-");
    EXPECT_EQ(poetry("3"), where + "3: 9 10 11 12 13 14 15");
    EXPECT_EQ(poetry(">=3.10 <3.12"), where + ">=3.10 <3.12: 10 11");
    EXPECT_EQ(poetry("~3.9 || ^3.14|3.12.*"), where + "~3.9 || ^3.14|3.12.*: 9 12 14 15");
    EXPECT_EQ(poetry("*"), where + "*: 9 10 11 12 13 14 15");
    // Whoever can read it judges it.
    EXPECT_EQ(poetry("three"), where + "three: 9 10 11 12 13 14 15");
    EXPECT_EQ(of_project("[project]\nrequires-python = '>=3.x'\n"),
              "pyproject.toml: requires-python >=3.x: 9 10 11 12 13 14 15");
    // [project] before Poetry's table, as in the wheel.
    EXPECT_EQ(of_project("[project]\nrequires-python = '<3.10'\n"
                         "[tool.poetry.dependencies]\npython = '^3.12'\n"),
              "pyproject.toml: requires-python <3.10: 9");
    EXPECT_EQ(*python_marker("3.11", ""), "python_full_version == '3.11.*'");
}

TEST(RequiredPython, OfALockIsInItsOwnWords) {
    EXPECT_EQ(told(demand_of_pylock("requires-python = '>=3.14'\n", "pylock.toml")),
              "pylock.toml: requires-python >=3.14: 14 15");
    EXPECT_EQ(told(demand_of_uv_lock("version = 1\nrequires-python = '==3.12.*'\n", "uv.lock")),
              "uv.lock: requires-python ==3.12.*: 12");
    EXPECT_EQ(told(demand_of_poetry_lock("[metadata]\npython-versions = '>=3.9,<3.11 || ^3.14'\n",
                                         "poetry.lock")),
              "poetry.lock: python-versions >=3.9,<3.11 || ^3.14: 9 10 14 15");
    EXPECT_EQ(told(demand_of_pdm_lock("[metadata]\n[[metadata.targets]]\n"
                                      "requires_python = '==3.9.*'\n[[metadata.targets]]\n"
                                      "requires_python = '>=3.14'\nplatform = 'x'\n",
                                      "pdm.lock")),
              "pdm.lock: requires_python ==3.9.* || >=3.14: 9 14 15");
    EXPECT_EQ(told(demand_of_pdm_lock("[metadata]\n[[metadata.targets]]\n", "pdm.lock")),
              "nothing");
    const auto pipfile_lock = [](const std::string& asked) {
        return told(
            demand_of_pipfile_lock("{\"_meta\": {\"requires\": {" + asked + "}}}", "Pipfile.lock"));
    };
    EXPECT_EQ(pipfile_lock("\"python_version\": \"3.12\""),
              "Pipfile.lock: python_version ==3.12.*: 12");
    EXPECT_EQ(pipfile_lock("\"python_version\": \"3.12\", \"python_full_version\": \"3.12.4\""),
              "Pipfile.lock: python_full_version ==3.12.*: 12");
    EXPECT_EQ(pipfile_lock(""), "nothing");
    EXPECT_EQ(told(demand_of_pipfile("[requires]\npython_version = '3'\n", "Pipfile")),
              "Pipfile: [requires] python_version ==3.*: 9 10 11 12 13 14 15");
    for (const char* none : {"", "=", "[", "{}", "[1]"}) {
        EXPECT_EQ(told(demand_of_pylock(none, "x")), "nothing");
        EXPECT_EQ(told(demand_of_poetry_lock(none, "x")), "nothing");
        EXPECT_EQ(told(demand_of_pdm_lock(none, "x")), "nothing");
        EXPECT_EQ(told(demand_of_pipfile_lock(none, "x")), "nothing");
        EXPECT_EQ(told(demand_of_pipfile(none, "x")), "nothing");
    }
}

}  // namespace
}  // namespace dba
