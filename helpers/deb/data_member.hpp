// The data member of a .deb, in sections that are kept from one build to the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "deb/compressed.hpp"
#include "deb/control_member.hpp"
#include "deb/member_order.hpp"
#include "model/choices.hpp"
#include "model/result.hpp"
#include "system/files/store.hpp"

namespace dba::deb {

struct KeptSection {
    std::filesystem::path file;
    std::uint64_t size = 0;  // of the file
    std::string sha256;      // of the file
    CompressedSize before;   // compression
};

struct DataMember {
    std::string start, end;  // what is around the sections
    std::vector<KeptSection> sections;
    Md5Sums md5;  // of the files, by path

    [[nodiscard]] std::uint64_t size() const;
};

// Makes the sections that are not there yet, on all processors. Each file that is read is held
// against the digest of its layer, each section against what it decompresses to; one that is
// damaged is made again. system_error naming the file that changed under it.
Result<DataMember> make_data_member(const std::vector<MemberEntry>& entries,
                                    Compression compression, int level, Store& store);

// Those of a member that is finished stay in the store with it.
void keep_sections(const std::vector<MemberEntry>& entries, Compression compression, int level,
                   Store& store);

// The member's bytes, in order.
Result<void> each_part(const DataMember& member,
                       const std::function<Result<void>(std::string_view bytes)>& take);

}  // namespace dba::deb
