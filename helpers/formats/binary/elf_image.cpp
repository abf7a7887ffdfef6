#include "formats/binary/elf_image.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dba {

Result<ElfImage> ElfImage::open(std::string_view bytes, std::string_view file_name) {
    elf_version(EV_CURRENT);
    ElfImage image(bytes, file_name);
    // libelf asks for a writable image but only reads it: nothing here writes through it.
    image.elf_.reset(elf_memory(const_cast<char*>(bytes.data()), bytes.size()));
    TRY_ASSIGN(image.header_, image.read_header());
    TRY(image.read_segments());
    return image;
}

Failure ElfImage::damaged(std::string_view what) const {
    return bad_input(std::string(file_name_), fmt::format("this ELF file is damaged: {}", what),
                     "get the file anew; it may have been cut short");
}

Result<GElf_Ehdr> ElfImage::read_header() {
    GElf_Ehdr header;
    if (elf_ == nullptr || elf_kind(elf_.get()) != ELF_K_ELF ||
        gelf_getehdr(elf_.get(), &header) == nullptr)
        return damaged("its ELF header cannot be read");
    const auto segments_end = header.e_phoff + std::uint64_t{header.e_phnum} * header.e_phentsize;
    if (header.e_phoff > bytes_.size() || segments_end > bytes_.size())
        return damaged("it ends before its program headers");
    const auto sections_end = header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize;
    if (header.e_shoff > bytes_.size() || sections_end > bytes_.size())
        return damaged("it ends before its section headers");
    return header;
}

Result<void> ElfImage::read_segments() {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_.get(), &count) != 0)
        return damaged("its program headers cannot be read");
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr segment;
        if (i > max_offset || gelf_getphdr(elf_.get(), static_cast<int>(i), &segment) == nullptr)
            return damaged("its program headers cannot be read");
        const bool matters = segment.p_type == PT_LOAD || segment.p_type == PT_DYNAMIC ||
                             segment.p_type == PT_INTERP;
        if (!matters || segment.p_filesz == 0) continue;
        if (segment.p_offset > bytes_.size() || segment.p_filesz > bytes_.size() - segment.p_offset)
            return damaged("it ends inside a segment");
        if (segment.p_type == PT_LOAD) {
            loads_.push_back(segment);
        } else if (segment.p_type == PT_DYNAMIC) {
            dynamic_ = segment;
        } else {
            const auto path = bytes_.substr(segment.p_offset, segment.p_filesz);
            interpreter_ = path.substr(0, path.find('\0'));
        }
    }
    return {};
}

Result<ElfImage::Span> ElfImage::at(std::uint64_t address) const {
    for (const auto& load : loads_) {
        if (address < load.p_vaddr || address - load.p_vaddr >= load.p_filesz) continue;
        const auto into = address - load.p_vaddr;
        return Span{load.p_offset + into, load.p_filesz - into};
    }
    return damaged(fmt::format("the address {:#x} lies in no segment", address));
}

Result<Elf_Data*> ElfImage::chunk(std::uint64_t offset, std::uint64_t size, Elf_Type type) const {
    Elf_Data* data = nullptr;
    if (size <= max_offset)
        data = elf_getdata_rawchunk(elf_.get(), static_cast<std::int64_t>(offset), size, type);
    if (data == nullptr) return damaged("a table of it cannot be read");
    return data;
}

Result<Elf_Data*> ElfImage::table(std::uint64_t address, std::uint64_t count, Elf_Type type) const {
    TRY_ASSIGN(const Span span, at(address));
    if (count > span.size / entry_size(type))
        return damaged("a table of it ends outside its segment");
    return chunk(span.offset, count * entry_size(type), type);
}

Result<Elf_Data*> ElfImage::rest_of_segment(std::uint64_t address, Elf_Type type) const {
    TRY_ASSIGN(const Span span, at(address));
    return chunk(span.offset, span.size, type);
}

Result<std::vector<std::uint32_t>> ElfImage::words(std::uint64_t address,
                                                   std::uint64_t count) const {
    std::vector<std::uint32_t> result;
    if (count == 0) return result;
    TRY_ASSIGN(const Span span, at(address));
    if (count > span.size / 4) return damaged("a table of it ends outside its segment");
    const bool little = header_.e_ident[EI_DATA] == ELFDATA2LSB;
    result.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint32_t word = 0;
        for (unsigned k = 0; k < 4; ++k) {
            const auto byte = static_cast<unsigned char>(bytes_[span.offset + i * 4 + k]);
            word |= std::uint32_t{byte} << (8 * (little ? k : 3 - k));
        }
        result.push_back(word);
    }
    return result;
}

Result<std::string> ElfImage::string(std::uint64_t address, std::uint64_t size,
                                     std::uint64_t offset) const {
    TRY_ASSIGN(const Span span, at(address));
    const auto strings = bytes_.substr(span.offset, std::min(span.size, size));
    const auto end = strings.find('\0', offset);
    if (offset >= strings.size() || end == std::string_view::npos)
        return damaged("a name of it lies outside its string table");
    return std::string(strings.substr(offset, end - offset));
}

}  // namespace dba
