// Values to JSON and back, by one list of members for each struct; and bytes that need not be
// UTF-8.
//
// The list is a function beside the struct, `template <class V> void fields(V& v, T& value)`, that
// names every member once: v("name", value.name). V is one of the two visitors below.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba {

// JSON text is UTF-8 (RFC 8259); file names on Linux are bytes. A string that is not UTF-8 is
// written as {"hex": "..."}.
nlohmann::json json_from_bytes(const std::string& bytes);
std::optional<std::string> bytes_from_json(const nlohmann::json& value);

template <class T>
nlohmann::json json_of(const T& value);
template <class T>
nlohmann::json json_of(const std::vector<T>& values);

// One object, member by member.
class JsonWriter {
 public:
    template <class T>
    void operator()(const char* name, const T& member) {
        value_[name] = json_of(member);
    }
    template <class T>
    void operator()(const char* name, const std::optional<T>& member) {
        if (member) value_[name] = json_of(*member);
    }
    void bytes(const char* name, const std::string& member);
    // Permission bits: "0644".
    void octal(const char* name, unsigned member);
    // What follows from the other members, or is a constant: written, and not read.
    template <class T>
    void derived(const char* name, const T& member) {
        value_[name] = member;
    }
    // Whether a member that not every value has is this one's.
    static bool wants(bool has) { return has; }

    nlohmann::json take() { return std::move(value_); }

 private:
    nlohmann::json value_ = nlohmann::json::object();
};

// Whether a member may be left out, and is then as the struct has it.
enum class Absent { allowed, refused };

// Reads the members of one object, each by name and type; the first surprise is kept in `error`
// and everything after it is left alone. finish() refuses members that are in no list.
class JsonReader {
 public:
    JsonReader(const nlohmann::json& object, std::string where, std::optional<Error>& error,
               Absent absent = Absent::allowed);

    template <class T>
    void operator()(const char* name, T& out) {
        if (const nlohmann::json* value = find(name)) read(name, *value, out);
    }
    void bytes(const char* name, std::string& out);
    template <class T>
    void derived(const char* name, const T& /*value*/) {
        asked_.emplace_back(name);
    }
    static bool wants(bool /*has*/) { return true; }

    void finish();

 private:
    const nlohmann::json* find(const char* name);
    void fail(const char* name, const std::string& cause);

    void read(const char* name, const nlohmann::json& value, std::string& out);
    void read(const char* name, const nlohmann::json& value, bool& out);
    void read(const char* name, const nlohmann::json& value, std::int64_t& out);

    template <class T>
    void read(const char* name, const nlohmann::json& value, std::optional<T>& out) {
        read(name, value, out.emplace());
    }
    template <class T>
    void read(const char* name, const nlohmann::json& value, std::vector<T>& out) {
        if (!value.is_array()) return fail(name, "must be an array");
        out.clear();
        for (const auto& item : value) read(name, item, out.emplace_back());
    }
    template <class T>
    void read(const char* name, const nlohmann::json& value, T& out) {
        if constexpr (std::is_enum_v<T>) {
            const auto choice =
                value.is_string() ? choice_of<T>(value.get<std::string>()) : std::optional<T>();
            if (!choice) return fail(name, "must be one of " + listed(choices_of<T>));
            out = *choice;
        } else if constexpr (requires(JsonReader & v) { fields(v, out); }) {
            JsonReader inner(value, where_ + "." + name, error_, absent_);
            fields(inner, out);
            inner.finish();
        } else if constexpr (std::is_integral_v<T>) {
            std::int64_t number = 0;
            read(name, value, number);
            if (!std::in_range<T>(number)) return fail(name, "is too large or too small");
            out = static_cast<T>(number);
        } else {
            try {
                value.get_to(out);
            } catch (const nlohmann::json::exception&) {
                fail(name, "is a value of another kind");
            }
        }
    }
    template <class Words>
    static std::string listed(const Words& words) {
        std::string text;
        for (const std::string_view word : words)
            text += (text.empty() ? "" : ", ") + std::string(word);
        return text;
    }

    const nlohmann::json& object_;
    std::string where_;
    std::optional<Error>& error_;
    Absent absent_;
    std::vector<std::string_view> asked_;
};

template <class T>
nlohmann::json json_of(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        return word_of(value);
    } else if constexpr (requires(JsonWriter & v, T & member) { fields(v, member); }) {
        JsonWriter writer;
        fields(writer, const_cast<T&>(value));  // one list serves both; the writer changes nothing
        return writer.take();
    } else {
        return value;
    }
}

template <class T>
nlohmann::json json_of(const std::vector<T>& values) {
    auto list = nlohmann::json::array();
    for (const T& value : values) list.push_back(json_of(value));
    return list;
}

// Parses `text` as one object whose member "format" is `format`.
Result<nlohmann::json> parse_object(const std::string& text, const std::string& file_name,
                                    int format);

// A T of T::format.
template <class T>
Result<T> from_json_text(const std::string& text, const std::string& file_name,
                         Absent absent = Absent::allowed) {
    TRY_ASSIGN(const auto object, parse_object(text, file_name, T::format));
    T out;
    std::optional<Error> error;
    JsonReader reader(object, file_name, error, absent);
    fields(reader, out);
    reader.finish();
    if (error) return Failure(*error);
    return out;
}

// Two-space indent, sorted keys, a final newline: the same value gives the same bytes.
std::string json_text(const nlohmann::json& value);

}  // namespace dba
