#!/bin/sh
# Starts service @SERVICE@ of @PACKAGE@ with an environment of any characters: what the package
# declares, then what the administrator sets.
# shellcheck disable=SC1091,SC2016  # those files are the target's; the command's words are literal
set -e
@SUPERVISED@unset PYTHONHOME PYTHONPATH PYTHONSTARTUP VIRTUAL_ENV
set -a
. /usr/lib/@PACKAGE@/@SERVICE@.env
if [ -r /etc/default/@PACKAGE@ ]; then
    . /etc/default/@PACKAGE@
fi
set +a
exec @COMMAND@
