// An ELF file in memory as the dynamic linker sees it: bytes at virtual addresses, every read
// checked against the file's real size. elf.cpp reads the tables that lie there.
#pragma once

#include <gelf.h>
#include <libelf.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

class ElfImage {
 public:
    // `bytes` and `file_name`, which errors name, must outlive the image. bad_input for a file that
    // is shorter than its headers say.
    static Result<ElfImage> open(std::string_view bytes, std::string_view file_name);

    // The error for a file whose contents lead nowhere: "it ends inside a segment".
    [[nodiscard]] Failure damaged(std::string_view what) const;

    [[nodiscard]] bool is_64() const { return gelf_getclass(elf_.get()) == ELFCLASS64; }
    [[nodiscard]] const GElf_Ehdr& header() const { return header_; }
    [[nodiscard]] const std::string& interpreter() const { return interpreter_; }
    [[nodiscard]] const std::optional<GElf_Phdr>& dynamic() const { return dynamic_; }

    // The size of one entry of a table, in this file.
    [[nodiscard]] std::uint64_t entry_size(Elf_Type type) const {
        return gelf_fsize(elf_.get(), type, 1, EV_CURRENT);
    }
    // `size` bytes at a file offset, `count` entries at an address, and all of a segment from an
    // address on: in this machine's byte order, for libelf's gelf_get functions.
    [[nodiscard]] Result<Elf_Data*> chunk(std::uint64_t offset, std::uint64_t size,
                                          Elf_Type type) const;
    [[nodiscard]] Result<Elf_Data*> table(std::uint64_t address, std::uint64_t count,
                                          Elf_Type type) const;
    [[nodiscard]] Result<Elf_Data*> rest_of_segment(std::uint64_t address, Elf_Type type) const;
    // 32-bit words at an address.
    [[nodiscard]] Result<std::vector<std::uint32_t>> words(std::uint64_t address,
                                                           std::uint64_t count) const;
    // What the string table at `address`, `size` bytes long, has at `offset`.
    [[nodiscard]] Result<std::string> string(std::uint64_t address, std::uint64_t size,
                                             std::uint64_t offset) const;

    // The largest offset into a table: libelf's accessors take an int.
    static constexpr std::uint64_t max_offset = std::numeric_limits<int>::max();

 private:
    struct End {
        void operator()(Elf* elf) const { elf_end(elf); }
    };
    struct Span {
        std::uint64_t offset, size;  // in the file
    };

    ElfImage(std::string_view bytes, std::string_view file_name)
        : bytes_(bytes), file_name_(file_name) {}
    Result<GElf_Ehdr> read_header();
    Result<void> read_segments();
    // What the segment around `address` holds from there on.
    [[nodiscard]] Result<Span> at(std::uint64_t address) const;

    std::string_view bytes_;
    std::string_view file_name_;
    std::unique_ptr<Elf, End> elf_;
    GElf_Ehdr header_{};
    std::vector<GElf_Phdr> loads_;
    std::optional<GElf_Phdr> dynamic_;
    std::string interpreter_;
};

}  // namespace dba
