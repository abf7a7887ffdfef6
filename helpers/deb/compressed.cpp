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

// A preset whose dictionary is no larger than a section: it is most of what a thread takes.
Result<lzma_options_lzma> xz_options(int level) {
    lzma_options_lzma options{};
    if (lzma_lzma_preset(&options, static_cast<std::uint32_t>(level)))
        return failed("liblzma", fmt::format("there is no level {}", level));
    options.dict_size =
        std::min(options.dict_size, static_cast<std::uint32_t>(largest_section(Compression::xz)));
    return options;
}

// An encoder of one block, and what it has written.
class XzBlock {
 public:
    explicit XzBlock(lzma_block& block) : begun_(lzma_block_encoder(&encoder_, &block)) {
        out_.resize(block.header_size);
    }
    XzBlock(const XzBlock&) = delete;
    XzBlock& operator=(const XzBlock&) = delete;
    ~XzBlock() { lzma_end(&encoder_); }

    Result<void> add(std::string_view bytes) {
        encoder_.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        encoder_.avail_in = bytes.size();
        return code(LZMA_RUN);
    }
    // With room for the header in front.
    Result<std::string> finish() {
        encoder_.avail_in = 0;
        TRY(code(LZMA_FINISH));
        out_.resize(out_.size() - encoder_.avail_out);
        return std::move(out_);
    }
    [[nodiscard]] std::uint64_t taken() const { return encoder_.total_in; }

 private:
    Result<void> code(lzma_action action) {
        constexpr std::size_t step = 1U << 20U;
        lzma_ret done = begun_;
        while (done == LZMA_OK && (action == LZMA_FINISH || encoder_.avail_in > 0)) {
            if (encoder_.avail_out == 0) {
                const std::size_t at = out_.size();
                out_.resize(at + step);
                encoder_.next_out = reinterpret_cast<std::uint8_t*>(out_.data() + at);
                encoder_.avail_out = step;
            }
            done = lzma_code(&encoder_, action);
        }
        if (done == LZMA_OK || done == LZMA_STREAM_END) return {};
        return failed("liblzma", fmt::format("error {}", static_cast<int>(done)));
    }

    lzma_stream encoder_ = LZMA_STREAM_INIT;
    lzma_ret begun_;
    std::string out_;
};

