#!/bin/sh
# required SERVICE START NAME... [-- COMMAND...]: whether the environment has a value for each NAME, which a service
# of @PACKAGE@ cannot do without (ENVIRONMENT_REQUIRED); then the command.
service=$1
start=$2
shift 2
lacking=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    [ -n "$(printenv "$1")" ] || lacking="$lacking $1"
    shift
done
if [ -n "$lacking" ]; then
    echo "@PACKAGE@: service $service cannot start: no value for$lacking. Write NAME=\"value\" into" \
        "/etc/@PACKAGE@/conf.d/secrets.env (group @USER@, mode 0640), then: $start" >&2
    exit 78
fi
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || exec "$@"
