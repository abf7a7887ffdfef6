#!/bin/sh
# Makes the binary goldens beside it anew:  sh make.sh PYTHON...   (each PYTHON a CPython 3.9 to
# 3.14; needs gcc, as and ld for s390x, and ldconfig). What changes is to be looked at, not trusted.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

# .pyc: nested code objects, every constant that marshal knows, and names shared by reference.
cat > sample.py <<'EOF'
"""A sample with a non-ASCII docstring: ünïcödé, 漢字."""
CONSTANTS = (1, -1, 2**40, 2**100, 1.5, 2j, b"bytes", "text", None, True, ..., frozenset((1,)))
def outer(first, /, second=2, *rest, third=3, **named):
    cell = first
    def inner():
        return [cell + item for item in rest if item in {1, 2, 3}]
    return inner, lambda: cell
class Greeter:
    name: str = "wörld"
    async def greet(self):
        try:
            return {key: value async for key, value in self}
        except* ValueError:
            pass
EOF
sed 's/except\*/except/' sample.py > sample-old.py
for python in "$@"; do
    "$python" - "$here" <<'EOF'
import py_compile, sys
version = "%d.%d" % sys.version_info[:2]
source = "sample.py" if sys.version_info >= (3, 11) else "sample-old.py"
for mode, name in ((py_compile.PycInvalidationMode.UNCHECKED_HASH, "unchecked"),
                   (py_compile.PycInvalidationMode.TIMESTAMP, "timestamp")):
    if name == "timestamp" and version != "3.11":
        continue
    py_compile.compile(source, "%s/sample-%s-%s.pyc" % (sys.argv[1], version, name),
                       dfile="/opt/venvs/hello/lib/sample.py", doraise=True,
                       invalidation_mode=mode)
EOF
done

# ELF: a library with versions of its own that needs versions of libc, and users of it.
cat > greet.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>
extern int maybe(void) __attribute__((weak));
int greet(const char* name) { return printf("hello %s %p", name, getenv("A")) + (maybe ? maybe() : 0); }
int greet_twice(const char* name) { return greet(name) + greet(name); }
EOF
cat > greet.map <<'EOF'
GREET_1.0 { global: greet; local: *; };
GREET_1.1 { global: greet_twice; } GREET_1.0;
EOF
cat > user.c <<'EOF'
int greet(const char*);
int greet_twice(const char*);
int main(void) { return greet("a") + greet_twice("b"); }
EOF
small() {
    gcc -Os -s -fcf-protection=none -Wl,-z,noseparate-code,-z,norelro,--build-id=none "$@"
}
# shellcheck disable=SC2016  # $ORIGIN is the dynamic linker's
small -shared -fPIC -nostartfiles greet.c -o libgreet.so.1 -Wl,-soname,libgreet.so.1 \
    -Wl,--version-script,greet.map -Wl,--enable-new-dtags,-rpath,'$ORIGIN/../greet.libs:/opt/lib'
# shellcheck disable=SC2016
small -no-pie user.c ./libgreet.so.1 -o user -Wl,--disable-new-dtags,-rpath,'$ORIGIN/lib'
small -static -nostdlib -x c - -o static <<'EOF'
void _start(void) { for (;;) {} }
EOF
small -m32 -shared -fPIC -nostdlib -x c - -o lib32.so -Wl,-soname,lib32.so.0 \
    -Wl,--hash-style=both <<'EOF'
extern int elsewhere(int);
int here(int x) { return elsewhere(x) + 1; }
EOF
s390x-linux-gnu-as -o big.o - <<'EOF'
.globl here
.type here,@function
here: brasl %r14,elsewhere@PLT
      br %r14
EOF
s390x-linux-gnu-ld -shared -s -z norelro --hash-style=gnu -soname libbig.so.0 big.o -o libbig.so
cp libgreet.so.1 user static lib32.so libbig.so "$here"

# ld.so.cache, in the new format and behind an old-format header.
mkdir -p root/lib root/etc
cp libgreet.so.1 lib32.so root/lib
echo /lib > root/etc/ld.so.conf
for format in new compat; do
    /sbin/ldconfig -r root -c $format 2>/dev/null
    cp root/etc/ld.so.cache "$here/ld.so.cache.$format"
done
chmod 644 "$here"/*.so* "$here"/user "$here"/static "$here"/ld.so.cache.* "$here"/*.pyc
