#include "formats/python/opened_libraries.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OpenedLibraries, AreThoseWithLiteralNames) {
    EXPECT_THAT(opened_libraries("x = ctypes.util.find_library('magic')\n"
                                 "y = CDLL( \"libfoo.so.1\", mode=RTLD_GLOBAL)\n"
                                 "z = cdll.LoadLibrary(\n    'libbar-1.2.so')\n"
                                 "ffi.dlopen('''libcffi.so.8''')\n"
                                 "_find_library('sndfile')\n"),
                ElementsAre("bar-1.2", "libcffi.so.8", "libfoo.so.1", "magic", "sndfile"));
}

TEST(OpenedLibraries, AreNoneInTextPathsAndWhatIsPutTogether) {
    EXPECT_THAT(opened_libraries("# find_library('a')\n"
                                 "\"\"\"find_library('b')\n'\"\"\"\n"
                                 "'find_library(\"c\")'\n"
                                 "find_library(name)\nfind_library('d' + suffix)\n"
                                 "find_library(f'e{version}')\nfind_library('f%s' % x)\n"
                                 "CDLL('/opt/x/libg.so.1')\nCDLL('h.dll')\nCDLL(None)\n"
                                 "CDLL('libSystem.dylib')\nfind_library('libi.dll')\n"
                                 "my_find_library_of('j')\nfind_library('k' 'l')\nfind_library"),
                IsEmpty());
}

TEST(OpenedLibraries, OfKnownDistributions) {
    EXPECT_THAT(libraries_opened_by("cairocffi"), ElementsAre("cairo"));
    EXPECT_THAT(libraries_opened_by("flask"), IsEmpty());
}

}  // namespace
}  // namespace dba
