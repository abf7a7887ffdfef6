#include "system/process/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "formats/text/text.hpp"
#include "system/process/child.hpp"
#include "system/process/descriptor.hpp"

namespace dba {
namespace {

// Moves what is there into `text`. False at end of file.
bool drain(int fd, std::string& text) {
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(n));
        } else if (n == 0) {
            return false;
        } else if (errno != EINTR) {
            return errno == EAGAIN;
        }
    }
}

int status_of(int wait_status) {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// Collects both streams until the child has ended. Its end, not end of file, is what counts: a
// daemon it left behind may hold the pipes open for ever.
Result<Completed> collect(pid_t child, Descriptor out, Descriptor err) {
    Completed completed;
    ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(err.get(), F_SETFL, O_NONBLOCK);
    // Not everywhere allowed (seccomp); without it the child is looked after every 10 ms.
    const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    int wait_status = 0;
    while (true) {
        std::array<pollfd, 3> watched{
            {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {ended.get(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), ended ? -1 : 10) < 0 && errno != EINTR) {
            const auto failure = errno_error("poll", "failed");
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            return failure;
        }
        const pid_t reaped = ::waitpid(child, &wait_status, WNOHANG);
        if (out && !drain(out.get(), completed.out)) out.reset();
        if (err && !drain(err.get(), completed.err)) err.reset();
        if (reaped == child) break;
        if (reaped < 0 && errno != EINTR) return errno_error("waitpid", "failed");
    }
    completed.status = status_of(wait_status);
    return completed;
}

}  // namespace

Result<Completed> RealProcessRunner::run(const Command& command) {
    TRY_ASSIGN(const Descriptor in, standard_input(command.input));
    TRY_ASSIGN(Pipe out, make_pipe());
    TRY_ASSIGN(Pipe err, make_pipe());
    TRY_ASSIGN(
        const pid_t child,
        start_child(command, {in.get(), out.write.get(),
                              command.shows_stderr ? STDERR_FILENO : err.write.get(), SIGTERM}));
    out.write.reset();
    err.write.reset();
    return collect(child, std::move(out.read), std::move(err.read));
}

Result<Completed> ProcessRunner::check(const Command& command) {
    TRY_ASSIGN(Completed completed, run(command));
    if (completed.status == 0) return completed;
    std::vector<std::string> shown;
    shown.reserve(command.argv.size());
    for (const auto& word : command.argv) shown.push_back(redact_urls(word));
    std::string cause = completed.status > 128
                            ? fmt::format("ended by signal {} ({})", completed.status - 128,
                                          ::strsignal(completed.status - 128))
                            : fmt::format("exit status {}", completed.status);
    std::string lines = last_lines(redact_urls(completed.err), 12);
    if (lines.empty()) lines = last_lines(redact_urls(completed.out), 12);
    if (!lines.empty()) cause += "; its last lines:\n" + lines;
    return system_error(quote_command(shown), std::move(cause));
}

std::string quote_command(const std::vector<std::string>& argv) {
    static constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    std::string text;
    for (const auto& word : argv) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
            text += word;
            continue;
        }
        text += '\'';
        for (const char c : word) {
            if (c == '\'')
                text += "'\\''";
            else
                text += c;
        }
        text += '\'';
    }
    return text;
}

std::string last_lines(const std::string& text, int count) {
    std::size_t end = text.size();
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
    std::size_t start = end;
    for (int lines = 0; start > 0; --start) {
        if (text[start - 1] == '\n' && ++lines == count) break;
    }
    return text.substr(start, end - start);
}

namespace {

// "${USER}:${TOKEN}", "oauth2:${TOKEN}": who it is may be told.
bool is_of_variables(std::string_view user) {
    bool any = false;
    if (const auto colon = user.find(':'); colon != user.npos && user.substr(colon).size() > 1)
        user.remove_prefix(colon);
    while (!user.empty()) {
        if (user.front() == ':') {
            user.remove_prefix(1);
            continue;
        }
        const auto end = user.find('}');
        if (!user.starts_with("${") || end == user.npos) return false;
        any = true;
        user.remove_prefix(end + 1);
    }
    return any;
}

// Parameters that let whoever has them in: "token", "X-Amz-Signature", "sig" of Azure's.
bool is_secret_parameter(std::string_view name) {
    static constexpr std::array<std::string_view, 6> whole = {"key", "sig",  "pass",
                                                              "pwd", "auth", "jwt"};
    static constexpr std::array<std::string_view, 12> parts = {
        "token",     "secret",  "passw",      "signature",     "credential",     "apikey",
        "accesskey", "api_key", "access_key", "authorization", "authentication", "session"};
    std::string plain = text::lower(name);
    std::erase(plain, '-');
    return std::find(whole.begin(), whole.end(), plain) != whole.end() ||
           std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
               return plain.find(part) != std::string::npos;
           });
}

// The path, query and fragment of a URL, the values of such parameters left out.
std::string without_secrets(std::string_view url) {
    const std::size_t query = std::min(url.find_first_of("?#"), url.size());
    std::string clean(url.substr(0, query));
    url.remove_prefix(query);
    while (!url.empty()) {
        clean += url.front();  // ?, #, & or ;
        url.remove_prefix(1);
        const std::string_view parameter = url.substr(0, url.find_first_of("?#&;"));
        const std::size_t equals = parameter.find('=');
        const std::string_view value =
            equals == parameter.npos ? std::string_view() : parameter.substr(equals + 1);
        const bool secret = !value.empty() && is_secret_parameter(parameter.substr(0, equals)) &&
                            !is_of_variables(value);
        clean +=
            secret ? std::string(parameter.substr(0, equals + 1)) + "***" : std::string(parameter);
        url.remove_prefix(parameter.size());
    }
    return clean;
}

}  // namespace

std::string redact_urls(const std::string& text) {
    static constexpr const char* after_url = " \t\r\n\"'<>`";
    std::string clean;
    std::size_t done = 0;
    while (true) {
        const std::size_t scheme = text.find("://", done);
        if (scheme == std::string::npos) break;
        const std::size_t authority = scheme + 3;
        const std::size_t end =
            std::min(text.find_first_of("/?# \t\r\n\"'<>`", authority), text.size());
        // The last @: some people leave one in a password unescaped.
        const std::size_t at = text.substr(authority, end - authority).rfind('@');
        clean.append(text, done, authority - done);
        done = authority;
        if (at != std::string::npos &&
            !is_of_variables(std::string_view(text).substr(authority, at))) {
            clean += "***";
            done = authority + at;
        }
        clean.append(text, done, end - done);
        // Up to the next URL, should one be part of this one's query.
        const std::size_t whole =
            std::min({text.find_first_of(after_url, end), text.find("://", end), text.size()});
        clean += without_secrets(std::string_view(text).substr(end, whole - end));
        done = whole;
    }
    return clean.append(text, done, std::string::npos);
}

}  // namespace dba
