#include "formats/binary/elf.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "formats/binary/elf_image.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

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

class Reader {
 public:
    explicit Reader(const ElfImage& image) : image_(image) {}

    Result<ElfInfo> read() {
        info_.is_64 = image_.is_64();
        info_.machine = image_.header().e_machine;
        info_.type = image_.header().e_type;
        info_.interpreter = image_.interpreter();
        if (!image_.dynamic()) return std::move(info_);
        TRY_ASSIGN(dynamic_, dynamic(*image_.dynamic()));
        TRY(names());
        TRY(version_needs());
        TRY(version_definitions());
        TRY(symbols());
        return std::move(info_);
    }

 private:
    Result<Dynamic> dynamic(const GElf_Phdr& segment) {
        TRY_ASSIGN(Elf_Data * data, image_.chunk(segment.p_offset, segment.p_filesz, ELF_T_DYN));
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

    Result<void> names() {
        for (const auto offset : dynamic_.needed) {
            TRY_ASSIGN(auto library, string(offset));
            info_.needed.push_back(std::move(library));
        }
        if (dynamic_.soname) {
            TRY_ASSIGN(info_.soname, string(*dynamic_.soname));
        }
        if (dynamic_.rpath) {
            TRY_ASSIGN(info_.rpath, paths(*dynamic_.rpath));
        }
        if (dynamic_.runpath) {
            TRY_ASSIGN(info_.runpath, paths(*dynamic_.runpath));
        }
        return {};
    }

    Result<void> version_needs() {
        if (dynamic_.version_needs == 0) return {};
        TRY_ASSIGN(Elf_Data * data, image_.rest_of_segment(dynamic_.version_needs, ELF_T_VNEED));
        std::uint64_t at = 0;
        for (std::uint64_t i = 0; i < dynamic_.version_need_count; ++i) {
            GElf_Verneed need;
            if (at > ElfImage::max_offset ||
                gelf_getverneed(data, static_cast<int>(at), &need) == nullptr)
                return image_.damaged("its version needs lie outside the file");
            TRY_ASSIGN(auto library, string(need.vn_file));
            auto& versions = info_.version_needs[library];
            std::uint64_t aux_at = at + need.vn_aux;
            for (unsigned j = 0; j < need.vn_cnt; ++j) {
                GElf_Vernaux aux;
                if (aux_at > ElfImage::max_offset ||
                    gelf_getvernaux(data, static_cast<int>(aux_at), &aux) == nullptr)
                    return image_.damaged("its version needs lie outside the file");
                TRY_ASSIGN(auto version, string(aux.vna_name));
                version_names_[aux.vna_other & version_mask] = version;
                versions.push_back(std::move(version));
                if (aux.vna_next == 0) break;
                aux_at += aux.vna_next;
            }
            if (need.vn_next == 0) break;
            at += need.vn_next;
        }
        return {};
    }

    Result<void> version_definitions() {
        if (dynamic_.version_definitions == 0) return {};
        TRY_ASSIGN(Elf_Data * data,
                   image_.rest_of_segment(dynamic_.version_definitions, ELF_T_VDEF));
        std::uint64_t at = 0;
        for (std::uint64_t i = 0; i < dynamic_.version_definition_count; ++i) {
            GElf_Verdef definition;
            GElf_Verdaux aux;
            if (at > ElfImage::max_offset ||
                gelf_getverdef(data, static_cast<int>(at), &definition) == nullptr ||
                at + definition.vd_aux > ElfImage::max_offset ||
                gelf_getverdaux(data, static_cast<int>(at + definition.vd_aux), &aux) == nullptr)
                return image_.damaged("its version definitions lie outside the file");
            if ((definition.vd_flags & VER_FLG_BASE) == 0) {
                TRY_ASSIGN(auto version, string(aux.vda_name));
                info_.version_definitions.push_back(std::move(version));
            }
            if (definition.vd_next == 0) break;
            at += definition.vd_next;
        }
        return {};
    }

    Result<void> symbols() {
        if (dynamic_.symbol_table == 0) return {};
        TRY_ASSIGN(const auto count, symbol_count());
        if (count == 0) return {};
        TRY_ASSIGN(Elf_Data * table, image_.table(dynamic_.symbol_table, count, ELF_T_SYM));
        Elf_Data* versions = nullptr;
        if (dynamic_.version_symbols != 0) {
            TRY_ASSIGN(versions, image_.table(dynamic_.version_symbols, count, ELF_T_HALF));
        }
        for (std::uint64_t i = 1; i < count; ++i) {
            GElf_Sym symbol;
            if (gelf_getsym(table, static_cast<int>(i), &symbol) == nullptr) break;
            const auto binding = GELF_ST_BIND(symbol.st_info);
            if (symbol.st_shndx != SHN_UNDEF || binding == STB_LOCAL || symbol.st_name == 0)
                continue;
            TRY_ASSIGN(auto name, string(symbol.st_name));
            GElf_Versym version = 0;
            if (versions != nullptr &&
                gelf_getversym(versions, static_cast<int>(i), &version) != nullptr) {
                const auto known = version_names_.find(version & version_mask);
                if (known != version_names_.end()) name += "@" + known->second;
            }
            if (binding == STB_WEAK) info_.weak_symbols.push_back(name);
            info_.undefined_symbols.push_back(std::move(name));
        }
        return {};
    }

    // The dynamic symbols are not counted anywhere directly. DT_HASH has the number; DT_GNU_HASH
    // covers the defined ones, and the undefined ones before them show in the relocations.
    Result<std::uint64_t> symbol_count() {
        if (dynamic_.hash != 0 && !wide_hash()) {
            TRY_ASSIGN(const auto counts, image_.words(dynamic_.hash, 2));
            return counts[1];
        }
        std::uint64_t count = 0;
        if (dynamic_.gnu_hash != 0) {
            TRY_ASSIGN(count, gnu_hash_count());
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
            TRY_ASSIGN(const auto end, relocated_symbols_end(address, size, with_addend));
            count = std::max(count, end);
        }
        return count;
    }

    // Alpha and 64-bit s390 have hash tables of 8-byte words.
    [[nodiscard]] bool wide_hash() const {
        return info_.is_64 && (info_.machine == EM_S390 || info_.machine == EM_ALPHA);
    }

    Result<std::uint64_t> gnu_hash_count() {
        TRY_ASSIGN(const auto header, image_.words(dynamic_.gnu_hash, 4));
        const std::uint64_t buckets = header[0];
        const std::uint64_t first_hashed = header[1];
        const std::uint64_t bloom_size = std::uint64_t{header[2]} * (info_.is_64 ? 8 : 4);
        const auto buckets_at = dynamic_.gnu_hash + 16 + bloom_size;
        TRY_ASSIGN(const auto starts, image_.words(buckets_at, buckets));
        std::uint64_t last = 0;
        for (const auto start : starts) last = std::max<std::uint64_t>(last, start);
        if (last < first_hashed) return first_hashed;
        const auto chains_at = buckets_at + buckets * 4;
        for (;; ++last) {  // ends at the latest where the segment does
            TRY_ASSIGN(const auto chain, image_.words(chains_at + (last - first_hashed) * 4, 1));
            if ((chain[0] & 1U) != 0) return last + 1;
        }
    }

    Result<std::uint64_t> relocated_symbols_end(std::uint64_t address, std::uint64_t size,
                                                bool with_addend) {
        const auto type = with_addend ? ELF_T_RELA : ELF_T_REL;
        const auto count = size / image_.entry_size(type);
        TRY_ASSIGN(Elf_Data * data, image_.table(address, count, type));
        std::uint64_t end = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
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

    Result<std::string> string(std::uint64_t offset) const {
        return image_.string(dynamic_.string_table, dynamic_.string_size, offset);
    }

    Result<std::vector<std::string>> paths(std::uint64_t offset) const {
        TRY_ASSIGN(const auto joined, string(offset));
        std::vector<std::string> result;
        for (const auto path : text::split(joined, ':'))
            if (!path.empty()) result.emplace_back(path);
        return result;
    }

    static constexpr unsigned version_mask = 0x7fff;  // the top bit hides a definition

    const ElfImage& image_;
    ElfInfo info_;
    Dynamic dynamic_;
    std::map<unsigned, std::string> version_names_;  // by index, the needed ones
};

}  // namespace

bool looks_like_elf(std::string_view bytes) {
    return bytes.starts_with(std::string_view(ELFMAG, SELFMAG));
}

Result<ElfInfo> parse_elf(std::string_view bytes, std::string_view file_name) {
    if (!looks_like_elf(bytes)) return bad_input(std::string(file_name), "this is no ELF file", "");
    TRY_ASSIGN(const ElfImage image, ElfImage::open(bytes, file_name));
    return Reader(image).read();
}

}  // namespace dba
