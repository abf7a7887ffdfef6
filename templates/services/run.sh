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
@CREDENTIALS@    exec setpriv --reuid @USER@ --regid "$group" --init-groups -- "$0"
fi

# leftovers: the processes of this program that another supervisord, or a process killed before its
# workers, has left behind: those of the recorded process group and session, and those that left the
# group but have the name in their environment. This process leads its own group.
leftovers() {
    named=" $(grep -lszxF "SUPERVISOR_PROCESS_NAME=$SUPERVISOR_PROCESS_NAME" \
        /proc/[0-9]*/environ | tr -c 0-9 ' ') "
    for directory in /proc/[0-9]*; do
        { read -r line <"$directory/stat"; } 2>/dev/null || continue
        # shellcheck disable=SC2086  # state, parent, process group, session (proc(5))
        set -- ${line##*) }
        if [ "${3:-$$}" = $$ ] || [ "$1" = Z ]; then
            continue
        fi
        case $named in
            *" ${directory#/proc/} "*) echo "${directory#/proc/}" ;;
            *) [ "$3 $4" != "$former" ] || echo "${directory#/proc/}" ;;
        esac
    done
}

# As the service's own user, who can end nobody else's processes.
if [ -n "${SUPERVISOR_PROCESS_NAME:-}" ]; then
    record=/run/@PACKAGE@/$SUPERVISOR_PROCESS_NAME.group
    former=$(cat "$record" 2>/dev/null || true)
    tries=0
    while left=$(leftovers) && [ -n "$left" ] && [ "$tries" -lt 60 ]; do
        signal=@STOP_SIGNAL@
        [ "$tries" -lt 50 ] || signal=KILL
        # shellcheck disable=SC2086  # numbers
        [ $((tries % 50)) -ne 0 ] || kill -s "$signal" $left 2>/dev/null || true
        tries=$((tries + 1))
        sleep 0.1
    done
    read -r line </proc/$$/stat
    # shellcheck disable=SC2086
    set -- ${line##*) }
    echo "$3 $4" >"$record" || true
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
