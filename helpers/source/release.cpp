#include "source/release.hpp"

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

std::vector<Release> releases_of(const std::vector<std::string>& tags) {
    std::vector<Release> releases;
    for (const auto& tag : tags)
        if (auto parsed = parse_release_tag(tag))
            releases.push_back({tag, std::move(parsed->product), std::move(parsed->version)});
    return releases;
}

// "Web_App" names a product called web-app, and "services/web" one called web.
bool is_called(const Product& product, const std::string& name) {
    const std::string whole = normalise_distribution(name);
    const std::string last = text::file_name(whole);
    return !name.empty() &&
           std::any_of(product.names.begin(), product.names.end(), [&](const std::string& own) {
               const std::string one = normalise_distribution(own);
               return !one.empty() && (one == whole || one == last);
           });
}

const Release* highest(const std::vector<Release>& releases) {
    const auto order = [](const Release& release) {
        return pep440_to_debian(release.version).value_or("");
    };
    const auto found =
        std::max_element(releases.begin(), releases.end(), [&](const Release& a, const Release& b) {
            return compare_debian_versions(order(a), order(b)) < 0;
        });
    return found == releases.end() ? nullptr : &*found;
}

template <class Wanted>
std::vector<Release> those(const std::vector<Release>& releases, const Wanted& wanted) {
    std::vector<Release> found;
    std::copy_if(releases.begin(), releases.end(), std::back_inserter(found), wanted);
    return found;
}

}  // namespace

std::optional<Release> release_among(const std::vector<std::string>& tags, const Product& product,
                                     const std::string& asked) {
    const auto releases = releases_of(tags);
    for (const auto& release : releases)
        if (!asked.empty() && release.tag == asked) return release;
    auto chosen = those(releases, [&](const Release& r) { return is_called(product, r.product); });
    if (chosen.empty())
        chosen = those(releases, [](const Release& r) { return r.product.empty(); });
    const bool of_one = std::all_of(releases.begin(), releases.end(), [&](const Release& r) {
        return r.product == releases.front().product;
    });
    if (chosen.empty() && product.alone && of_one) chosen = releases;
    const Release* best = highest(chosen);
    return best == nullptr ? std::nullopt : std::optional(*best);
}

bool has_own_releases(const std::vector<std::string>& tags, const Product& product) {
    const auto releases = releases_of(tags);
    return std::any_of(releases.begin(), releases.end(), [&](const Release& release) {
        return release.product.empty() || is_called(product, release.product);
    });
}

std::vector<std::string> foreign_tags(const std::vector<std::string>& tags, const Product& product,
                                      const std::optional<std::string>& own) {
    const auto releases = releases_of(tags);
    const bool called = std::any_of(releases.begin(), releases.end(), [&](const Release& r) {
        return is_called(product, r.product);
    });
    if (!own && !called) return {};
    std::vector<std::string> foreign;
    for (const auto& release : releases)
        if (own ? normalise_distribution(release.product) != normalise_distribution(*own)
                : !is_called(product, release.product))
            foreign.push_back(release.tag);
    return foreign;
}

}  // namespace dba
