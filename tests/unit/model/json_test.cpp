#include "model/json.hpp"

#include <gtest/gtest.h>

#include <map>

#include "model/dependencies.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/verify_report.hpp"

namespace dba {
namespace {

// A struct of every kind of member.
struct Inner {
    std::string word;
    bool operator==(const Inner&) const = default;
};
template <class V>
void fields(V& v, Inner& inner) {
    v("word", inner.word);
}

struct Outer {
    static constexpr int format = 3;
    std::string text, path;
    bool flag = false;
    int number = 0;
    unsigned char small = 0;
    double seconds = 0;
    Runner runner = Runner::supervisord;
    std::vector<std::string> words;
    std::vector<std::vector<std::string>> commands;
    std::map<std::string, long> counts;
    Inner inner;
    std::vector<Inner> items;
    std::optional<Inner> maybe;
    bool operator==(const Outer&) const = default;
};
template <class V>
void fields(V& v, Outer& outer) {
    v.derived("format", Outer::format);
    v("text", outer.text);
    v.bytes("path", outer.path);
    v("flag", outer.flag);
    v("number", outer.number);
    v("small", outer.small);
    v("seconds", outer.seconds);
    v("runner", outer.runner);
    v("words", outer.words);
    v("commands", outer.commands);
    v("counts", outer.counts);
    v("inner", outer.inner);
    v("items", outer.items);
    v("maybe", outer.maybe);
}

std::string error_of(const std::string& members, Absent absent = Absent::allowed) {
    const auto read = from_json_text<Outer>(R"({"format": 3, )" + members + "}", "f.json", absent);
    return read ? "no error" : read.error().subject + ": " + read.error().cause;
}

TEST(Json, WhatIsWrittenIsReadBack) {
    Outer outer{"t",
                "/\xff",
                true,
                -3,
                255,
                0.5,
                Runner::systemd,
                {"a"},
                {{"b", "c"}, {}},
                {{"ok", 2}},
                {"x"},
                {{"y"}, {"z"}},
                {}};
    const std::string text = json_text(json_of(outer));
    EXPECT_EQ(text, R"({
  "commands": [
    [
      "b",
      "c"
    ],
    []
  ],
  "counts": {
    "ok": 2
  },
  "flag": true,
  "format": 3,
  "inner": {
    "word": "x"
  },
  "items": [
    {
      "word": "y"
    },
    {
      "word": "z"
    }
  ],
  "number": -3,
  "path": {
    "hex": "2fff"
  },
  "runner": "systemd",
  "seconds": 0.5,
  "small": 255,
  "text": "t",
  "words": [
    "a"
  ]
}
)");
    const auto again = from_json_text<Outer>(text, "f.json");
    ASSERT_TRUE(again) << again.error().cause;
    EXPECT_EQ(*again, outer);
}

TEST(Json, WhatIsNotAsExpectedIsNamed) {
    EXPECT_EQ(error_of(R"("text": "a")"), "no error");
    EXPECT_EQ(error_of(R"("txt": "a")"),
              "f.json.txt: is not known to this version of deb-build-app");
    EXPECT_EQ(error_of(R"("text": 1)"), "f.json.text: must be a string");
    EXPECT_EQ(error_of(R"("path": 1)"),
              "f.json.path: must be a string, or an object with the member hex");
    EXPECT_EQ(error_of(R"("flag": 1)"), "f.json.flag: must be true or false");
    EXPECT_EQ(error_of(R"("number": true)"), "f.json.number: must be a whole number");
    EXPECT_EQ(error_of(R"("number": 3000000000)"), "f.json.number: is too large or too small");
    EXPECT_EQ(error_of(R"("small": -1)"), "f.json.small: is too large or too small");
    EXPECT_EQ(error_of(R"("runner": "runit")"),
              "f.json.runner: must be one of supervisord, systemd");
    EXPECT_EQ(error_of(R"("runner": 1)"), "f.json.runner: must be one of supervisord, systemd");
    EXPECT_EQ(error_of(R"("words": "a")"), "f.json.words: must be an array");
    EXPECT_EQ(error_of(R"("words": [1])"), "f.json.words: must be a string");
    EXPECT_EQ(error_of(R"("counts": [1])"), "f.json.counts: is a value of another kind");
    EXPECT_EQ(error_of(R"("inner": [])"), "f.json.inner: must be an object");
    EXPECT_EQ(error_of(R"("items": [{"word": "a"}, {"word": 1}])"),
              "f.json.items.word: must be a string");
    EXPECT_EQ(error_of(R"("maybe": {"wrd": ""})"),
              "f.json.maybe.wrd: is not known to this version of deb-build-app");
    EXPECT_EQ(error_of(R"("text": "a")", Absent::refused), "f.json.path: is missing");
}

TEST(Json, AnotherFormatIsNotRead) {
    const auto other = from_json_text<Outer>(R"({"format": 2})", "f.json");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().cause, "has another format than 3");
    EXPECT_EQ(from_json_text<Outer>("[]", "f.json").error().cause, "is not a JSON object");
}

