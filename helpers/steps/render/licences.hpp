// The application's own licence texts, as its distribution brings them (PEP 639).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// The files of *.dist-info/licenses/, and those that older backends leave beside METADATA, one
// after the other; "" when there are none.
Result<std::string> licences_of_application(const Manifest& manifest,
                                            const std::vector<Layer>& layers);

// The text as it is when it is UTF-8, else taken for Latin-1, which old licences are in.
std::string as_utf8(std::string_view bytes);

}  // namespace dba::steps
