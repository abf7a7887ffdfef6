// Python's own bookkeeping: RECORD (PEP 376, 427, 627) and compiled files (PEP 3147, 552).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/python/record.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"

namespace dba::steps {

bool is_record(const std::string& path);  // ".../site-packages/NAME.dist-info/RECORD"

// Where a row's file is on the target.
std::string recorded_path(const std::string& record, const RecordRow& row);

// What is wrong with the file of one row; `entry` is nullptr when there is none.
std::optional<Finding> check_record_row(const std::string& record, const std::string& path,
                                        const RecordRow& row, const LayerEntry* entry);

// A compiled file below __pycache__ names its source at the place where it will be (tracebacks,
// inspect and debuggers look there).
void check_pyc(const LayerEntry& entry, std::string_view bytes, Findings& findings);

}  // namespace dba::steps
