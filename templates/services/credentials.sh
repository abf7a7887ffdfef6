    # What LoadCredential= does in a unit: copies that this program alone can read, made anew. They are written
    # by the user, who owns /run/@PACKAGE@ and could have a link lie in root's way.
    CREDENTIALS_DIRECTORY=/run/@PACKAGE@/credentials/${SUPERVISOR_PROCESS_NAME:-@PROGRAM@}
    export CREDENTIALS_DIRECTORY
    as_user() {
        setpriv --reuid @USER@ --regid "$group" --init-groups -- sh -c "$@"
    }
    # shellcheck disable=SC2016  # that other shell's
    as_user 'umask 077
        [ ! -d "$CREDENTIALS_DIRECTORY" ] || chmod u+w "$CREDENTIALS_DIRECTORY"
        rm -rf "$CREDENTIALS_DIRECTORY"
        mkdir -p "$CREDENTIALS_DIRECTORY"'
    lacking=
    # shellcheck disable=SC2016  # names and paths are literal
    set -- @CREDENTIALS@
    while [ $# -gt 0 ]; do
        if [ -f "$2" ] && [ -r "$2" ]; then
            # shellcheck disable=SC2016
            as_user 'umask 377; cat >"$CREDENTIALS_DIRECTORY/$1"' copy "$1" <"$2"
        else
            lacking=yes
            echo "@PACKAGE@: service @SERVICE@ cannot start: its credential $1 is missing, there is no readable file" \
                "$2. Put it there (owner root, mode 0600), then: supervisorctl start '@PROGRAM@:*'" >&2
        fi
        shift 2
    done
    if [ -n "$lacking" ]; then
        # shellcheck disable=SC2016
        as_user 'rm -rf "$CREDENTIALS_DIRECTORY"'
        exit 243 # as systemd has it
    fi
    # shellcheck disable=SC2016
    as_user 'chmod 500 "$CREDENTIALS_DIRECTORY"'