// The header has both sizes, by which blocks can be unpacked side by side; so it is written last,
// into the room that it would take at most.
Result<Compressed> xz_section(const SectionSource& source, int level) {
    TRY_ASSIGN(lzma_options_lzma options, xz_options(level));
    std::array<lzma_filter, 3> filters = {lzma_filter{LZMA_FILTER_X86, nullptr},
                                          lzma_filter{LZMA_FILTER_LZMA2, &options},
                                          lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
    lzma_block block{};
    block.check = xz_check;
    block.filters = filters.data() + (source.is_mostly_x86 ? 0 : 1);
    block.uncompressed_size = 2 * largest_section(Compression::xz);
    block.compressed_size = lzma_block_buffer_bound(block.uncompressed_size);
    if (lzma_block_header_size(&block) != LZMA_OK)
        return failed("liblzma", "the header of a block");
    XzBlock encoder(block);
    TRY(source.each([&](std::string_view bytes) { return encoder.add(bytes); }));
    TRY_ASSIGN(std::string out, encoder.finish());
    if (lzma_block_header_encode(&block, reinterpret_cast<std::uint8_t*>(out.data())) != LZMA_OK)
        return failed("liblzma", "the header of a block");
    return Compressed{std::move(out), {encoder.taken(), lzma_block_unpadded_size(&block)}};
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

Failure differs() {
    return system_error("compression", "a compressed section does not read back as it was");
}

// By another library than the one that compressed, as far as there is one; a section alone is a
// stream. `take` gets what it decompresses to.
Result<void> read_back(const Compressed& section, Compression compression, const TakeBytes& take) {
    TRY_ASSIGN(const std::string start, stream_start(compression));
    TRY_ASSIGN(const std::string end, stream_end(compression, {section.size}));
    Parts parts{{start, section.bytes, end}};
    const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
    // Exactly this one: the contents may look like another.
    archive_read_append_filter(reader.get(), filter_of(compression));
    archive_read_support_format_raw(reader.get());
    archive_read_support_format_empty(reader.get());
    archive_entry* entry = nullptr;
    if (archive_read_open(reader.get(), &parts, nullptr, next_part, nullptr) != ARCHIVE_OK)
        return differs();
    const int opened = archive_read_next_header(reader.get(), &entry);
    if (opened == ARCHIVE_EOF) return {};
    if (opened != ARCHIVE_OK) return differs();
    std::string buffer(1U << 16U, '\0');
    la_ssize_t got = 0;
    while ((got = archive_read_data(reader.get(), buffer.data(), buffer.size())) > 0)
        TRY(take(std::string_view(buffer.data(), static_cast<std::size_t>(got))));
    return got == 0 ? Result<void>() : differs();
}

// Its check, which the decoder looks at, is of what was compressed.
Result<Compressed> proven_xz(const SectionSource& source, int level) {
    TRY_ASSIGN(Compressed section, xz_section(source, level));
    std::uint64_t size = 0;
    TRY(read_back(section, Compression::xz, [&](std::string_view bytes) -> Result<void> {
        size += bytes.size();
        return {};
    }));
    if (size != section.size.bytes) return differs();
    return section;
}

// These have none, and are small enough to be held.
Result<Compressed> proven(std::string_view bytes, Compression compression, int level) {
    TRY_ASSIGN(Compressed section, compression == Compression::zstd ? zstd_section(bytes, level)
                                                                    : gzip_section(bytes, level));
    std::string_view wanted = bytes;
    TRY(read_back(section, compression, [&](std::string_view part) -> Result<void> {
        if (!wanted.starts_with(part)) return differs();
        wanted.remove_prefix(part.size());
        return {};
    }));
    if (!wanted.empty()) return differs();
    return section;
}

}  // namespace

bool is_x86_program(std::string_view head) {
    constexpr std::size_t machine_at = 18;  // e_machine, of two bytes
    constexpr int i386 = 3, x86_64 = 62;
    if (!head.starts_with("\x7f"
                          "ELF") ||
        head.size() < machine_at + 2)
        return false;
    const int machine = static_cast<unsigned char>(head[machine_at]) |
                        static_cast<unsigned char>(head[machine_at + 1]) << 8U;
    return machine == i386 || machine == x86_64;
}

Result<Compressed> compress_section(const SectionSource& source, Compression compression,
                                    int level) {
    if (compression == Compression::xz) return proven_xz(source, level);
    std::string bytes;
    bytes.reserve(largest_section(compression));
    TRY(source.each([&](std::string_view part) -> Result<void> {
        bytes += part;
        return {};
    }));
    return proven(bytes, compression, level);
}

Result<Compressed> compress_section(std::string_view bytes, Compression compression, int level) {
    return compress_section({[&](const TakeBytes& take) { return take(bytes); }}, compression,
                            level);
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

std::uint64_t memory_of_section(Compression compression, int level) {
    const std::uint64_t section = largest_section(compression);
    switch (compression) {
        case Compression::xz: {
            auto options = xz_options(level);
            if (!options) break;
            const std::array<lzma_filter, 2> filters = {lzma_filter{LZMA_FILTER_LZMA2, &*options},
                                                        lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
            return lzma_raw_encoder_memusage(filters.data()) + section / 2;
        }
        case Compression::zstd: {
            // Its tables, and copies of the section: seen with 1.5.4.
            constexpr int optimal = 16;
            return (level < optimal ? 3 : 14) * section + 2 * section;
        }
        case Compression::gzip:
            break;
    }
    return 3 * section;
}

int default_level(Compression compression) {
    switch (compression) {
        case Compression::zstd:
            return 9;
        case Compression::xz:
            return 6;
        case Compression::gzip:
            break;
    }
    return 9;
}

}  // namespace dba::deb
