#!/bin/sh
# sh unpacked.sh ROOT RELATIONS: a hook of mmdebstrap, once packages are unpacked that cannot be configured, as they
# are for another machine. Unpacks what the relations bring along, and writes what dpkg would have written of all.
set -eu
root=$1
relations=$2
archives="$root/var/cache/apt/archives"
admin="$root/var/lib/dpkg"
info="$admin/info"

before=$(ls "$archives")
if [ -n "$relations" ]; then
    APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q -y --no-install-recommends --download-only satisfy "$relations"
fi

mkdir -p "$info"
echo 1 >"$info/format"
: >"$admin/available"
: >"$admin/status.new"
for deb in "$archives"/*.deb; do
    case "
$before
" in
        *"
${deb##*/}
"*) ;;
        *) dpkg-deb --fsys-tarfile "$deb" | tar -C "$root" --keep-directory-symlink -x -f - ;;
    esac
    rm -rf "$admin/tmp.ci"
    dpkg-deb --control "$deb" "$admin/tmp.ci"
    stem=$(dpkg-deb --field "$deb" Package)
    # dpkg names the files of these by their architecture, too.
    if [ "$(dpkg-deb --field "$deb" Multi-Arch)" = same ]; then
        stem="$stem:$(dpkg-deb --field "$deb" Architecture)"
    fi
    {
        echo "Status: install ok installed"
        sed -e '/^[[:space:]]*$/d' "$admin/tmp.ci/control"
        echo
    } >>"$admin/status.new"
    rm "$admin/tmp.ci/control"
    for file in "$admin"/tmp.ci/*; do
        [ -e "$file" ] || continue
        mv "$file" "$info/$stem.${file##*/}"
    done
    dpkg-deb --fsys-tarfile "$deb" | tar -t --quoting-style=literal -f - |
        sed -e 's,^\./,/,' -e 's,^/$,/.,' -e 's,\(.\)/$,\1,' >"$info/$stem.list"
done
rm -rf "$admin/tmp.ci"
mv "$admin/status.new" "$admin/status"
