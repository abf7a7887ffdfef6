# All waiting for all services together ends after 30 seconds, or ten after the last had ended its work.
# shellcheck disable=SC2034  # of watch_services, which not every script has
deadline=$(($(date +%s) + 30))

# Services that were told to start, one a line: name, runner, program, instances, health URL.
watched=
