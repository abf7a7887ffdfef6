#include "doctor/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "system/files/resources.hpp"
#include "system/host.hpp"

namespace dba {

namespace {

constexpr const char* public_index = "https://pypi.org/simple";
constexpr long long clock_may_differ = 300;  // in seconds; signatures and certificates bear more

struct Question {
    std::string what;  // "index", "mirror"
    std::string url;
    std::string proxy;  // "" = as the environment says
    std::string shown;  // for people
};

struct Answer {
    int status = 0;  // 0: none
    long long date = 0;
    std::string error;
};

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

void add_index(std::vector<Question>& questions, const std::string& url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) return;
    const std::string index = without_slash(url);
    const auto same = [&](const Question& one) { return one.shown == index; };
    if (std::any_of(questions.begin(), questions.end(), same)) return;
    // The page of one project: that of all is tens of megabytes.
    questions.push_back({"index", index + "/pip/", {}, index});
}

std::string default_index() {
    for (const char* name : {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"})
        if (std::string url = own_variable(name); !url.empty()) return url;
    return public_index;
}

// apt-config dump: `Acquire::http::Proxy "http://cache:3142";`
std::string apt_proxy(const std::string& settings, const std::string& scheme) {
    const std::string name = fmt::format("Acquire::{}::Proxy \"", scheme);
    for (const auto& line : text::split(settings, '\n')) {
        if (!line.starts_with(name)) continue;
        const auto value = line.substr(name.size());
        return std::string(value.substr(0, value.find('"')));
    }
    return {};
}

void add_mirrors(std::vector<Question>& questions, ProcessRunner& processes) {
    const auto said = [&](std::vector<std::string> argv) {
        const auto ran = processes.run({std::move(argv), own_environment(), "/", {}});
        return ran && ran->status == 0 ? ran->out : std::string();
    };
    const std::string settings = said({"apt-config", "dump"});
    const std::string targets =
        said({"apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"});
    for (const auto& line : text::split(targets, '\n')) {
        const auto parts = text::split(line, ' ');
        if (parts.size() != 2 || !parts[0].starts_with("http")) continue;
        const std::string url =
            fmt::format("{}/dists/{}/InRelease", without_slash(std::string(parts[0])), parts[1]);
        const auto same = [&](const Question& one) { return one.url == url; };
        if (std::any_of(questions.begin(), questions.end(), same)) continue;
        const std::string scheme = url.substr(0, url.find(':'));
        questions.push_back(
            {"mirror", url, apt_proxy(settings, scheme), fmt::format("{} {}", parts[0], parts[1])});
    }
}

Result<std::vector<Answer>> ask(const std::vector<Question>& questions, ProcessRunner& processes) {
    auto input = nlohmann::json::array();
    for (const Question& one : questions)
        input.push_back({one.url, one.proxy.empty() || one.proxy == "DIRECT"
                                      ? nlohmann::json(nullptr)
                                      : nlohmann::json(one.proxy)});
    Command command{{"/usr/bin/python3", "-I", "-c", std::string(resource("python/reach.py"))},
                    own_environment(),
                    "/",
                    json_text(input)};
    TRY_ASSIGN(const Completed ran, processes.check(command));
    std::vector<Answer> answers;
    const auto parsed = nlohmann::json::parse(ran.out, nullptr, false);
    for (const auto& one : parsed) {
        if (!one.is_object()) break;
        Answer answer;
        if (one["status"].is_number()) answer.status = one["status"];
        if (one["date"].is_number()) answer.date = one["date"];
        if (one["error"].is_string()) answer.error = one["error"];
        answers.push_back(answer);
    }
    if (answers.size() != questions.size())
        return system_error("reach.py", "gave another number of answers than of questions");
    return answers;
}

Check judge(const Question& question, const Answer& answer) {
    Check check{
        fmt::format("{} {}", question.what, redact_urls(question.shown)), {}, "answers", {}};
    const bool is_index = question.what == "index";
    if (answer.status == 0 || answer.status >= 500) {
        check.state = Check::State::fault;
        check.found = answer.status == 0
                          ? "does not answer: " + redact_urls(answer.error)
                          : fmt::format("answers with an error of its own ({})", answer.status);
        check.remedy = is_index ? "set HTTPS_PROXY, UV_DEFAULT_INDEX or SSL_CERT_FILE for builds, "
                                  "or declare INDEX_URL or WHEELHOUSE"
                                : "correct /etc/apt/sources.list, or set http_proxy";
    } else if (answer.status == 401 || answer.status == 403 || answer.status == 407) {
        check.state = Check::State::fault;
        check.found = fmt::format("asks for a user or does not know this one ({})", answer.status);
        check.remedy =
            is_index ? "put the user into ~/.netrc" : "put the user into /etc/apt/auth.conf";
    } else if (answer.status == 404 && !is_index) {
        check.state = Check::State::fault;
        check.found = "has no such suite (404)";
        check.remedy = "correct /etc/apt/sources.list";
    }
    return check;
}

Check judge_clock(const std::vector<Answer>& answers) {
    Check check{"clock", Check::State::note, "nobody was there to compare it with", {}};
    // The closest one: a cache in between may tell the date of long ago.
    long long closest = -1;
    for (const Answer& one : answers)
        if (one.date != 0)
            closest = closest < 0 ? std::llabs(now() - one.date)
                                  : std::min(closest, std::llabs(now() - one.date));
    if (closest < 0) {
        check.remedy = "date";
        return check;
    }
    check.state = Check::State::ok;
    check.found = "is right";
    if (closest > clock_may_differ) {
        check.state = Check::State::fault;
        check.found = fmt::format("is {} s off: certificates and apt's lists go by it", closest);
        check.remedy = "timedatectl set-ntp true";
    }
    return check;
}

}  // namespace

Checks check_network(const std::vector<Declaration>& declarations, ProcessRunner& processes) {
    std::vector<Question> questions;
    bool by_default = declarations.empty();
    for (const Declaration& one : declarations) {
        if (one.index_url.empty() && one.wheelhouse.empty()) by_default = true;
        add_index(questions, one.index_url);
        for (const std::string& url : one.extra_index_urls) add_index(questions, url);
    }
    if (by_default) add_index(questions, default_index());
    add_mirrors(questions, processes);
    if (questions.empty()) return {};
    const auto answers = ask(questions, processes);
    if (!answers)
        return {{"network", Check::State::fault,
                 fmt::format("cannot be asked: {}", answers.error().cause),
                 "apt-get install python3"}};
    Checks checks;
    for (std::size_t i = 0; i < questions.size(); ++i)
        checks.push_back(judge(questions[i], (*answers)[i]));
    checks.push_back(judge_clock(*answers));
    return checks;
}

}  // namespace dba
