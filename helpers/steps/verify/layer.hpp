// Judging one layer by its own bytes: done once, the report kept under the layer's digest.
//
// What can be said of a layer alone is a finding; what depends on the rest of the stack is a fact,
// judged by verify() in every build from the facts and the entries, without reading a file again.
// A further check of contents is one more call in check_file(); one of the whole, in verify().
#pragma once

#include <string>
#include <vector>

#include "formats/python/record.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "steps/verify/leaks.hpp"
#include "system/files/store.hpp"

namespace dba::steps {

// A script and who is to run it.
struct ScriptFact {
    std::string path;
    std::string interpreter;  // as the shebang names it
    std::string arguments;
};

template <class V>
void fields(V& v, ScriptFact& script) {
    v.bytes("path", script.path);
    v.bytes("interpreter", script.interpreter);
    v.bytes("arguments", script.arguments);
}

// A RECORD row for a file that is not in the same layer.
struct RecordFact {
    std::string record;  // the RECORD's path
    std::string path;    // the file's, on the target
    RecordRow row;
};

template <class V>
void fields(V& v, RecordFact& fact) {
    v.bytes("record", fact.record);
    v.bytes("path", fact.path);
    v("hash", fact.row.hash);
    v("size", fact.row.size);
}

struct LayerReport {
    // Raised when a check changes what it says of the same layer.
    static constexpr int format = 2;
    Findings findings;
    Findings warnings;  // reported, but not a reason to refuse the package
    std::vector<ScriptFact> scripts;
    std::vector<RecordFact> records;
};

template <class V>
void fields(V& v, LayerReport& report) {
    v.derived("format", LayerReport::format);
    v("findings", report.findings);
    v("warnings", report.warnings);
    v("scripts", report.scripts);
    v("records", report.records);
}

std::string to_json_text(const LayerReport& report);
Result<LayerReport> parse_layer_report(const std::string& json_text, const std::string& file_name);

// `own`: secrets are findings, not warnings.
Result<LayerReport> check_layer(const Layer& layer, const LeakGate& leaks, bool own = false);
// As check_layer, or what an earlier build kept. What is warned of is logged when it is found.
Result<LayerReport> check_layer(const Layer& layer, const LeakGate& leaks, bool own, Store& store,
                                Log& log);

}  // namespace dba::steps
