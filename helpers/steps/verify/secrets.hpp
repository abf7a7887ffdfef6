// What must not be given away with a package: keys, tokens, the repository itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/findings.hpp"
#include "model/layer.hpp"

namespace dba::steps {

// One entry of what the user's own project ships. Findings of check "secret".
void check_secrets(const LayerEntry& entry, std::string_view bytes, Findings& findings);

// Whether the bytes hold a private key itself (RFC 7468 text, also with "\n" written out, as
// string literals have it), not just talk of one: code and documentation that name the header
// line are not keys.
bool holds_private_key(std::string_view bytes);

// Offsets of URLs with credentials in them ("https://user:token@host", "https://token@host").
// Placeholders (user:password, ${TOKEN}, <token>, ...) and hosts that exist for examples only
// (RFC 2606, RFC 6761) do not count.
std::vector<std::size_t> urls_with_credentials(std::string_view bytes);

}  // namespace dba::steps
