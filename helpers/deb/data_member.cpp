#include "deb/data_member.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "deb/tar_entry.hpp"
#include "model/json.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/memory.hpp"

namespace dba::deb {

// What lies beside a section's bytes.
struct SectionNote {
    static constexpr int format = 1;
    std::uint64_t size = 0;
    std::string sha256;
    std::uint64_t bytes = 0, unpadded = 0;
    std::vector<std::string> md5;  // of the files whose first piece is in it, in order
};

template <class V>
void fields(V& v, SectionNote& note) {
    v.derived("format", SectionNote::format);
    v("size", note.size);
    v("sha256", note.sha256);
    v("bytes", note.bytes);
    v("unpadded", note.unpadded);
    v("md5", note.md5);
}

namespace {

constexpr int section_format = 2;
constexpr const char* bytes_name = "bytes";
constexpr const char* note_name = "section.json";
constexpr std::size_t most_threads = 16;

// As many as there are processors, within a sixteenth of the memory; at least what two of them take
// at the usual levels.
std::size_t threads_for(Compression compression, int level) {
    constexpr std::uint64_t least = 256U << 20U;
    constexpr std::uint64_t most = 1U << 30U;
    const std::uint64_t within = std::clamp(memory_of_machine() / 16, least, most);
    const auto threads = std::min<std::uint64_t>(
        within / memory_of_section(compression, level),
        std::min<std::uint64_t>(std::thread::hardware_concurrency(), most_threads));
    return static_cast<std::size_t>(std::max<std::uint64_t>(threads, 1));
}

// Of what the section's bytes are made of, without reading them.
std::string digest_of(const Section& section, const std::vector<MemberEntry>& entries) {
    Sha256Stream digest;
    for (const Piece& piece : section.pieces) {
        const MemberEntry& item = entries.at(piece.entry);
        const LayerEntry& entry = item.planned.entry;
        digest.update(fmt::format("{}:{}{}:{} {:o} {} {} {}:{} {} {} {}{}\n", entry.path.size(),
                                  entry.path, entry.hard_link.size(), entry.hard_link, entry.mode,
                                  item.time, static_cast<int>(entry.kind), entry.link_target.size(),
                                  entry.link_target, entry.sha256, piece.offset, piece.length,
                                  piece.has_header ? " first" : ""));
    }
    digest.update(section.ends_archive ? "end" : "");
    return digest.finish();
}

Receipt receipt_of(const Section& section, const std::vector<MemberEntry>& entries,
                   Compression compression, int level) {
    Receipt receipt{"section", section_format};
    receipt.add("contents", digest_of(section, entries))
        .add("compression", compression)
        .add("level", level)
        .share(Sharing::anywhere);
    return receipt;
}

Failure changed(const fs::path& file) {
    return system_error(file.string(),
                        "cannot be read, or is another file than when its layer was made");
}

// A file's part, and its MD5 digest where it begins here.
Result<void> read_piece(const Piece& piece, const PlannedEntry& planned, const TakeBytes& take,
                        std::vector<std::string>& md5) {
    std::ifstream in(planned.source, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(piece.offset));
    const bool is_whole = piece.has_header && piece.has_padding;
    Sha256Stream sha256;
    Md5Stream own_md5;
    std::string buffer(std::min<std::uint64_t>(piece.length, 1U << 20U), '\0');
    for (std::uint64_t left = piece.length; left > 0;) {
        const std::string_view part(buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
        if (!in.read(buffer.data(), static_cast<std::streamsize>(part.size())))
            return changed(planned.source);
        if (is_whole) {
            sha256.update(part);
            own_md5.update(part);
        }
        TRY(take(part));
        left -= part.size();
    }
    // Nothing behind what there was.
    if (!in || (piece.has_padding && in.peek() != std::ifstream::traits_type::eof()))
        return changed(planned.source);
    if (is_whole) {
        if (sha256.finish() != planned.entry.sha256) return changed(planned.source);
        md5.push_back(own_md5.finish());
    } else if (piece.has_header) {
        // Larger than a section: its digests are of all its pieces.
        TRY_ASSIGN(const std::string whole, sha256_file(planned.source));
        if (whole != planned.entry.sha256) return changed(planned.source);
        TRY_ASSIGN(md5.emplace_back(), md5_file(planned.source));
    }
    return {};
}

// The tar's bytes of a section; the MD5 digests of the files that begin in it go to `md5`.
Result<void> each_byte(const Section& section, const std::vector<MemberEntry>& entries,
                       const TakeBytes& take, std::vector<std::string>& md5) {
    for (const Piece& piece : section.pieces) {
        const MemberEntry& item = entries.at(piece.entry);
        const LayerEntry& entry = item.planned.entry;
        if (piece.has_header) {
            TRY_ASSIGN(const std::string header, tar_header(entry, item.time));
            TRY(take(header));
        }
        if (!has_bytes(entry)) continue;
        TRY(read_piece(piece, item.planned, take, md5));
        if (piece.has_padding) TRY(take(tar_padding(entry.size)));
    }
    if (section.ends_archive) TRY(take(tar_end()));
    return {};
}

// By what files begin with, so that it need not be read for this.
bool is_mostly_x86(const Section& section, const std::vector<MemberEntry>& entries) {
    constexpr std::size_t head_size = 20;
    std::uint64_t all = 0, inside = 0;
    for (const Piece& piece : section.pieces) {
        const PlannedEntry& planned = entries.at(piece.entry).planned;
        all += tar_block + piece.length;
        if (piece.length < head_size) continue;
        const auto head = read_head(planned.source, head_size);
        if (head && is_x86_program(*head)) inside += piece.length;
    }
    return inside > all / 2;
}

Result<void> write_plainly(const fs::path& file, std::string_view bytes) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return system_error(file.string(), "cannot be written");
    return {};
}

// Sections by several threads, each its own.
class Maker {
 public:
    Maker(const std::vector<MemberEntry>& entries, const std::vector<Section>& sections,
          Compression compression, int level, Store& store)
        : entries_(entries),
          sections_(sections),
          compression_(compression),
          level_(level),
          store_(store),
          made_(sections.size()) {}

