#include "system/process/emulation.hpp"

#include "support/temporary.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

class EmulationTest : public Temporary {
 protected:
    [[nodiscard]] bool after(const std::string& text) const {
        EXPECT_TRUE(write_file(root() / "qemu-aarch64", text));
        return emulates("arm64", root());
    }
};

TEST_F(EmulationTest, AnEmulatorThatIsOpenWorksInAnyRoot) {
    EXPECT_TRUE(after("enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\noffset 0\n"));
    EXPECT_FALSE(after("enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OC\noffset 0\n"));
    EXPECT_FALSE(after("disabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: F\noffset 0\n"));
    EXPECT_FALSE(emulates("armhf", root()));
    EXPECT_FALSE(emulates("all", root()));
}

}  // namespace
}  // namespace dba