TEST(Json, ALayerIsOneLine) {
    Layer layer{"host", "abc", {}, {}};
    layer.entries = {{"/a", EntryKind::directory, 0755},
                     {"/a/f", EntryKind::file, 0644, 3, "00", {}, {}},
                     {"/a/h", EntryKind::file, 0644, 3, "00", {}, "/a/f"},
                     {"/a/l", EntryKind::symlink, 0, 0, {}, "f\xff", {}}};
    const std::string text = to_json_text(layer);
    EXPECT_EQ(text, R"({"digest":"abc","entries":[{"kind":"directory","mode":493,"path":"/a"},)"
                    R"({"kind":"file","mode":420,"path":"/a/f","sha256":"00","size":3},)"
                    R"({"hard_link":"/a/f","kind":"file","mode":420,"path":"/a/h","sha256":"00",)"
                    R"("size":3},{"kind":"symlink","path":"/a/l","target":{"hex":"66ff"}}],)"
                    R"("format":1,"name":"host"})"
                    "\n");
    const auto again = parse_layer(text, "/d");
    ASSERT_TRUE(again) << again.error().cause;
    EXPECT_EQ(again->directory, "/d");
    EXPECT_EQ(to_json_text(*again), text);
    EXPECT_EQ(parse_layer(R"({"format": 1, "entries": [{"kind": "pipe"}]})", "/d").error().cause,
              "must be one of directory, file, symlink");
}

TEST(Json, DependenciesAndFindingsAsTheyWere) {
    const Dependencies dependencies{
        {"libc6"}, {"libmagic1"}, "python3.11 (= 1)", {{"libc6", "libc.so.6", "/x"}}};
    const std::string text = to_json_text(dependencies);
    EXPECT_EQ(text, R"json({
  "depends": [
    "libc6"
  ],
  "format": 1,
  "reasons": [
    {
      "files": 1,
      "library": "libc.so.6",
      "needed_by": "/x",
      "relation": "libc6"
    }
  ],
  "recommends": [
    "libmagic1"
  ],
  "static_built_using": "python3.11 (= 1)"
}
)json");
    EXPECT_EQ(to_json_text(*parse_dependencies(text, "depends.json")), text);
    EXPECT_EQ(json_of(Findings{{"leak", "/\xff", "m", "h"}}).dump(),
              R"([{"check":"leak","hint":"h","message":"m","path":{"hex":"2fff"}}])");
    EXPECT_EQ(
        json_of(SearchedDirectory{"/srv", "source directory", true}).dump(),
        R"({"only_as_path":true,"only_if_there":false,"path":"/srv","role":"source directory"})");
}

TEST(Json, TheManifestHasModesAndChoicesAsWords) {
    Manifest manifest;
    manifest.configs = {{"/s", "/etc/d", 0640, "/etc/o"}};
    manifest.files = {{"/s", "/usr/d"}};
    ResolvedService service;
    service.name = "web";
    service.credentials = {{"db", "/etc/db"}};
    manifest.services = {service};
    const auto json = nlohmann::json::parse(to_json_text(manifest));
    EXPECT_EQ(json["configs"].dump(),
              R"([{"destination":"/etc/d","formerly":"/etc/o","mode":"0640","source":"/s"}])");
    EXPECT_EQ(json["files"].dump(), R"([{"destination":"/usr/d","mode":"0644","source":"/s"}])");
    EXPECT_EQ(json["services"][0].dump(),
              R"({"after":[],"command":[],"credentials":[{"name":"db","path":"/etc/db"}],)"
              R"("environment":[],"environment_required":[],"formerly":"","hardening":"default",)"
              R"("healthcheck":"","instances":1,"name":"web","pidfile":"","priority":900,)"
              R"("program":"","reload_signal":"","runner":"supervisord","stop_group":false,)"
              R"("stop_signal":"","stop_timeout":20,"timer":"","timer_delay":0,"type":"simple",)"
              R"("unit_options":"","wants":[],"watchdog":0})");
    EXPECT_EQ(json["umask"], "0027");
    EXPECT_EQ(json["packer"], "layered");
    EXPECT_EQ(json["compression"], "zstd");
    EXPECT_EQ(json["installer"]["kind"], "uv");
    EXPECT_EQ(json["format"], 1);
}

}  // namespace
}  // namespace dba
