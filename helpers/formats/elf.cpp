#include "formats/elf.hpp"

#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "formats/text.hpp"

namespace dba {
namespace {

struct EndElf {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, EndElf>;

// The part of .dynamic that is read here. Addresses are virtual; 0 = not there.
struct Dynamic {
    std::uint64_t string_table = 0, string_size = 0;
    std::uint64_t symbol_table = 0;
    std::uint64_t hash = 0, gnu_hash = 0;
    std::uint64_t version_symbols = 0;
    std::uint64_t version_needs = 0, version_need_count = 0;
    std::uint64_t version_definitions = 0, version_definition_count = 0;
    std::uint64_t rel = 0, rel_size = 0, rela = 0, rela_size = 0;
    std::uint64_t plt = 0, plt_size = 0, plt_kind = 0;
    std::optional<std::uint64_t> soname, rpath, runpath;
    std::vector<std::uint64_t> needed;  // offsets of strings
};

// A read past the end of the file, by an offset or size that the file itself gives.
struct Damaged {
    std::string what;
};
template <class T>
using Read = tl::expected<T, Damaged>;
tl::unexpected<Damaged> damaged(std::string what) {
    return tl::unexpected(Damaged{std::move(what)});
}

#define READ(target, expression)                                                                  \
    auto DBA_CONCAT(read_, __LINE__) = (expression);                                              \
    if (!DBA_CONCAT(read_, __LINE__)) return tl::unexpected(DBA_CONCAT(read_, __LINE__).error()); \
    target = std::move(*DBA_CONCAT(read_, __LINE__))

class Reader {
 public:
    Reader(Elf* elf, std::string_view bytes) : elf_(elf), bytes_(bytes) {}

    Read<ElfInfo> read() {
        READ(const auto header, file_header());
        info_.is_64 = gelf_getclass(elf_) == ELFCLASS64;
        info_.machine = header.e_machine;
        info_.type = header.e_type;
        READ(const auto dynamic_segment, segments());
        if (!dynamic_segment) return std::move(info_);
        READ(dynamic_, dynamic(*dynamic_segment));
        READ([[maybe_unused]] const auto named, names());
        READ([[maybe_unused]] const auto needs, version_needs());
        READ([[maybe_unused]] const auto definitions, version_definitions());
        READ([[maybe_unused]] const auto read_symbols, symbols());
        return std::move(info_);
    }

 private:
    Read<GElf_Ehdr> file_header() {
        GElf_Ehdr header;
        if (gelf_getehdr(elf_, &header) == nullptr) return damaged("its ELF header cannot be read");
        const auto class_of_file = gelf_getclass(elf_);
        if (class_of_file != ELFCLASS32 && class_of_file != ELFCLASS64)
            return damaged("its ELF header cannot be read");
        const auto segments_end =
            header.e_phoff + std::uint64_t{header.e_phnum} * header.e_phentsize;
        if (header.e_phoff > bytes_.size() || segments_end > bytes_.size())
            return damaged("it ends before its program headers");
        const auto sections_end =
            header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize;
        if (header.e_shoff > bytes_.size() || sections_end > bytes_.size())
            return damaged("it ends before its section headers");
        return header;
    }

    // Keeps the loadable segments and the interpreter; returns the dynamic segment.
    Read<std::optional<GElf_Phdr>> segments() {
        std::size_t count = 0;
        if (elf_getphdrnum(elf_, &count) != 0) return damaged("its program headers cannot be read");
        std::optional<GElf_Phdr> dynamic_segment;
        for (std::size_t i = 0; i < count; ++i) {
            GElf_Phdr segment;
            if (i > std::numeric_limits<int>::max() ||
                gelf_getphdr(elf_, static_cast<int>(i), &segment) == nullptr)
                return damaged("its program headers cannot be read");
            const bool matters = segment.p_type == PT_LOAD || segment.p_type == PT_DYNAMIC ||
                                 segment.p_type == PT_INTERP;
            if (!matters || segment.p_filesz == 0) continue;
            if (segment.p_offset > bytes_.size() ||
                segment.p_filesz > bytes_.size() - segment.p_offset)
                return damaged("it ends inside a segment");
            if (segment.p_type == PT_LOAD) {
                loads_.push_back(segment);
            } else if (segment.p_type == PT_DYNAMIC) {
                dynamic_segment = segment;
            } else {
                const auto path = bytes_.substr(segment.p_offset, segment.p_filesz);
                info_.interpreter = path.substr(0, path.find('\0'));
            }
        }
        return dynamic_segment;
    }

