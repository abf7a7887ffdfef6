// The ways in which files spell a path: what a search for a directory has to look for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

enum class Spelling {
    plain,    // /srv/my build
    url,      // /srv/my%20build, in file:// URLs (RFC 3986)
    query,    // %2Fsrv%2Fmy%20build, in a query or a file name; also with small letters
    json,     // \/srv is rare; non-ASCII, quotes and backslashes are escaped (RFC 8259)
    escaped,  // /srv/my\ build, in makefiles, pkg-config files and shell
    utf16,    // UTF-16LE, as wide strings of Windows and Java programs have it
};

struct SpelledPath {
    Spelling spelling = Spelling::plain;
    std::string bytes;
};

// Each way that differs from the plain one, which comes first. A path that is no UTF-8 has no JSON
// and no UTF-16 form.
std::vector<SpelledPath> spellings_of(const std::string& path);

// "as a URL" and so on; "" for the plain one.
std::string_view describe(Spelling spelling);

// Whether a path that is spelled so ends at text[end]: "/b/app" is not named by "/b/app-2" or
// "/b/app.old", but is by "/b/app." at the end of a sentence.
bool path_ends(std::string_view text, std::size_t end, Spelling spelling);

// Whether a byte can be part of a file's name in running text.
bool goes_on_a_name(char byte);

// How many names a path has: 3 for "/home/me/build".
std::size_t components(std::string_view path);

}  // namespace dba
