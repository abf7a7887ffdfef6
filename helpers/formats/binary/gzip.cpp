#include "formats/binary/gzip.hpp"

#include <zlib.h>

namespace dba {
namespace {

// zlib's window bits with a gzip wrapper around the stream.
constexpr int gzip_window = 15 + 16;

}  // namespace

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    // zlib writes no name and a time of 0 by itself, OS = 3 (Unix).
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
    std::string input(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);  // cannot run short: deflateBound is an upper bound
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Result<std::string> gunzip(std::string_view bytes) {
    z_stream stream{};
    inflateInit2(&stream, gzip_window);
    std::string input(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    std::string out;
    std::string piece(std::size_t{1} << 16U, '\0');
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, 0, piece.size() - stream.avail_out);
    }
    const bool whole = status == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!whole) return bad_input("gzip", "not one whole gzip member");
    return out;
}

}  // namespace dba