    Read<Dynamic> dynamic(const GElf_Phdr& segment) {
        READ(Elf_Data * data, chunk(segment.p_offset, segment.p_filesz, ELF_T_DYN));
        Dynamic result;
        GElf_Dyn entry;
        for (int i = 0; gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i) {
            const std::uint64_t value = entry.d_un.d_val;
            switch (entry.d_tag) {
                case DT_STRTAB:
                    result.string_table = value;
                    break;
                case DT_STRSZ:
                    result.string_size = value;
                    break;
                case DT_SYMTAB:
                    result.symbol_table = value;
                    break;
                case DT_HASH:
                    result.hash = value;
                    break;
                case DT_GNU_HASH:
                    result.gnu_hash = value;
                    break;
                case DT_VERSYM:
                    result.version_symbols = value;
                    break;
                case DT_VERNEED:
                    result.version_needs = value;
                    break;
                case DT_VERNEEDNUM:
                    result.version_need_count = value;
                    break;
                case DT_VERDEF:
                    result.version_definitions = value;
                    break;
                case DT_VERDEFNUM:
                    result.version_definition_count = value;
                    break;
                case DT_REL:
                    result.rel = value;
                    break;
                case DT_RELSZ:
                    result.rel_size = value;
                    break;
                case DT_RELA:
                    result.rela = value;
                    break;
                case DT_RELASZ:
                    result.rela_size = value;
                    break;
                case DT_JMPREL:
                    result.plt = value;
                    break;
                case DT_PLTRELSZ:
                    result.plt_size = value;
                    break;
                case DT_PLTREL:
                    result.plt_kind = value;
                    break;
                case DT_SONAME:
                    result.soname = value;
                    break;
                case DT_RPATH:
                    result.rpath = value;
                    break;
                case DT_RUNPATH:
                    result.runpath = value;
                    break;
                case DT_NEEDED:
                    result.needed.push_back(value);
                    break;
                default:
                    break;
            }
        }
        return result;
    }

    Read<bool> names() {
        for (const auto offset : dynamic_.needed) {
            READ(auto library, string(offset));
            info_.needed.push_back(std::move(library));
        }
        if (dynamic_.soname) {
            READ(info_.soname, string(*dynamic_.soname));
        }
        if (dynamic_.rpath) {
            READ(info_.rpath, paths(*dynamic_.rpath));
        }
        if (dynamic_.runpath) {
            READ(info_.runpath, paths(*dynamic_.runpath));
        }
        return true;
    }

    Read<bool> version_needs() {
        if (dynamic_.version_needs == 0) return true;
        READ(Elf_Data * data, rest_of_segment(dynamic_.version_needs, ELF_T_VNEED));
        std::uint64_t at = 0;
        for (std::uint64_t i = 0; i < dynamic_.version_need_count; ++i) {
            GElf_Verneed need;
            if (at > max_offset || gelf_getverneed(data, static_cast<int>(at), &need) == nullptr)
                return damaged("its version needs lie outside the file");
            READ(auto library, string(need.vn_file));
            auto& versions = info_.version_needs[library];
            std::uint64_t aux_at = at + need.vn_aux;
            for (unsigned j = 0; j < need.vn_cnt; ++j) {
                GElf_Vernaux aux;
                if (aux_at > max_offset ||
                    gelf_getvernaux(data, static_cast<int>(aux_at), &aux) == nullptr)
                    return damaged("its version needs lie outside the file");
                READ(auto version, string(aux.vna_name));
                version_names_[aux.vna_other & version_mask] = version;
                versions.push_back(std::move(version));
                if (aux.vna_next == 0) break;
                aux_at += aux.vna_next;
            }
            if (need.vn_next == 0) break;
            at += need.vn_next;
        }
        return true;
    }

    Read<bool> version_definitions() {
        if (dynamic_.version_definitions == 0) return true;
        READ(Elf_Data * data, rest_of_segment(dynamic_.version_definitions, ELF_T_VDEF));
        std::uint64_t at = 0;
        for (std::uint64_t i = 0; i < dynamic_.version_definition_count; ++i) {
            GElf_Verdef definition;
            GElf_Verdaux aux;
            if (at > max_offset ||
                gelf_getverdef(data, static_cast<int>(at), &definition) == nullptr ||
                at + definition.vd_aux > max_offset ||
                gelf_getverdaux(data, static_cast<int>(at + definition.vd_aux), &aux) == nullptr)
                return damaged("its version definitions lie outside the file");
            if ((definition.vd_flags & VER_FLG_BASE) == 0) {
                READ(auto version, string(aux.vda_name));
                info_.version_definitions.push_back(std::move(version));
            }
            if (definition.vd_next == 0) break;
            at += definition.vd_next;
        }
        return true;
    }

