# Has an installer that runs on this machine's Python choose for another machine: what it asks Python about the
# machine is answered as the target's own Python would. It runs by way of a .pth file of the environment that is
# installed into, in the first process alone: the variable goes, so that builds which an installer starts are this
# machine's, and show it by the tags of their wheels.
#
#   DEB_BUILD_APP_TARGET="aarch64 2.36"    the machine, and its C library's version
import os
import platform
import sys
import sysconfig


def answer_for(machine, libc):
    own = os.uname()
    there = os.uname_result((own.sysname, own.nodename, own.release, own.version, machine))
    confstr = os.confstr
    os.uname = lambda: there
    os.confstr = lambda name: "glibc " + libc if name == "CS_GNU_LIBC_VERSION" else confstr(name)
    platform.machine = lambda: machine
    sysconfig.get_platform = lambda: "linux-" + machine


class Packaging:
    """packaging, and pip's copy of it, look into the running Python's file to learn what 32-bit ARM it is for."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if not name.endswith("packaging._manylinux"):
            return None
        from importlib.machinery import PathFinder
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                module._have_compatible_abi = lambda *_: True
            spec.loader.exec_module = exec_module
        return spec


answer_for(*os.environ.pop("DEB_BUILD_APP_TARGET").split())
sys.meta_path.insert(0, Packaging)
