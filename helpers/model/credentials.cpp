#include "model/credentials.hpp"

namespace dba {

std::string credentials_directory(const std::string& package) {
    return "/etc/" + package + "/credentials";
}

}  // namespace dba