    Read<bool> symbols() {
        if (dynamic_.symbol_table == 0) return true;
        READ(const auto count, symbol_count());
        if (count == 0) return true;
        const auto entry_size = gelf_fsize(elf_, ELF_T_SYM, 1, EV_CURRENT);
        READ(Elf_Data * table, table_at(dynamic_.symbol_table, count, entry_size, ELF_T_SYM));
        Elf_Data* versions = nullptr;
        if (dynamic_.version_symbols != 0) {
            READ(versions, table_at(dynamic_.version_symbols, count, 2, ELF_T_HALF));
        }
        for (std::uint64_t i = 1; i < count; ++i) {
            GElf_Sym symbol;
            if (gelf_getsym(table, static_cast<int>(i), &symbol) == nullptr) break;
            const auto binding = GELF_ST_BIND(symbol.st_info);
            if (symbol.st_shndx != SHN_UNDEF || binding == STB_LOCAL || symbol.st_name == 0)
                continue;
            READ(auto name, string(symbol.st_name));
            GElf_Versym version = 0;
            if (versions != nullptr &&
                gelf_getversym(versions, static_cast<int>(i), &version) != nullptr) {
                const auto known = version_names_.find(version & version_mask);
                if (known != version_names_.end()) name += "@" + known->second;
            }
            if (binding == STB_WEAK) info_.weak_symbols.push_back(name);
            info_.undefined_symbols.push_back(std::move(name));
        }
        return true;
    }

    // The dynamic symbols are not counted anywhere directly. DT_HASH has the number; DT_GNU_HASH
    // covers the defined ones, and the undefined ones before them show in the relocations.
    Read<std::uint64_t> symbol_count() {
        if (dynamic_.hash != 0 && !wide_hash()) {
            READ(const auto counts, words(dynamic_.hash, 2));
            return counts[1];
        }
        std::uint64_t count = 0;
        if (dynamic_.gnu_hash != 0) {
            READ(count, gnu_hash_count());
        }
        const bool plt_rela = dynamic_.plt_kind == DT_RELA;
        struct Relocations {
            std::uint64_t address, size;
            bool with_addend;
        };
        for (const auto& [address, size, with_addend] :
             {Relocations{dynamic_.rel, dynamic_.rel_size, false},
              Relocations{dynamic_.rela, dynamic_.rela_size, true},
              Relocations{dynamic_.plt, dynamic_.plt_size, plt_rela}}) {
            if (address == 0 || size == 0) continue;
            READ(const auto end, relocated_symbols_end(address, size, with_addend));
            count = std::max(count, end);
        }
        return count;
    }

    // Alpha and 64-bit s390 have hash tables of 8-byte words.
    [[nodiscard]] bool wide_hash() const {
        return info_.is_64 && (info_.machine == EM_S390 || info_.machine == EM_ALPHA);
    }

    Read<std::uint64_t> gnu_hash_count() {
        READ(const auto header, words(dynamic_.gnu_hash, 4));
        const std::uint64_t buckets = header[0];
        const std::uint64_t first_hashed = header[1];
        const std::uint64_t bloom_size = std::uint64_t{header[2]} * (info_.is_64 ? 8 : 4);
        const auto buckets_at = dynamic_.gnu_hash + 16 + bloom_size;
        READ(const auto starts, words(buckets_at, buckets));
        std::uint64_t last = 0;
        for (const auto start : starts) last = std::max<std::uint64_t>(last, start);
        if (last < first_hashed) return first_hashed;
        const auto chains_at = buckets_at + buckets * 4;
        for (;; ++last) {  // ends at the latest where the segment does
            READ(const auto chain, words(chains_at + (last - first_hashed) * 4, 1));
            if ((chain[0] & 1U) != 0) return last + 1;
        }
    }

    Read<std::uint64_t> relocated_symbols_end(std::uint64_t address, std::uint64_t size,
                                              bool with_addend) {
        const auto type = with_addend ? ELF_T_RELA : ELF_T_REL;
        const auto entry_size = gelf_fsize(elf_, type, 1, EV_CURRENT);
        READ(Elf_Data * data, table_at(address, size / entry_size, entry_size, type));
        std::uint64_t end = 0;
        for (std::uint64_t i = 0; i < size / entry_size; ++i) {
            GElf_Rel rel;
            GElf_Rela rela;
            std::uint64_t symbol = 0;
            if (with_addend && gelf_getrela(data, static_cast<int>(i), &rela) != nullptr)
                symbol = GELF_R_SYM(rela.r_info);
            else if (!with_addend && gelf_getrel(data, static_cast<int>(i), &rel) != nullptr)
                symbol = GELF_R_SYM(rel.r_info);
            end = std::max(end, symbol + 1);
        }
        return end;
    }

