#include "deb/compressed.hpp"

#include <archive.h>
#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "deb/member_order.hpp"

namespace dba::deb {
namespace {

constexpr int zstd_window = 23;      // 2^23 bytes: a whole section
constexpr int smallest_window = 10;  // which 0 stands for in a frame header
constexpr lzma_check xz_check = LZMA_CHECK_CRC64;

Failure failed(const char* library, const std::string& cause) {
    return system_error(library, "cannot compress: " + cause);
}

// ---- zstd: a frame is a header and blocks (RFC 8878). A job of the compressor that is not the
// frame's first one uses neither a window, nor tables, nor repeated offsets of what is before it:
// so the first job is a byte that is dropped, with the header, and the section is the second one.

class ZstdFrame {
 public:
    explicit ZstdFrame(int level) : context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
        set(ZSTD_c_compressionLevel, level);
        set(ZSTD_c_windowLog, zstd_window);
        set(ZSTD_c_contentSizeFlag, 0);
        set(ZSTD_c_checksumFlag, 0);
        set(ZSTD_c_nbWorkers, 1);
        // More than any section has, with the end of the archive; 1 is none.
        set(ZSTD_c_jobSize, static_cast<int>(largest_section(Compression::zstd) + 65536));
        set(ZSTD_c_overlapLog, 1);
    }

    // What the compressor has for `bytes`, whole blocks of which none is the last.
    Result<std::string> flush(std::string_view bytes) {
        if (!error_.empty()) return failed("libzstd", error_);
        std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
        ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        for (std::size_t rest = 1; rest != 0;) {
            rest = ZSTD_compressStream2(context_.get(), &to, &from, ZSTD_e_flush);
            if (ZSTD_isError(rest) != 0) return failed("libzstd", ZSTD_getErrorName(rest));
            if (rest != 0 && to.pos == to.size) return failed("libzstd", "no room");
        }
        out.resize(to.pos);
        return out;
    }

 private:
    void set(ZSTD_cParameter parameter, int value) {
        const std::size_t code = ZSTD_CCtx_setParameter(context_.get(), parameter, value);
        if (ZSTD_isError(code) != 0) error_ = ZSTD_getErrorName(code);
    }

