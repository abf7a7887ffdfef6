// Which tags are releases of the application: a repository may hold several products, each with
// tags of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace dba {

struct Product {
    // What its tags may be called after: the package, the distribution, the subdirectory.
    std::vector<std::string> names;
    bool alone = true;  // it lies at its repository's top: tags of any name may be its own
};

struct Release {
    std::string tag;
    std::string product;  // what the tag calls it; "" = nothing
    std::string version;  // PEP 440, normalised
};

// The release that `tags` (of one commit) make it: the one asked for by name, else one that is
// called after the product, else one without a name, else, of a product that is alone, one of a
// single other name. The highest of several.
std::optional<Release> release_among(const std::vector<std::string>& tags, const Product& product,
                                     const std::string& asked = {});

// Whether one of `tags` is called after the product, or has no name: then those of other names are
// no releases of it.
bool has_own_releases(const std::vector<std::string>& tags, const Product& product);

// Those of a repository's tags that are releases of other products: `own` is a release of this one,
// where it is known. None where nothing tells which are its own.
std::vector<std::string> foreign_tags(const std::vector<std::string>& tags, const Product& product,
                                      const std::optional<std::string>& own);

}  // namespace dba
