# maintainer_script: the maintainer's own @KEYWORD@ file; in a subshell, so that its `exit` ends only
# itself, and by eval, for which sh counts its lines from 1.
maintainer_script() (
    trap 'own_ended $?' EXIT
    eval "$(
        cat <<'@END@'
@FRAGMENT@
@END@
    )"
)

# own_ended STATUS
own_ended() {
    if [ "$1" -ne 0 ]; then
        echo "$package: @KEYWORD@" @FILE@ "ended with status $1; a line that sh names with eval is of this file" >&2
    fi
}
