# bash completion for deb-build-app. Commands and options are what --help of the program lists: nothing
# here has to be kept in step with it.
_deb_build_app() {
    local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-} program=${COMP_WORDS[0]}
    COMPREPLY=()
    if [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null |
            sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p') --help --version" -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" "$command" --help 2>/dev/null |
            sed -n 's/^  \(-., \|    \)\(--[a-z][a-z-]*\).*/\2/p')" -- "$current")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _deb_build_app deb-build-app
