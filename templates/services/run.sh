#!/bin/sh
# Starts service @SERVICE@ of @PACKAGE@ under supervisord, with an environment of any characters: what
# the package declares, then what the administrator sets.
set -e

# supervisord runs this as root, and it itself as the user: with `user=` in the conf, a
# user that is missing would keep supervisord, and so every other program, from starting.
if [ "$(id -u)" = 0 ]; then
    group=$(id -g @USER@)
    [ -d /run/@PACKAGE@ ] || install -d -o @USER@ -g "$group" -m 0755 /run/@PACKAGE@
    unset CREDENTIALS_DIRECTORY
@MIGRATION@@CREDENTIALS@    exec setpriv --reuid @USER@ --regid "$group" --init-groups -- "$0"
fi

# leftovers: the processes of this program that another supervisord, or a process that ended before its
# workers, has left behind: those of the recorded process group and session, and those that left the
# group but have the name in their environment. This process leads its own group. For a guard there are
# none once the program runs again (what leads a group in supervisord's session): that run sees to them.
leftovers() {
    named=" $(grep -lszxF "SUPERVISOR_PROCESS_NAME=$SUPERVISOR_PROCESS_NAME" \
        /proc/[0-9]*/environ | tr -c 0-9 ' ') "
    found=
    for directory in /proc/[0-9]*; do
        pid=${directory#/proc/}
        { read -r line <"$directory/stat"; } 2>/dev/null || continue
        # shellcheck disable=SC2086  # state, parent, process group, session (proc(5))
        set -- ${line##*) }
        if [ "${3:-$$}" = $$ ] || [ "$1" = Z ]; then
            continue
        fi
        case $named in
            *" $pid "*)
                [ -z "$guards" ] || [ "$3" != "$pid" ] || [ "$4" = "$pid" ] || return 0
                found="$found$pid "
                ;;
            *) [ "$3 $4" != "$former" ] || found="$found$pid " ;;
        esac
    done
    echo "$found"
}

# one_left PID, any_left: whether it, or anything, is among them.
one_left() {
    left=$(leftovers)
    case " $left" in
        *" $1 "*) ;;
        *) return 1 ;;
    esac
}

any_left() {
    left=$(leftovers)
    [ -n "$left" ]
}

# signal_left SIGNAL: whether there was anything to send it to.
signal_left() {
    any_left || return 1
    # shellcheck disable=SC2086  # numbers
    kill -s "$1" $left 2>/dev/null || true
}

# as_long_as SECONDS COMMAND...: waits while it succeeds.
as_long_as() {
    tries=$(($1 * 5))
    shift
    while [ "$tries" -gt 0 ] && "$@"; do
        tries=$((tries - 1))
        sleep 0.2
    done
}

# end_leftovers: as supervisord would, the first process of the group alone gets the signal and the time
# to end itself and the others, unless STOP_GROUP says otherwise. What is left without it has 5 seconds.
end_leftovers() {
    seconds=5
    first=${former%% *}
    if [ "$stop_group" = true ]; then
        seconds=@STOP_TIMEOUT@
    elif [ -n "$first" ] && one_left "$first"; then
        kill -s @STOP_SIGNAL@ "$first" 2>/dev/null || true
        as_long_as @STOP_TIMEOUT@ one_left "$first"
    fi
    signal_left @STOP_SIGNAL@ || return 0
    as_long_as "$seconds" any_left
    as_long_as 1 signal_left KILL
}

stop_group=@STOP_GROUP@
guards=
if [ "${1:-}" = guard ]; then
    # Beside the service, until its first process has ended: `supervisorctl stop` asks for no more.
    tail --follow --sleep-interval=0.5 --pid="$2" /dev/null || true
    guards=yes
    former=$3
    end_leftovers
    exit
fi

# As the service's own user, who can end nobody else's processes.
if [ -n "${SUPERVISOR_PROCESS_NAME:-}" ]; then
    record=/run/@PACKAGE@/$SUPERVISOR_PROCESS_NAME.group
    former=$(cat "$record" 2>/dev/null || true)
    end_leftovers
    read -r line </proc/$$/stat
    # shellcheck disable=SC2086
    set -- ${line##*) }
    echo "$3 $4" >"$record" || true
    setsid --fork "$0" guard $$ "$3 $4" </dev/null >/dev/null 2>&1
fi

# supervisord's own, from systemd: they would tell the service of a journal that is not its.
unset INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET SYSTEMD_EXEC_PID WATCHDOG_PID WATCHDOG_USEC

# Whatever supervisord's own environment says; the files may set them.
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP VIRTUAL_ENV
# If supervisord dies, so does the service: asked for after the change of user, which clears it.
# shellcheck disable=SC2016  # the command's words are literal
exec @PYTHON@ -I -S /usr/lib/@PACKAGE@/environment.py \
    /usr/lib/@PACKAGE@/@SERVICE@.env /etc/default/@PACKAGE@ /etc/@PACKAGE@/conf.d -- \
    /usr/bin/setpriv --pdeathsig @STOP_SIGNAL@ -- @COMMAND@
