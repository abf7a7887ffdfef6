#!/bin/sh
# @RUN_AS@: runs a command with what the services of @PACKAGE@ have; see @RUN_AS@ --help.
set -e

usage() {
    cat <<'END'
Usage: @RUN_AS@ [--service <name>] <command> <argument>...
       @RUN_AS@ [--service <name>] --env

Runs a command with what the services of @PACKAGE@ have: their user (@USER@), environment,
credentials, umask and working directory, and @PREFIX@/bin first in PATH. A file of the
working directory needs no path: @RUN_AS@ manage.py migrate.

  --service <name>  with what this service has (@SERVICES@);
                    without it, with what all of them have in common
  --env             prints the environment
  --help            prints this

The exit status is the command's. Else: 64 for a word that is not understood, 77 for a caller
who is neither root nor @USER@, 126 for a command that cannot be run, 127 for one that is not
there, and 243 for a missing credential.
END
}

# fail STATUS LINE
fail() {
    echo "@RUN_AS@: $2" >&2
    exit "$1"
}

service=
show=
while [ $# -gt 0 ]; do
    case $1 in
        --service)
            [ $# -gt 1 ] || fail 64 "--service wants the name of a service (@SERVICES@)"
            service=$2
            shift 2
            ;;
        --service=*)
            service=${1#*=}
            shift
            ;;
        --env)
            show=yes
            shift
            ;;
        -h | --help)
            usage
            exit
            ;;
        --)
            shift
            break
            ;;
        -*) fail 64 "there is no option $1 (@RUN_AS@ --help lists them)" ;;
        *) break ;;
    esac
done

settings=
credentials=
@SETTINGS@
[ -n "$settings" ] || fail 64 "there is no service $service (@SERVICES@)"
if [ -n "$show" ]; then
    [ $# -eq 0 ] || fail 64 "--env takes no command"
    set -- /usr/bin/env
elif [ $# -eq 0 ]; then
    usage >&2
    exit 64
fi

user=$(id -u @USER@ 2>/dev/null) ||
    fail 77 "there is no user @USER@: @PACKAGE@ is not configured; dpkg --configure @PACKAGE@"
caller=$(id -u)
# A service that calls it has its credentials already.
if [ "$caller" != 0 ] &&
    { [ "$caller" != "$user" ] || { [ -n "$credentials" ] && [ -z "${CREDENTIALS_DIRECTORY:-}" ]; }; }; then
    fail 77 "this needs root${credentials:+, who alone can read the credentials}: sudo @RUN_AS@ ${service:+--service $service }..."
fi
umask @UMASK@
cd @DIRECTORY@ || fail 126 "its working directory is missing"

# A script of the environment names its Python with -I, which pays no heed to what the environment says of
# Python: as a service it is started by way of the interpreter, and here too.
python=@PYTHON@
program=@PREFIX_WORD@/bin/$1
case $1 in
    */*) ;;
    *)
        if [ -x "$program" ]; then
            shift
            IFS= read -r first <"$program" || true
            case $first in
                "#!$python -I") set -- "$python" @PYTHON_FLAGS@ "$program" "$@" ;;
                "#!$python -Es") set -- "$python" -s "$program" "$@" ;;
                *) set -- "$program" "$@" ;;
            esac
        elif [ -f "$1" ] && ! command -v "$1" >/dev/null; then
            program=./$1
            shift
            case $program in
                *.py) set -- "$python" "$program" "$@" ;;
                *) set -- "$program" "$@" ;;
            esac
        fi
        ;;
esac

# By a shell, for it looks in the PATH that the settings name.
# shellcheck disable=SC2016  # that shell's
set -- "$settings" /etc/default/@PACKAGE@ /etc/@PACKAGE@/conf.d -- /bin/sh -c 'exec "$@"' @RUN_AS@ "$@"
copies=
if [ "$caller" = 0 ]; then
    group=$(id -g @USER@)
    [ -d /run/@PACKAGE@ ] || install -d -o @USER@ -g "$group" -m 0755 /run/@PACKAGE@
    as_user() {
        setpriv --reuid @USER@ --regid "$group" --init-groups -- "$@"
    }
    if [ -n "$credentials" ]; then
        # As run-SERVICE makes them, in a directory that goes when the command has ended.
        copies=/run/@PACKAGE@/credentials/run-$$
        for old in "$copies" /run/@PACKAGE@/credentials/run-*; do
            # One that was killed could not remove its own.
            if [ -d "$old" ] && { [ "$old" = "$copies" ] || [ ! -d "/proc/${old##*-}" ]; }; then
                as_user chmod u+w "$old"
                as_user rm -rf "$old"
            fi
        done
        # shellcheck disable=SC2016
        as_user sh -c 'umask 077; mkdir -p "$1"' copy "$copies"
        while read -r name path; do
            if [ ! -f "$path" ] || [ ! -r "$path" ]; then
                as_user rm -rf "$copies"
                fail 243 "its credential $name is missing, there is no readable file $path. Put it there (owner root, mode 0600)"
            fi
            # shellcheck disable=SC2016
            as_user sh -c 'umask 377; cat >"$1/$2"' copy "$copies" "$name" <"$path"
        done <<END
$credentials
END
        as_user chmod 500 "$copies"
        set -- --then-remove "$copies" "$@"
    fi
fi
set -- "$python" -I -S /usr/lib/@PACKAGE@/environment.py "$@"
[ "$caller" != 0 ] || set -- setpriv --reuid @USER@ --regid "$group" --init-groups -- "$@"

[ "$caller" = 0 ] || [ -z "$credentials" ] || copies=$CREDENTIALS_DIRECTORY
# Of the caller's environment it has what tells of the terminal and of the reader, as a service has neither.
[ -z "$copies" ] || set -- "CREDENTIALS_DIRECTORY=$copies" "$@"
for name in TERM COLORTERM NO_COLOR LINES COLUMNS TZ LANG LANGUAGE LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES \
    LC_MONETARY LC_NUMERIC LC_TIME; do
    if value=$(printenv "$name"); then
        set -- "$name=$value" "$@"
    fi
done
exec env -i "$@"
