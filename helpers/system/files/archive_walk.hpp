// One pass over the entries of an archive from outside, checked and within bounds.
#pragma once

#include <archive.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "system/files/archive.hpp"
#include "system/files/bounds.hpp"

namespace dba {

// What an archive is for: links may lead out, and sparse files are refused, only in the tar of a
// .deb, whose root is the target's and which dpkg unpacks.
enum class ArchiveRule { outside, package };

using TakePiece = std::function<Result<void>(std::string_view bytes)>;
// Hands over an entry's contents, zeros for the holes of a sparse one.
using ReadContent = std::function<Result<void>(const TakePiece& take)>;
using VisitEntry = std::function<Result<void>(const ArchiveEntry&, const ReadContent&)>;

// Contents that nobody reads are unpacked too: they count, and only so is a damaged one noticed.
Result<void> walk_archive(archive* reader, const std::string& subject, ArchiveRule rule,
                          ArchiveMeter& meter, const VisitEntry& visit);

// The compressions of .debs, wheels and sdists, by libarchive's own code; not the programs that it
// would start for others.
void support_filters(archive* reader);

// libarchive's words for what went wrong; std::bad_alloc where that is that it got no memory.
std::string archive_message(archive* reader);

}  // namespace dba
