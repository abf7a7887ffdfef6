#include "formats/python/imports.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PlainImports, HaveAllTheirParts) {
    EXPECT_THAT(plain_imports("import os, distutils.version as v\n"
                              "from tkinter import (ttk,\n    Tk as Window,)\n"
                              "from dbm import gnu; import json\n"
                              "def f():\n\timport venv\n"),
                ElementsAre("dbm", "dbm.gnu", "distutils.version", "json", "os", "tkinter",
                            "tkinter.Tk", "tkinter.ttk", "venv"));
    EXPECT_THAT(plain_imports("import a, \\\n  b\n"), ElementsAre("a", "b"));
    EXPECT_THAT(plain_imports("from a import *"), ElementsAre("a"));
}

TEST(PlainImports, AreNoTextAndNothingRelative) {
    EXPECT_THAT(plain_imports("'''\nimport a\n'''\n# import b\ntext = \"\\\"import c\"\n"
                              "from . import d\nfrom .e import f\nimported = 1\nfromage = 2\n"),
                IsEmpty());
}

TEST(PlainImports, LeaveOutWhatAProgramCanDoWithout) {
    EXPECT_THAT(plain_imports("try:\n    import a\nexcept ImportError:\n    import b\nelse:\n"
                              "    import c\nimport d\n"
                              "if sys.version_info < (3, 12):\n    import e\nelse:\n    import f\n"
                              "if TYPE_CHECKING:\n    import g\n"
                              "class A:\n    try:\n        if x:\n            import h\n"
                              "    finally:\n        pass\n    import i\n"
                              "if debug:\n    import j\n"),
                ElementsAre("d", "i", "j"));
}

}  // namespace
}  // namespace dba
