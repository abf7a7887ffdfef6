#include "steps/resolve/unit_words.hpp"

#include <gtest/gtest.h>

namespace dba::steps {
namespace {

// As `systemd-analyze calendar` of 252 takes and refuses them.
TEST(UnitWords, KnowCalendars) {
    for (const char* text :
         {"daily", "Weekly", "hourly UTC", "*-*-* 02:30", "*-*-* 02:30:00", "02:30", "*:0/15",
          "Mon..Fri 9:00", "Mon,Wed,Fri *-*-* 00:00:00", "Mon,Wed..Sunday", "*-*-01 04:05:06.5",
          "*-*", "2027-12-24", "*-02~03", "01-15 *:*", "Tuesday", "*-*-* 1..5/2:00 Europe/Berlin",
          "*-*-1,15 12:00", "Mon  12:00"})
        EXPECT_TRUE(is_calendar(text)) << text;
    for (const char* text :
         {"",       " ",        "dayly",  "25:00",       "10:61",      "Mon..Xyz",  "*-13-01",
          "*-*-32", "2:3:4:5",  "UTC",    "daily daily", "02:30 Mon",  "every day", "* * * * *",
          "a:b",    "Sun..Mon", "*/2:00", "0/15",        "12:00\nX=y", "12:",       "1..:00"})
        EXPECT_FALSE(is_calendar(text)) << text;
}

ResolvedService named(const std::string& name, Runner runner, const std::string& program) {
    ResolvedService service;
    service.name = name;
    service.runner = runner;
    service.program = program;
    return service;
}

TEST(UnitWords, NameUnitsAndServices) {
    const std::vector<ResolvedService> services = {
        named("worker", Runner::systemd, "shop-worker.target"),
        named("web", Runner::supervisord, "shop-web")};
    const auto units = resolve_units({"postgresql", "x.target", "worker", "a@b.service"}, services,
                                     "SERVICE clock", "AFTER");
    ASSERT_TRUE(units.has_value());
    EXPECT_EQ(*units, (std::vector<std::string>{"postgresql.service", "x.target",
                                                "shop-worker.target", "a@b.service"}));
    const auto refused = resolve_units({"web"}, services, "SERVICE clock", "AFTER");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().cause,
              "AFTER web: that service is under supervisord, which no unit can wait for");
    EXPECT_EQ(refused.error().hint, "say RUNNER systemd in SERVICE web, too");
    EXPECT_FALSE(resolve_units({"a\nb"}, services, "SERVICE clock", "WANTS").has_value());
}

}  // namespace
}  // namespace dba::steps
