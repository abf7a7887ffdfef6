# All waiting for all services together ends after 30 seconds.
deadline=$(($(date +%s) + 30))

# within COMMAND...: runs it for no longer than what is left of them.
within() {
    left=$((deadline - $(date +%s)))
    if [ "$left" -lt 1 ]; then
        left=1
    fi
    timeout "$left" "$@"
}

# Services that were told to start, one a line: name, runner, program, instances, health URL.
watched=
