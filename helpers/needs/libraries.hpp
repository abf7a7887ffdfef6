// What the libraries of a root that binaries need come to as relations, and who asked for each.
#pragma once

#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "needs/relations.hpp"
#include "needs/resolve.hpp"
#include "needs/target.hpp"

namespace dba {

// Each need's relations into `relations`, with the reasons into `found`.
Result<void> add_libraries(const std::vector<ExternalNeed>& needs, TargetRoot& target,
                           RelationSet& relations, Dependencies& found);

// What a file asks of `library`: the symbols that it takes from others, and the versions it names
// as symbols of their own (libc6's symbols file lists "GLIBC_2.34@GLIBC_2.34").
std::vector<std::string> used_symbols(const ElfInfo& info, const std::string& library);
// The relations for `library` when `path` of the target is the file; libc6 never without a version.
Result<std::string> library_relations(TargetRoot& target, const std::string& library,
                                      const std::string& path,
                                      const std::vector<std::string>& symbols);

// "python3.11 (>= 3.11.2)", for what starts the interpreter of `owner`. A virtual environment works
// with that minor version alone, so the package is the versioned one, as dh_python3 has it for
// scripts that name it. Debian splits the executable off into -minimal; the standard library is in
// the package without that suffix.
std::string interpreter_relation(const InstalledPackage& owner);

// "needs libfoo.so.1; /opt/x/b.so needs libbar.so.2": the first file is the error's subject.
std::string missing_text(const std::vector<MissingNeed>& missing);
// The installed packages that hold files of these names outside the dynamic linker's directories:
// "libfoo1 of the target root holds a file of that name ..."; "" when none does.
std::string misplaced_text(const std::vector<MissingNeed>& missing, const TargetRoot& target);

}  // namespace dba
