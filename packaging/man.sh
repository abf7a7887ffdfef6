#!/bin/sh
# man.sh PROGRAM DIRECTORY: a manual page for the program and for each of its commands, from what
# their --help says.
set -eu
program=$1
directory=$2

mkdir -p "$directory"
# help2man takes names and synopses from what the program is called.
page() {
    name=$1
    summary=$2
    shift 2
    help2man --no-info --no-discard-stderr --version-string "$version" \
        --name "$summary" --output "$directory/$name.1" "$*"
    title=$(echo "$name" | tr '[:lower:]' '[:upper:]')
    sed -i -e "s/^\.TH [^\"]*/.TH $title /" -e "/^\.SH NAME/{n;s/^deb-build-app [a-z-]* /$name /}" \
        "$directory/$name.1"
}
version=$("$program" --version | cut -d ' ' -f 2)
page deb-build-app "Debian packages of Python applications, with a complete environment" "$program"
"$program" --help | sed -n 's/^  \([a-z][a-z-]*\)  *\([^ ].*\)$/\1 \2/p' |
    while read -r command summary; do
        page "deb-build-app-$command" "$summary" "$program" "$command"
    done