    std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
    std::string error_;
};

Result<Compressed> zstd_section(std::string_view bytes, int level) {
    ZstdFrame frame(level);
    TRY(frame.flush(std::string_view("\0", 1)));
    TRY_ASSIGN(std::string out, frame.flush(bytes));
    return Compressed{std::move(out), {bytes.size(), 0}};
}

// ---- xz: a stream is a header, blocks, an index of them and a footer.

bool is_x86_program(std::string_view bytes) {
    constexpr std::size_t machine_at = 18;  // e_machine, of two bytes
    constexpr int i386 = 3, x86_64 = 62;
    if (!bytes.starts_with("\x7f"
                           "ELF") ||
        bytes.size() < machine_at + 2)
        return false;
    const int machine = static_cast<unsigned char>(bytes[machine_at]) |
                        static_cast<unsigned char>(bytes[machine_at + 1]) << 8U;
    return machine == i386 || machine == x86_64;
}

// Whether most of a section of a tar is programs and libraries of x86, which a filter before the
// compressor makes smaller by some hundredths. Headers of files are at whole blocks.
bool is_mostly_x86(std::string_view tar) {
    constexpr std::size_t block = 512;
    std::uint64_t inside = 0;
    bool counts = false;
    for (std::size_t at = 0; at + block <= tar.size(); at += block) {
        if (is_x86_program(tar.substr(at, block)))
            counts = true;
        else if (tar.substr(at + 257, 5) == "ustar")
            counts = false;
        if (counts) inside += block;
    }
    return inside > tar.size() / 2;
}

Result<Compressed> xz_section(std::string_view bytes, int level) {
    lzma_options_lzma options{};
    if (lzma_lzma_preset(&options, static_cast<std::uint32_t>(level)))
        return failed("liblzma", fmt::format("there is no level {}", level));
    std::array<lzma_filter, 3> filters = {lzma_filter{LZMA_FILTER_X86, nullptr},
                                          lzma_filter{LZMA_FILTER_LZMA2, &options},
                                          lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
    lzma_block block{};
    block.check = xz_check;
    block.filters = filters.data() + (is_mostly_x86(bytes) ? 0 : 1);
    std::string out(lzma_block_buffer_bound(bytes.size()), '\0');
    std::size_t size = 0;
    const lzma_ret done = lzma_block_buffer_encode(
        &block, nullptr, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
        reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
    if (done != LZMA_OK) return failed("liblzma", fmt::format("error {}", static_cast<int>(done)));
    out.resize(size);
    return Compressed{std::move(out), {bytes.size(), lzma_block_unpadded_size(&block)}};
}

lzma_stream_flags xz_flags() {
    lzma_stream_flags flags{};
    flags.check = xz_check;
    return flags;
}

Result<std::string> xz_end(const std::vector<CompressedSize>& sizes) {
    const std::unique_ptr<lzma_index, void (*)(lzma_index*)> index(
        lzma_index_init(nullptr), [](lzma_index* one) { lzma_index_end(one, nullptr); });
    for (const CompressedSize& size : sizes)
        if (lzma_index_append(index.get(), nullptr, size.unpadded, size.bytes) != LZMA_OK)
            return failed("liblzma", "the index of the blocks");
    std::string out(lzma_index_size(index.get()) + LZMA_STREAM_HEADER_SIZE, '\0');
    auto* const to = reinterpret_cast<std::uint8_t*>(out.data());
    std::size_t at = 0;
    lzma_stream_flags flags = xz_flags();
    flags.backward_size = lzma_index_size(index.get());
    if (lzma_index_buffer_encode(index.get(), to, &at, out.size()) != LZMA_OK ||
        lzma_stream_footer_encode(&flags, to + at) != LZMA_OK)
        return failed("liblzma", "the end of the stream");
    return out;
}

// ---- gzip: members, one after the other.

Result<Compressed> gzip_section(std::string_view bytes, int level) {
    constexpr int gzip_format = 16 + MAX_WBITS;
    constexpr int memory_level = 9;
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_format, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return failed("zlib", "it cannot be set up");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (done != Z_STREAM_END) return failed("zlib", fmt::format("error {}", done));
    return Compressed{std::move(out), {bytes.size(), 0}};
}

// ---- reading back

struct Parts {
    std::array<std::string_view, 3> all;
    std::size_t next = 0;
};

la_ssize_t next_part(archive* /*handle*/, void* data, const void** bytes) {
    auto& parts = *static_cast<Parts*>(data);
    while (parts.next < parts.all.size() && parts.all.at(parts.next).empty()) ++parts.next;
    if (parts.next == parts.all.size()) return 0;
    const std::string_view part = parts.all.at(parts.next++);
    *bytes = part.data();
    return static_cast<la_ssize_t>(part.size());
}

int filter_of(Compression compression) {
    switch (compression) {
        case Compression::zstd:
            return ARCHIVE_FILTER_ZSTD;
        case Compression::xz:
            return ARCHIVE_FILTER_XZ;
        case Compression::gzip:
            break;
    }
    return ARCHIVE_FILTER_GZIP;
}

// By another library than the one that compressed, as far as there is one; a section alone is a
// stream.
Result<void> read_back(const Compressed& section, std::string_view wanted,
                       Compression compression) {
    TRY_ASSIGN(const std::string start, stream_start(compression));
    TRY_ASSIGN(const std::string end, stream_end(compression, {section.size}));
    Parts parts{{start, section.bytes, end}};
    const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
    // Exactly this one: the contents may look like another.
    archive_read_append_filter(reader.get(), filter_of(compression));
    archive_read_support_format_raw(reader.get());
    archive_read_support_format_empty(reader.get());
    archive_entry* entry = nullptr;
    const auto differs = [] {
        return system_error("compression", "a compressed section does not read back as it was");
    };
    if (archive_read_open(reader.get(), &parts, nullptr, next_part, nullptr) != ARCHIVE_OK)
        return differs();
    const int opened = archive_read_next_header(reader.get(), &entry);
    if (opened == ARCHIVE_EOF) return wanted.empty() ? Result<void>() : differs();
    if (opened != ARCHIVE_OK) return differs();
    std::string buffer(1U << 16U, '\0');
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader.get(), buffer.data(), buffer.size())) > 0) {
        const auto size = static_cast<std::size_t>(got);
        if (!wanted.starts_with(std::string_view(buffer.data(), size))) return differs();
        wanted.remove_prefix(size);
    }
    return got == 0 && wanted.empty() ? Result<void>() : differs();
}

Result<Compressed> compress(std::string_view bytes, Compression compression, int level) {
    switch (compression) {
        case Compression::zstd:
            return zstd_section(bytes, level);
        case Compression::xz:
            return xz_section(bytes, level);
        case Compression::gzip:
            break;
    }
    return gzip_section(bytes, level);
}

}  // namespace

Result<Compressed> compress_section(std::string_view bytes, Compression compression, int level) {
    TRY_ASSIGN(Compressed section, compress(bytes, compression, level));
    TRY(read_back(section, bytes, compression));
    return section;
}

Result<std::string> stream_start(Compression compression) {
    switch (compression) {
        case Compression::zstd: {
            // Magic number; a descriptor without size, dictionary and checksum; the window.
            std::string header("\x28\xb5\x2f\xfd\0", 5);
            header += static_cast<char>((zstd_window - smallest_window) << 3);
            return header;
        }
        case Compression::xz: {
            std::string header(LZMA_STREAM_HEADER_SIZE, '\0');
            const lzma_stream_flags flags = xz_flags();
            if (lzma_stream_header_encode(&flags, reinterpret_cast<std::uint8_t*>(header.data())) !=
                LZMA_OK)
                return failed("liblzma", "the start of the stream");
            return header;
        }
        case Compression::gzip:
            break;
    }
    return std::string();
}

Result<std::string> stream_end(Compression compression, const std::vector<CompressedSize>& sizes) {
    switch (compression) {
        case Compression::zstd:
            return std::string("\x01\0\0", 3);  // a last block, of no bytes
        case Compression::xz:
            return xz_end(sizes);
        case Compression::gzip:
            break;
    }
    return std::string();
}

int default_level(Compression compression) {
    switch (compression) {
        case Compression::zstd:
            return 3;
        case Compression::xz:
            return 6;
        case Compression::gzip:
            break;
    }
    return 9;
}

}  // namespace dba::deb
