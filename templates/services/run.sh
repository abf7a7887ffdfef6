#!/bin/sh
# Starts service @SERVICE@ of @PACKAGE@ for supervisord, whose own environment= cannot hold every
# value. The declared environment comes first, the administrator's has the last word. If
# supervisord dies, so does the service: the next supervisord would start a second one.
# shellcheck disable=SC1091,SC2016  # those files are the target's; the command's words are literal
set -e
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP VIRTUAL_ENV
# supervisord's own, from systemd: they would tell the service of a journal that is not its.
unset INVOCATION_ID JOURNAL_STREAM NOTIFY_SOCKET SYSTEMD_EXEC_PID WATCHDOG_PID WATCHDOG_USEC
set -a
. /usr/lib/@PACKAGE@/@SERVICE@.env
if [ -r /etc/default/@PACKAGE@ ]; then
    . /etc/default/@PACKAGE@
fi
set +a
exec /usr/bin/setpriv --pdeathsig TERM -- @COMMAND@