    Result<void> run() {
        const std::size_t wanted = std::min(threads_for(compression_, level_), sections_.size());
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back([this] { work(); });
        work();
        for (std::thread& thread : threads) thread.join();
        if (error_) return Failure(std::move(*error_));
        return {};
    }

    [[nodiscard]] const KeptSection& section(std::size_t i) const { return made_.at(i).kept; }
    [[nodiscard]] const std::vector<std::string>& md5(std::size_t i) const {
        return made_.at(i).md5;
    }

 private:
    struct Made {
        KeptSection kept;
        std::vector<std::string> md5;
    };

    void work() {
        for (std::size_t i = next_++; i < sections_.size() && !stop_; i = next_++) {
            if (auto done = obtain(i); !done) {
                stop_ = true;
                const std::lock_guard<std::mutex> guard(errors_);
                if (!error_) error_ = std::move(done).error();
            }
        }
    }

    Result<void> obtain(std::size_t i) {
        const Section& section = sections_.at(i);
        const Receipt receipt = receipt_of(section, entries_, compression_, level_);
        const auto make = [&](const fs::path& fresh) { return this->make(section, fresh); };
        for (bool again = false;; again = true) {
            TRY_ASSIGN(const fs::path directory, store_.obtain_part(receipt, make));
            if (load(directory, i)) return {};
            if (again) return system_error(directory.string(), "cannot be read");
            TRY(store_.drop(directory));
        }
    }

    Result<void> make(const Section& section, const fs::path& fresh) {
        std::vector<std::string> md5;
        const SectionSource source{
            [&](const TakeBytes& take) { return each_byte(section, entries_, take, md5); },
            compression_ == Compression::xz && is_mostly_x86(section, entries_)};
        TRY_ASSIGN(const Compressed compressed, compress_section(source, compression_, level_));
        SectionNote note{compressed.bytes.size(), sha256_hex(compressed.bytes),
                         compressed.size.bytes, compressed.size.unpadded, std::move(md5)};
        TRY(write_plainly(fresh / bytes_name, compressed.bytes));
        return write_plainly(fresh / note_name, json_text(json_of(note)));
    }

    // Whether what is kept there is whole.
    bool load(const fs::path& directory, std::size_t i) {
        const auto text = read_file(directory / note_name);
        if (!text) return false;
        auto note = from_json_text<SectionNote>(*text, directory.string());
        if (!note) return false;
        const fs::path file = directory / bytes_name;
        const auto digest = sha256_file(file);
        if (!digest || *digest != note->sha256) return false;
        Made& made = made_.at(i);
        made.kept = {file, note->size, note->sha256, {note->bytes, note->unpadded}};
        made.md5 = std::move(note->md5);
        return true;
    }

    const std::vector<MemberEntry>& entries_;
    const std::vector<Section>& sections_;
    Compression compression_;
    int level_;
    Store& store_;
    std::vector<Made> made_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stop_{false};
    std::mutex errors_;
    std::optional<Error> error_;
};

Result<Md5Sums> sums_of(const std::vector<MemberEntry>& entries,
                        const std::vector<Section>& sections, const Maker& maker) {
    Md5Sums sums;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        auto next = maker.md5(i).begin();
        const auto end = maker.md5(i).end();
        for (const Piece& piece : sections[i].pieces) {
            const LayerEntry& entry = entries.at(piece.entry).planned.entry;
            if (!piece.has_header || !has_bytes(entry)) continue;
            if (next == end)
                return system_error(maker.section(i).file.string(), "is damaged",
                                    "remove the work directory");
            sums[entry.path] = *next++;
        }
    }
    for (const MemberEntry& item : entries)
        if (const LayerEntry& entry = item.planned.entry; !entry.hard_link.empty())
            sums[entry.path] = std::string(sums.at(entry.hard_link));
    return sums;
}

}  // namespace

std::uint64_t DataMember::size() const {
    std::uint64_t total = start.size() + end.size();
    for (const KeptSection& section : sections) total += section.size;
    return total;
}

Result<DataMember> make_data_member(const std::vector<MemberEntry>& entries,
                                    Compression compression, int level, Store& store) {
    const std::vector<Section> sections = cut_sections(entries, compression);
    Maker maker(entries, sections, compression, level, store);
    TRY(maker.run());
    DataMember out;
    std::vector<CompressedSize> sizes;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const KeptSection& section = maker.section(i);
        out.sections.push_back(section);
        sizes.push_back(section.before);
    }
    TRY_ASSIGN(out.md5, sums_of(entries, sections, maker));
    TRY_ASSIGN(out.start, stream_start(compression));
    TRY_ASSIGN(out.end, stream_end(compression, sizes));
    return out;
}

void keep_sections(const std::vector<MemberEntry>& entries, Compression compression, int level,
                   Store& store) {
    for (const Section& section : cut_sections(entries, compression))
        store.keep_part(receipt_of(section, entries, compression, level));
}

Result<void> each_part(const DataMember& member,
                       const std::function<Result<void>(std::string_view bytes)>& take) {
    TRY(take(member.start));
    for (const KeptSection& section : member.sections) {
        TRY_ASSIGN(const std::string bytes, read_file(section.file));
        if (bytes.size() != section.size)
            return system_error(section.file.string(), "changed while the package was written");
        TRY(take(bytes));
    }
    return take(member.end);
}

}  // namespace dba::deb
