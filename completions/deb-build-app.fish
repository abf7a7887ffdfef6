# fish completion for deb-build-app. Commands and options are what --help of the program lists.
function __deb_build_app_commands
    deb-build-app --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  *\([^ ].*\)$/\1\t\2/p'
end
function __deb_build_app_options
    set -l words (commandline -opc)
    deb-build-app $words[2] --help 2>/dev/null |
        sed -n 's/^  \(-., \|    \)\(--[a-z][a-z-]*\)\( [A-Z][A-Z]*\)\{0,1\}  *\([^ ].*\)$/\2\t\4/p;s/^  \(-., \|    \)\(--[a-z][a-z-]*\) *$/\2/p'
end
complete -c deb-build-app -n 'test (count (commandline -opc)) -eq 1' -f -a '(__deb_build_app_commands)'
complete -c deb-build-app -n 'test (count (commandline -opc)) -gt 1; and string match -q -- "-*" (commandline -ct)' \
    -f -a '(__deb_build_app_options)'
