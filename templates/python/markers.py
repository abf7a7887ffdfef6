# Says in JSON what the variables of PEP 508 are, and "glibc". platform_release and platform_version are
# the running kernel's: the target's is unknown, and must not be the build host's.
import json, os, platform, sys
v = sys.implementation.version
full = "%d.%d.%d" % v[:3] + ("" if v.releaselevel == "final" else v.releaselevel[0] + str(v.serial))
print(json.dumps({
    "os_name": os.name, "sys_platform": sys.platform, "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(), "platform_release": "",
    "platform_system": platform.system(), "platform_version": "",
    "python_version": "%d.%d" % sys.version_info[:2],
    "python_full_version": platform.python_version(), "implementation_name": sys.implementation.name,
    "implementation_version": full, "glibc": os.confstr("CS_GNU_LIBC_VERSION") or ""}))
