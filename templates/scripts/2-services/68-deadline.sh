# All waiting for all services together ends after 30 seconds, or ten after the last had ended its work.
deadline=$(($(date +%s) + 30))

# Services that were told to start, one a line: name, runner, program, instances, health URL.
watched=
