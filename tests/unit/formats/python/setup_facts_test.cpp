#include "formats/python/setup_facts.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(SetupFacts, LiteralsOfSetupPy) {
    const SetupFacts facts = setup_py_facts(R"(
from setuptools import setup, find_packages
BASE = ['flask>=2', "celery" "[redis]"]
setup(
    name='x', packages=find_packages(),
    install_requires=BASE,
    extras_require={'web': ['gunicorn'], 'all': BASE},
    scripts=['bin/tool'],
    entry_points={'console_scripts': ['x = x.cli:main [web]', 'y=x.cli:other']},
    ext_modules=[],
))");
    EXPECT_THAT(facts.requirements, ElementsAre("flask>=2", "celery[redis]"));
    EXPECT_TRUE(facts.says_requirements);
    EXPECT_THAT(facts.extras, ElementsAre(Pair("all", ElementsAre("flask>=2", "celery[redis]")),
                                          Pair("web", ElementsAre("gunicorn"))));
    EXPECT_THAT(facts.script_files, ElementsAre("bin/tool"));
    EXPECT_THAT(facts.scripts, ElementsAre(Pair("x", "x.cli:main"), Pair("y", "x.cli:other")));
    EXPECT_TRUE(facts.names_packages);
    EXPECT_TRUE(facts.compiles);
}

TEST(SetupFacts, WhatIsComputedIsNotSaid) {
    const SetupFacts facts = setup_py_facts(R"(
setup(install_requires=open('requirements/base.txt').read().split(),
      entry_points="""
      [console_scripts]
      x = x:main
      [other]
      z = z:z
      """)
)");
    EXPECT_THAT(facts.requirements, IsEmpty());
    EXPECT_FALSE(facts.says_requirements);
    EXPECT_THAT(facts.requirement_files, ElementsAre("requirements/base.txt"));
    EXPECT_THAT(facts.scripts, ElementsAre(Pair("x", "x:main")));
    EXPECT_FALSE(setup_py_facts("setup(install_requires=['a'] + more)").says_requirements);
}

TEST(SetupFacts, ListsOfSetupCfg) {
    SetupFacts facts = setup_cfg_facts(
        "[metadata]\nname = x\n[options]\npackages = find:\ninstall-requires =\n    flask>=2\n"
        "    # no\n    six; python_version < '3'\n[options.extras_require]\nweb = gunicorn\n  "
        "uvicorn\n"
        "[options.entry_points]\nconsole_scripts =\n  x = x.cli:main\n");
    EXPECT_THAT(facts.requirements, ElementsAre("flask>=2", "six; python_version < '3'"));
    EXPECT_TRUE(facts.says_requirements);
    EXPECT_THAT(facts.extras, ElementsAre(Pair("web", ElementsAre("gunicorn", "uvicorn"))));
    EXPECT_THAT(facts.scripts, ElementsAre(Pair("x", "x.cli:main")));
    join(facts, setup_cfg_facts("[options]\ninstall_requires = file: needs.txt\n"));
    EXPECT_THAT(facts.requirement_files, ElementsAre("needs.txt"));
    EXPECT_EQ(facts.requirements.size(), 2U);
}

}  // namespace
}  // namespace dba