    // --- bytes at an address ---

    Read<std::uint64_t> offset_of(std::uint64_t address, std::uint64_t& left) {
        for (const auto& load : loads_) {
            if (address < load.p_vaddr || address - load.p_vaddr >= load.p_filesz) continue;
            left = load.p_filesz - (address - load.p_vaddr);
            return load.p_offset + (address - load.p_vaddr);
        }
        return damaged(fmt::format("the address {:#x} lies in no segment", address));
    }

    Read<Elf_Data*> chunk(std::uint64_t offset, std::uint64_t size, Elf_Type type) {
        Elf_Data* data = nullptr;
        if (size <= max_offset)
            data = elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(offset), size, type);
        if (data == nullptr) return damaged("its dynamic section cannot be read");
        return data;
    }

    Read<Elf_Data*> rest_of_segment(std::uint64_t address, Elf_Type type) {
        std::uint64_t left = 0;
        READ(const auto offset, offset_of(address, left));
        return chunk(offset, left, type);
    }

    Read<Elf_Data*> table_at(std::uint64_t address, std::uint64_t count, std::uint64_t entry_size,
                             Elf_Type type) {
        std::uint64_t left = 0;
        READ(const auto offset, offset_of(address, left));
        if (count > left / entry_size) return damaged("a table of it ends outside its segment");
        return chunk(offset, count * entry_size, type);
    }

    Read<std::vector<std::uint32_t>> words(std::uint64_t address, std::uint64_t count) {
        std::vector<std::uint32_t> result;
        if (count == 0) return result;
        std::uint64_t left = 0;
        READ(const auto offset, offset_of(address, left));
        if (count > left / 4) return damaged("a table of it ends outside its segment");
        const bool little = elf_getident(elf_, nullptr)[EI_DATA] == ELFDATA2LSB;
        result.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            std::uint32_t word = 0;
            for (unsigned k = 0; k < 4; ++k) {
                const auto byte = static_cast<unsigned char>(bytes_[offset + i * 4 + k]);
                word |= std::uint32_t{byte} << (8 * (little ? k : 3 - k));
            }
            result.push_back(word);
        }
        return result;
    }

    Read<std::string> string(std::uint64_t offset) {
        std::uint64_t left = 0;
        READ(const auto table, offset_of(dynamic_.string_table, left));
        const auto size = std::min(left, dynamic_.string_size);
        if (offset >= size) return damaged("a name of it lies outside its string table");
        const auto strings = bytes_.substr(table, size);
        const auto end = strings.find('\0', offset);
        if (end == std::string_view::npos)
            return damaged("a name of it lies outside its string table");
        return std::string(strings.substr(offset, end - offset));
    }

    Read<std::vector<std::string>> paths(std::uint64_t offset) {
        READ(const auto joined, string(offset));
        std::vector<std::string> result;
        for (const auto path : text::split(joined, ':'))
            if (!path.empty()) result.emplace_back(path);
        return result;
    }

    // libelf's accessors take an int.
    static constexpr std::uint64_t max_offset = std::numeric_limits<int>::max();
    static constexpr unsigned version_mask = 0x7fff;  // the top bit hides a definition

    Elf* elf_;
    std::string_view bytes_;
    ElfInfo info_;
    Dynamic dynamic_;
    std::vector<GElf_Phdr> loads_;
    std::map<unsigned, std::string> version_names_;  // by index, the needed ones
};

#undef READ

}  // namespace

bool looks_like_elf(std::string_view bytes) {
    return bytes.starts_with(std::string_view(ELFMAG, SELFMAG));
}

Result<ElfInfo> parse_elf(std::string_view bytes, std::string_view file_name) {
    if (!looks_like_elf(bytes)) return bad_input(std::string(file_name), "this is no ELF file", "");
    elf_version(EV_CURRENT);
    // libelf asks for a writable image but only reads it: nothing here writes through it.
    const ElfHandle elf(elf_memory(const_cast<char*>(bytes.data()), bytes.size()));
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF)
        return bad_input(std::string(file_name),
                         "this ELF file is damaged: its ELF header cannot be read",
                         "get the file anew; it may have been cut short");
    auto info = Reader(elf.get(), bytes).read();
    if (!info)
        return bad_input(std::string(file_name), "this ELF file is damaged: " + info.error().what,
                         "get the file anew; it may have been cut short");
    return std::move(*info);
}

}  // namespace dba
