// CPython's marshal format as far as .pyc files use it, versions 2 to 5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

// How a code object is laid out: the longs in front, the objects before and behind the filename.
struct CodeLayout {
    int leading_longs;
    int objects_before_filename;
    int objects_after_filename;  // name, and qualname from 3.11
    // then: the long firstlineno
    int trailing_objects;  // line table, and the exception table from 3.11
};

// Every co_filename of the object that `bytes` hold, each once, in order of appearance. Nothing
// when the bytes are damaged.
std::optional<std::vector<std::string>> code_file_names(std::string_view bytes,
                                                        const CodeLayout& layout);

}  // namespace dba
