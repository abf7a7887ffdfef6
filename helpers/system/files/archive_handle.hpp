// libarchive's reader, closed when it goes.
#pragma once

#include <archive.h>

#include <memory>

namespace dba {

struct CloseArchive {
    void operator()(archive* reader) const { archive_read_free(reader); }
};
using ArchiveReader = std::unique_ptr<archive, CloseArchive>;

}  // namespace dba
