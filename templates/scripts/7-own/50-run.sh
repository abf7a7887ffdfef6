# run_as_service [--service NAME] COMMAND...: a command as the services are run. Below DPKG_ROOT nothing of
# the package can run.
run_as_service() {
    if [ -n "$DPKG_ROOT" ]; then
        echo "$package: not run, as this is not the host itself: $*" >&2
    else
        "$run_as" "$@"
    fi
}
