#include "steps/verify/imports.hpp"

#include <gmock/gmock.h>

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ImportJobs, AreModulesAndScriptsWithTheWayToTheirFunctions) {
    PythonEnvironment environment;
    environment.prefix = "/opt/venvs/hello";
    environment.library_modules = {"_ssl"};
    Distribution jupyter;
    jupyter.directory = "/opt/venvs/hello/jupyter_client-8.0.dist-info";
    jupyter.metadata.name = "jupyter_client";
    jupyter.metadata.version = "8.0";
    jupyter.modules = {"jupyter_client"};
    // Longer than what a string keeps within itself.
    jupyter.entry_points = {
        {"console_scripts", "jupyter-kernelspec",
         "jupyter_client.kernelspecapp : KernelSpecApplication.launch_instance_of_it"},
        {"console_scripts", "whole", "jupyter_client.whole"},
        {"jupyter.plugins", "no-script", "jupyter_client.plugin:load"}};
    environment.distributions = {jupyter};

    const auto jobs = import_jobs(environment);
    ASSERT_EQ(jobs.size(), 4U);
    EXPECT_EQ(jobs[0].module, "_ssl");
    EXPECT_EQ(jobs[1].module, "jupyter_client");
    EXPECT_THAT(jobs[1].attributes, IsEmpty());
    EXPECT_EQ(jobs[2].script, "jupyter-kernelspec");
    EXPECT_EQ(jobs[2].module, "jupyter_client.kernelspecapp");
    EXPECT_THAT(jobs[2].attributes, ElementsAre("KernelSpecApplication", "launch_instance_of_it"));
    EXPECT_EQ(jobs[3].module, "jupyter_client.whole");
    EXPECT_THAT(jobs[3].attributes, IsEmpty());
}

}  // namespace
}  // namespace dba::steps
