"""dpkg is killed while postinst runs, alone or with all that it started; `dpkg --configure -a` is the
remedy."""

from rig.container import wait_for
from rig.project import write
from transitions.cell import equal, row

# First in PATH under the name of every program that postinst calls: kills at the call asked for.
HOOK = """\
#!/bin/sh
if [ "$DPKG_MAINTSCRIPT_NAME" = postinst ]; then
    echo "${0##*/}" >>/var/tmp/kill/calls
    if [ "$(wc -l </var/tmp/kill/calls)" -eq "$(cat /var/tmp/kill/at)" ]; then
        for process in /proc/[0-9]*; do
            case $(cat "$process/comm" 2>/dev/null) in
                dpkg) kill -9 "${process#/proc/}" ;;
                tiny.postinst) [ -e /var/tmp/kill/alone ] || kill -9 "${process#/proc/}" ;;
            esac
        done
        [ -e /var/tmp/kill/alone ] || kill -9 $$
    fi
fi
PATH=${PATH#*:} exec "${0##*/}" "$@"
"""
PROGRAMS = ("getent", "adduser", "install", "find", "dpkg-statoverride", "deb-systemd-helper",
            "deb-systemd-invoke", "systemctl", "supervisorctl", "timeout", "ln", "mkdir", "rm",
            "sleep", "stat", "chgrp")


def kill_at(cell, at, alone):
    host, hooks = cell.host, cell.host.path("var/tmp/kill")
    for program in PROGRAMS:
        write(hooks / program, HOOK, 0o755)
    cell.start()
    host.stop("web", cell.before)
    write(hooks / "calls", "")
    write(hooks / "at", f"{at}\n")
    (hooks / "alone").unlink(missing_ok=True)
    if alone:
        write(hooks / "alone", "")
    done = host.run("dpkg", "-i", f"/var/tmp/debs/{cell.new}.deb", check=False,
                    add={"PATH": "/var/tmp/kill:/usr/sbin:/usr/bin:/sbin:/bin"})
    equal(abs(done.returncode) in (9, 137), True,
          f"dpkg was killed among {(hooks / 'calls').read_text().split()}")
    host.dpkg("--configure", "-a")
    # Killed alone, dpkg leaves a postinst behind, which ends by itself.
    wait_for(lambda: not host.container.commands("tiny.postinst"), 60, "the former postinst")
    cell.expect_new(running=["worker"],
                    enabled=["web", "worker"] if cell.before == cell.after else ["worker"])
    equal(host.status(), "installed", "status")


@row()
def dpkg_killed_before_the_user_is_looked_up(cell):
    kill_at(cell, 1, alone=False)


@row(core=True)
def dpkg_killed_with_postinst_at_its_8th_call(cell):
    kill_at(cell, 8, alone=False)


@row()
def dpkg_killed_with_postinst_at_its_13th_call(cell):
    kill_at(cell, 13, alone=False)


@row()
def dpkg_killed_alone_at_its_4th_call(cell):
    kill_at(cell, 4, alone=True)


@row()
def dpkg_killed_alone_at_its_12th_call(cell):
    kill_at(cell, 12, alone=True)
