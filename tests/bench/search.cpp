// How fast the leak gate's searcher reads, in GB for each second of processor time. No report: the
// machine decides.
#include "formats/text/search.hpp"

#include <cstdio>
#include <ctime>
#include <random>

int main() {
    std::string text(256U << 20U, '\0');
    std::mt19937 random(1);
    for (char& byte : text) byte = static_cast<char>(random() % 128);
    for (const std::size_t length : {8U, 12U, 24U, 60U}) {
        std::vector<std::string> patterns;
        for (int i = 0; i < 8; ++i) {
            std::string pattern = "/home/" + std::to_string(i);
            pattern.resize(length, static_cast<char>('a' + i));
            patterns.push_back(pattern);
        }
        const dba::PatternSearch search(patterns);
        const std::clock_t start = std::clock();
        const auto found = search.find(text).size();
        const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        std::printf("8 patterns of %zu bytes: %.2f GB/s (%zu found)\n", length,
                    static_cast<double>(text.size()) / 1e9 / took, found);
    }
}
