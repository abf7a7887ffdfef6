# has_python FILE: whether the Python that this package's environment is made for is still there. Its
# minor version goes away in a release upgrade that was forced past this package's dependencies; a
# service that still runs must then not be restarted.
has_python() {
    [ ! -x "$1" ] || return 0
    {
        echo "$package: its Python, $1, is no longer on this system. What runs of it goes on; nothing"
        echo "of it can be started. Install a version of $package made for this release, or"
        echo "${1##*/} again."
    } >&2
    return 1
}
