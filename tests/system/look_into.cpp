// What the program makes of a wheel or sdist before an installer unpacks it: its exit code, and the
// cause on stderr.
#include <cstdio>
#include <string>

#include "system/files/archive.hpp"

int main(int argc, char** argv) {
    int code = 0;
    for (int i = 1; i < argc; ++i) {
        const auto listed = dba::list_archive(argv[i], true);
        if (listed) continue;
        const std::string text = listed.error().subject + ": " + listed.error().cause + "\n";
        std::fputs(text.c_str(), stderr);
        code = static_cast<int>(listed.error().code);
    }
    return code;
}
