# shellcheck shell=sh
# What setup.sh, examples/demo.sh and the build of the program as a subproject show while they work,
# so that nothing long is silent. Sourced. It needs Debian's essential programs alone, because
# setup.sh runs before anything else is there.
#
#   progress_begin NAME        the name before every line
#   progress_plan STEPS LOGS   how many steps there will be, and the directory of their logs
#   say TEXT...                a line
#   step TEXT COMMAND...       one step: its output goes to LOGS/step-N.log, and when it fails the last
#                              lines of that are shown and the status is 4: a tool, or the system
#   step_begin TEXT, step_end  the same for a step that shows itself what it does
#   alongside TEXT COMMAND...  no step: the command's output is shown, and how long it has run
#   progress_end               in the script's EXIT trap: nothing is left running, no line half written
#
# On a terminal the running step is one line, written over every second: which of how many, what, how
# many seconds, and the last line of its log. Elsewhere, and with NO_COLOR or TERM=dumb, it is a line
# when it begins, one every ten seconds, and one when it is done.

# Seconds from one line to the next where there is no terminal.
progress_every=10

progress_begin() {
    progress_name=$1
    progress_total=0
    progress_count=0
    progress_logs=
    progress_log=
    progress_watcher=
    progress_line_is_open=
    progress_live=
    if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
        progress_live=yes
    fi
}

progress_plan() {
    progress_total=$1
    progress_logs=$2
}

say() {
    printf '%s\n' "$progress_name: $*"
}

step_begin() {
    progress_count=$((progress_count + 1))
    progress_begin_text "[$progress_count of $progress_total] $1"
    say "$progress_text"
}

step_end() {
    say "$progress_text: done in $(progress_seconds) s"
}

# The command runs in this shell: a function may set variables, but must join its commands by &&,
# because the shell does not end at a failure (set -e) inside a command whose status is asked for.
step() {
    progress_count=$((progress_count + 1))
    progress_begin_text "[$progress_count of $progress_total] $1"
    shift
    progress_log=$progress_logs/step-$progress_count.log
    : >"$progress_log"
    if [ -n "$progress_live" ]; then
        progress_overwrite "$progress_name: $progress_text, 0 s"
    else
        say "$progress_text"
    fi
    progress_watch &
    progress_watcher=$!
    progress_status=0
    "$@" >"$progress_log" 2>&1 </dev/null || progress_status=$?
    progress_stop_watching
    if [ "$progress_status" -eq 0 ]; then
        progress_close "$progress_name: $progress_text: done in $(progress_seconds) s"
        return 0
    fi
    progress_close "$progress_name: $progress_text: FAILED after $(progress_seconds) s, exit status $progress_status"
    say "the last lines of $progress_log:" >&2
    tail -n 40 "$progress_log" | sed 's/^/    /' >&2
    return 4
}

alongside() {
    progress_begin_text "$1"
    shift
    progress_live=
    progress_watch &
    progress_watcher=$!
    progress_status=0
    "$@" || progress_status=$?
    progress_stop_watching
    return "$progress_status"
}

progress_end() {
    progress_stop_watching
    if [ -n "$progress_line_is_open" ]; then
        progress_line_is_open=
        echo || true
    fi
}

progress_begin_text() {
    progress_text=$1
    progress_since=$(date +%s)
    progress_log=
}

progress_seconds() {
    echo "$(($(date +%s) - progress_since))"
}

# In the background, beside the command. What it starts has no hold on the script's output, or whoever
# reads that through a pipe would wait for the last sleep; and a script that was killed ends it.
progress_watch() {
    progress_next=$progress_every
    while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        progress_now=$(progress_seconds)
        if [ -n "$progress_live" ]; then
            progress_overwrite "$progress_name: $progress_text, $progress_now s$(progress_last_line)"
        elif [ "$progress_now" -ge "$progress_next" ]; then
            say "$progress_text, $progress_now s$(progress_last_line | cut -c 1-72)"
            progress_next=$((progress_now + progress_every))
        fi
    done
}

progress_stop_watching() {
    if [ -n "$progress_watcher" ]; then
        # Not TERM: a subshell that has just begun still has the script's trap for it, and loses it.
        kill -KILL "$progress_watcher" 2>/dev/null || true
        wait "$progress_watcher" 2>/dev/null || true
        progress_watcher=
    fi
}

# The last line of the log that is not empty, after ": ". Printable ASCII alone, so that a character is
# a column.
progress_last_line() {
    [ -n "$progress_log" ] || return 0
    tail -c 2000 "$progress_log" | tr '\r' '\n' | sed '/^[[:space:]]*$/d' | tail -n 1 |
        LC_ALL=C tr -cd '[:print:]' | sed 's/^[[:space:]]*/: /'
}

# One line of the terminal, without its end; cut, since a line that wraps cannot be written over.
progress_overwrite() {
    progress_columns=$(stty size 2>/dev/null </dev/tty | cut -d ' ' -f 2) || progress_columns=
    [ "${progress_columns:-0}" -gt 0 ] || progress_columns=80
    printf '\r%s\033[K' "$(printf '%s' "$1" | cut -c "1-$((progress_columns - 1))")"
    progress_line_is_open=yes
}

# The line for good, over the one that is there.
progress_close() {
    [ -z "$progress_live" ] || printf '\r\033[K'
    progress_line_is_open=
    printf '%s\n' "$1"
}
