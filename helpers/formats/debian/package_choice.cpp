#include "formats/debian/package_choice.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_for_builds(BuildFile kind, const PackageChoice& choice) {
    return kind == BuildFile::program || choice.package.ends_with("-dev");
}

bool is_of_main(const PackageChoice& choice) {
    return choice.section.find('/') == std::string::npos;
}

auto rank_of(BuildFile kind, const PackageChoice& choice) {
    return std::tuple(choice.detour, !is_for_builds(kind, choice), !is_of_main(choice),
                      !choice.is_kin, choice.brings, choice.package.size(), choice.package);
}

// Whether the other ones bring all that is used of it.
bool others_bring_used_of(const std::vector<Installed>& all, const std::vector<bool>& kept,
                          std::size_t but, const std::set<std::string>& used) {
    return std::all_of(all[but].brings.begin(), all[but].brings.end(), [&](const auto& package) {
        if (!used.contains(package)) return true;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (i != but && kept[i] && all[i].brings.contains(package)) return true;
        return false;
    });
}

bool is_brought_by_another(const std::vector<Installed>& all, const std::vector<bool>& kept,
                           std::size_t one) {
    for (std::size_t i = 0; i < all.size(); ++i)
        if (i != one && kept[i] &&
            std::includes(all[i].brings.begin(), all[i].brings.end(), all[one].brings.begin(),
                          all[one].brings.end()))
            return true;
    return false;
}

}  // namespace

std::size_t detour_of(BuildFile kind, std::string_view path, std::string_view name) {
    if (kind != BuildFile::header && kind != BuildFile::library) return 0;
    static constexpr std::array<std::string_view, 3> places{"usr/include/", "usr/lib/", "lib/"};
    for (const std::string_view place : places)
        if (path.starts_with(place)) {
            path.remove_prefix(place.size());
            break;
        }
    // "x86_64-linux-gnu/": a place of its own (multiarch).
    const auto first = path.substr(0, path.find('/'));
    if (first.size() < path.size() && first.find("-linux-gnu") != first.npos)
        path.remove_prefix(first.size() + 1);
    const auto slashes = [](std::string_view text) {
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
    };
    const std::size_t all = slashes(path);
    const std::size_t asked = kind == BuildFile::header ? slashes(name) : 0;
    return all > asked ? all - asked : 0;
}

std::vector<PackageChoice> ranked(BuildFile kind, std::vector<PackageChoice> choices) {
    std::erase_if(choices, [](const PackageChoice& choice) { return choice.removes; });
    std::sort(choices.begin(), choices.end(),
              [kind](const PackageChoice& a, const PackageChoice& b) {
                  return rank_of(kind, a) < rank_of(kind, b);
              });
    return choices;
}

std::string why_better(BuildFile kind, const PackageChoice& first, const PackageChoice& second) {
    if (first.detour != second.detour) return "it has it where builds look first";
    if (is_for_builds(kind, first) != is_for_builds(kind, second)) return "it is made for builds";
    if (is_of_main(first) != is_of_main(second)) return "it is in main";
    if (first.is_kin != second.is_kin) return "it is of the source package of another one here";
    if (first.brings != second.brings) return "it brings fewer packages";
    return "it has the plainer name";
}

std::vector<Installed> needed_of(const std::vector<Installed>& all,
                                 const std::set<std::string>& used) {
    std::vector<bool> kept(all.size(), true);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // What brings little goes first, and of two that are alike the later one.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return all[a].brings.size() == all[b].brings.size()
                   ? a > b
                   : all[a].brings.size() < all[b].brings.size();
    });
    for (const std::size_t one : order)
        kept[one] = all[one].is_proven || !others_bring_used_of(all, kept, one, used);
    for (const std::size_t one : order)
        kept[one] = kept[one] && !is_brought_by_another(all, kept, one);
    std::vector<Installed> out;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (kept[i]) out.push_back(all[i]);
    return out;
}

}  // namespace dba
