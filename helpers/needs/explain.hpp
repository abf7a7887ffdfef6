// Dependencies for people: each relation with who asked for it.
#pragma once

#include <string>

#include "model/dependencies.hpp"

namespace dba {

// "libssl3 (>= 3.0.0)\n    libssl.so.3, for /opt/x/ssl.so and 2 more files\n"; a relation that a
// stronger one stands for is told there. Recommends follow. "" where nothing is needed.
std::string explain_text(const Dependencies& dependencies);

}  // namespace dba
