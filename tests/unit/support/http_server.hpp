// A cache server on loopback, in a thread of its own: GET and PUT of whatever it is given. It can
// be told to misbehave.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dba::testing {

class HttpServer {
 public:
    // What a GET of `path` is answered with, when not with what was PUT there.
    using Answer = std::function<std::string(const std::string& path, const std::string& kept)>;

    HttpServer() {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listening_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listening_, 16);
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer() {
        stop_ = true;
        thread_.join();
        ::close(listening_);
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::atomic<int> status{0};   // of every answer; 0 = what is right
    std::atomic<int> silence{0};  // milliseconds before each answer
    std::atomic<int> requests{0};

    void answer_with(Answer answer) {
        const std::lock_guard<std::mutex> guard(mutex_);
        answer_ = std::move(answer);
    }
    void keep(const std::string& path, const std::string& bytes) {
        const std::lock_guard<std::mutex> guard(mutex_);
        kept_[path] = bytes;
    }
    std::map<std::string, std::string> kept() {
        const std::lock_guard<std::mutex> guard(mutex_);
        return kept_;
    }
    std::string authorization() {
        const std::lock_guard<std::mutex> guard(mutex_);
        return authorization_;
    }

 private:
    void serve() {
        while (!stop_) {
            pollfd waiting{listening_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) != 1) continue;
            const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) continue;
            while (!stop_ && exchange(connection)) {
            }
            ::close(connection);
        }
    }

    // More of the connection into `buffer`; false at its end.
    bool more(int connection, std::string& buffer) {
        pollfd waiting{connection, POLLIN, 0};
        while (!stop_) {
            // One connection after the other: one that is idle must not keep the next waiting.
            const int ready = ::poll(&waiting, 1, 20);
            if (ready == 0 && buffer.empty()) {
                pollfd next{listening_, POLLIN, 0};
                if (::poll(&next, 1, 0) == 1) return false;
            }
            if (ready != 1) continue;
            char bytes[4096];
            const ssize_t n = ::read(connection, bytes, sizeof bytes);
            if (n <= 0) return false;
            buffer.append(bytes, static_cast<std::size_t>(n));
            return true;
        }
        return false;
    }

    static std::string header(const std::string& head, const std::string& name) {
        const std::size_t at = head.find(name);
        if (at == std::string::npos) return {};
        const std::size_t start = at + name.size();
        return head.substr(start, head.find('\r', start) - start);
    }

    bool exchange(int connection) {
        std::string buffer;
        while (buffer.find("\r\n\r\n") == std::string::npos)
            if (!more(connection, buffer)) return false;
        const std::size_t end = buffer.find("\r\n\r\n");
        const std::string head = buffer.substr(0, end);
        std::string body = buffer.substr(end + 4);
        const std::string length = header(head, "Content-Length: ");
        const std::size_t wanted = length.empty() ? 0 : std::stoul(length);
        while (body.size() < wanted)
            if (!more(connection, body)) return false;
        const std::string method = head.substr(0, head.find(' '));
        const std::string rest = head.substr(method.size() + 1);
        const std::string path = rest.substr(0, rest.find(' '));
        ++requests;
        for (int waited = 0; waited < silence && !stop_; waited += 10)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const std::string answer = answer_to(method, path, body, header(head, "Authorization: "));
        std::size_t sent = 0;
        while (sent < answer.size()) {
            const ssize_t n =
                ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) return false;
            sent += static_cast<std::size_t>(n);
        }
        return true;
    }

    std::string answer_to(const std::string& method, const std::string& path,
                          const std::string& body, const std::string& authorization) {
        const std::lock_guard<std::mutex> guard(mutex_);
        authorization_ = authorization;
        if (status != 0) return message(status, "");
        if (method == "PUT") {
            kept_[path] = body;
            return message(201, "");
        }
        const auto found = kept_.find(path);
        if (found == kept_.end()) return message(404, "");
        return message(200, answer_ ? answer_(path, found->second) : found->second);
    }

    static std::string message(int status, const std::string& body) {
        return "HTTP/1.1 " + std::to_string(status) +
               " As Asked\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    int listening_ = -1;
    int port_ = 0;
    std::atomic<bool> stop_{false};
    std::mutex mutex_;
    Answer answer_;
    std::map<std::string, std::string> kept_;
    std::string authorization_;
    std::thread thread_;
};

}  // namespace dba::testing
