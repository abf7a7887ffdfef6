// What the tests of this room share: goldens, errors as text, damaged inputs.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba::test {

using namespace std::literals;

inline std::string golden(const std::string& name) {
    std::ifstream file(GOLDEN_DIR "/formats/" + name, std::ios::binary);
    EXPECT_TRUE(file.is_open()) << "no golden " << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

// "subject: cause; hint", what a person would read.
template <class T>
std::string error_of(const Result<T>& result) {
    if (result) return "(no error)";
    const Error& error = result.error();
    return error.subject + ": " + error.cause + "; " + error.hint;
}

// Calls `parse` with every beginning of `bytes`, and with some thousand copies in which bytes were
// changed, dropped or repeated; the same ones in each run. `parse` must come back, that is all.
template <class Parse>
void survive_damage(const std::string& bytes, Parse parse, int rounds = 3000) {
    const std::size_t step = bytes.size() > 5000 ? bytes.size() / 2500 : 1;
    // Copies of the exact size, so that a read past the end is one past an allocation.
    for (std::size_t size = 0; size < bytes.size(); size += step)
        parse(std::string_view(std::string(bytes, 0, size)));
    std::mt19937 random(20240229);
    static constexpr auto interesting = "\0\xff\x7f\x80\x01\n\",:(){}[]<>|@~'"sv;
    for (int round = 0; round < rounds; ++round) {
        std::string damaged = bytes;
        for (unsigned changes = 1 + random() % 4; changes > 0 && !damaged.empty(); --changes) {
            const std::size_t at = random() % damaged.size();
            switch (random() % 5) {
                case 0:
                    damaged[at] = static_cast<char>(random());
                    break;
                case 1:
                    damaged[at] = interesting[random() % interesting.size()];
                    break;
                case 2:
                    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
                    break;
                case 3:
                    damaged.erase(at, 1 + random() % 8);
                    break;
                default:
                    damaged.insert(at, damaged.substr(at, 1 + random() % 16));
                    break;
            }
        }
        damaged.shrink_to_fit();
        parse(std::string_view(damaged));
    }
    for (int round = 0; round < rounds / 10; ++round) {
        std::string noise(random() % 300, '\0');
        for (char& c : noise) c = static_cast<char>(random());
        parse(std::string_view(noise));
    }
}

}  // namespace dba::test
