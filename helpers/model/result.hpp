// The one way errors travel: values, never exceptions across steps.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace dba {

// The process exit codes, documented in docs/reference.md and `--help`.
enum class ExitCode : int {
    ok = 0,
    failed_check = 1,  // a check of the finished package failed
    usage = 2,         // the command line or the declaration cannot be understood
    bad_input = 3,     // understood, but what it names is missing, wrong or refused
    system = 4,        // a tool failed, or the system did
};

// What went wrong, where, why, and what to do about it. `step` is filled in by the step runner
// when a function leaves it empty; `hint` may be empty when there is nothing useful to advise.
struct Error {
    ExitCode code = ExitCode::system;
    std::string step;     // "fetch", "lock", ...
    std::string subject;  // the file, keyword, package or command concerned
    std::string cause;    // what was found
    std::string hint;     // the remedy
};

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

inline Failure usage_error(std::string subject, std::string cause, std::string hint = {}) {
    return Failure(
        Error{ExitCode::usage, {}, std::move(subject), std::move(cause), std::move(hint)});
}
inline Failure bad_input(std::string subject, std::string cause, std::string hint = {}) {
    return Failure(
        Error{ExitCode::bad_input, {}, std::move(subject), std::move(cause), std::move(hint)});
}
inline Failure system_error(std::string subject, std::string cause, std::string hint = {}) {
    return Failure(
        Error{ExitCode::system, {}, std::move(subject), std::move(cause), std::move(hint)});
}

}  // namespace dba

#define DBA_CONCAT_(a, b) a##b
#define DBA_CONCAT(a, b) DBA_CONCAT_(a, b)

#define DBA_TRY_(temporary, expression)                                      \
    do {                                                                     \
        if (auto temporary = (expression); !temporary)                       \
            return tl::unexpected<dba::Error>(std::move(temporary).error()); \
    } while (false)

// TRY(expression): return the error of a Result, or go on. Numbered, so that one may hold a lambda
// that holds another.
#define TRY(expression) DBA_TRY_(DBA_CONCAT(dba_try_, __COUNTER__), expression)

#define DBA_TRY_ASSIGN_(temporary, target, expression)                               \
    auto temporary = (expression);                                                   \
    if (!temporary) return tl::unexpected<dba::Error>(std::move(temporary).error()); \
    target = std::move(*temporary)

// TRY_ASSIGN(auto x, expression): x takes the value, or the error is returned.
#define TRY_ASSIGN(target, expression) \
    DBA_TRY_ASSIGN_(DBA_CONCAT(dba_result_, __COUNTER__), target, expression)
