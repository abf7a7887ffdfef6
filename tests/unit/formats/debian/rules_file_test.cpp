#include "formats/debian/rules_file.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(RulesFile, VariablesAndRecipes) {
    const RulesFile rules = parse_rules(
        "#!/usr/bin/make -f\nexport ROOT = /opt/venvs # here\nP=$(shell dh_listpackages)\n"
        "ARGS ?= --root $(ROOT)\nARGS ?= no\nARGS += -p${P}\n.PHONY: x\n%:\n\tdh $@ --with y\n"
        "override_x: dep\n\t# nothing\n\t@-call $(ARGS) \\\n\t  --more $$HOME $(shell date)\n",
        "hello");
    EXPECT_EQ(rules.variables.at("ARGS"), "--root /opt/venvs -phello");
    EXPECT_THAT(
        rules.recipes,
        ElementsAre(Pair("%", ElementsAre("dh $@ --with y")),
                    Pair("override_x", ElementsAre("call --root /opt/venvs -phello  --more $HOME "
                                                   "$(shell date)"))));
    EXPECT_FALSE(rules.conditions);
    EXPECT_THAT(rules.not_read, IsEmpty());
}

TEST(RulesFile, WhatTakesMakeIsNotRead) {
    const RulesFile rules = parse_rules(
        "include other.mk\nifeq (a,b)\nA = 1\nelse\nA = 2\nendif\nB = $(B)x\n", "hello");
    EXPECT_THAT(rules.not_read, ElementsAre("include other.mk"));
    EXPECT_TRUE(rules.conditions);
    EXPECT_EQ(rules.variables.at("A"), "2");
}

TEST(RulesFile, AVariableThatNamesItselfEnds) {
    std::string text = "A = $(A)$(A)\n";
    for (char c = 'B'; c <= 'Z'; ++c)
        for (int i = 0; i < 9; ++i)
            text += std::string(1, c) + " += $(" + static_cast<char>(c - 1) + ")\n";
    EXPECT_LT(parse_rules(text, "hello").variables.at("Z").size(), 200000U);
}

TEST(RulesFile, WordsAreLoose) {
    EXPECT_THAT(loose_words("a 'b c' \"d $E\" f\\ g --h=\"i j\" ''"),
                ElementsAre("a", "b c", "d $E", "f g", "--h=i j", ""));
}

}  // namespace
}  // namespace dba
