// Reading JSON objects strictly, and bytes that need not be UTF-8, for the values of this room.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// JSON text is UTF-8 (RFC 8259); file names on Linux are bytes. A string that is not UTF-8 is
// written as {"hex": "..."}.
nlohmann::json json_from_bytes(const std::string& bytes);
std::optional<std::string> bytes_from_json(const nlohmann::json& value);

// Reads the members of one object, each by name and type; the first surprise is kept in `error`
// and everything after it is left alone. finish() refuses members that nobody asked for.
class ObjectReader {
 public:
    ObjectReader(const nlohmann::json& object, std::string where, std::optional<Error>& error);

    void read(const char* name, std::string& out);
    void read(const char* name, bool& out);
    void read(const char* name, std::int64_t& out);
    void read(const char* name, std::vector<std::string>& out);
    void read(const char* name, std::vector<std::vector<std::string>>& out);
    void read_bytes(const char* name, std::string& out);

    // A member that is an object: `visit(ObjectReader&)`; absent is fine.
    template <class Visit>
    bool object(const char* name, Visit visit) {
        const nlohmann::json* value = find(name);
        if (value == nullptr) return false;
        ObjectReader inner(*value, where_ + "." + name, error_);
        visit(inner);
        inner.finish();
        return true;
    }
    // A member that is an array of objects: visit(ObjectReader&, T&) fills one item each.
    template <class T, class Visit>
    void array(const char* name, std::vector<T>& out, Visit visit) {
        const nlohmann::json* value = find(name);
        if (value == nullptr) return;
        if (!value->is_array()) return fail(name, "must be an array");
        for (const auto& item : *value) {
            ObjectReader inner(item, where_ + "." + name, error_);
            visit(inner, out.emplace_back());
            inner.finish();
        }
    }
    void finish();

 private:
    const nlohmann::json* find(const char* name);
    void fail(const char* name, const std::string& cause);
    static bool strings(const nlohmann::json& value, std::vector<std::string>& out);

    const nlohmann::json& object_;
    std::string where_;
    std::optional<Error>& error_;
    std::set<std::string> asked_;
};

// Parses `text` as one object whose member "format" is `format`.
Result<nlohmann::json> parse_object(const std::string& text, const std::string& file_name,
                                    int format);

// Two-space indent, sorted keys, a final newline: the same value gives the same bytes.
std::string json_text(const nlohmann::json& value);

}  // namespace dba
