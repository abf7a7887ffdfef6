"""Has ansible-core run a playbook, and tells what became of it as data.

    play.py               the order is JSON on stdin, the result JSON on stdout
    play.py ORDER STATE   the order is a file; configures the host that this runs on (see configure)

An order: {"playbook": path, "hosts": [name...], "vars": {...}}. The result has "status": "ok",
"failed" (a task did, or a host could not be reached), "bad" (a playbook or variables that Ansible
does not understand), "absent" (this Python has no Ansible). Exit status, in the same order: 0, 1,
3, 4. What Ansible prints for people goes to stderr.
"""
import fcntl
import json
import os
import struct
import sys
import tempfile
import time

STATUS = {"ok": 0, "failed": 1, "bad": 3, "absent": 4}
LOCK_SECONDS = 1800


def message(result, failed):
    """What a task said, in one text; Ansible has hidden what no_log covers. Whether it failed is not
    in what callbacks get."""
    if "censored" in result:
        return str(result["censored"])
    said = result.get("msg", "")
    if result.get("results"):
        items = [message(item, True) for item in result["results"]
                 if isinstance(item, dict) and (item.get("failed") or item.get("unreachable"))]
        said = "; ".join(items) or said
    elif failed:
        output = result.get("stderr") or result.get("module_stderr") or result.get("stdout") or ""
        lines = str(output).strip().splitlines()[-6:]
        if lines:
            said = f"{said}: " + "\n".join(lines)
    said = said or result.get("skip_reason", "")
    return said if isinstance(said, str) else json.dumps(said, default=str)


def make_recorder(base):
    class Recorder(base):
        """Every end of a task, and the totals, as Ansible's callbacks tell of them."""
        CALLBACK_VERSION = 2.0
        CALLBACK_TYPE = "aggregate"
        CALLBACK_NAME = "deb_build_app_recorder"

        def __init__(self):
            super().__init__()
            self.tasks, self.hosts, self.unmatched, self.started = [], {}, 0, {}

        def v2_runner_on_start(self, host, task):
            self.started[host.get_name(), task._uuid] = time.monotonic()

        def v2_playbook_on_no_hosts_matched(self):
            self.unmatched += 1

        def note(self, result, **what):
            host = getattr(result, "host", None) or result._host
            task = getattr(result, "task", None) or result._task
            said = getattr(result, "result", None)
            said = result._result if said is None else said
            start = self.started.pop((host.get_name(), task._uuid), time.monotonic())
            entry = {"name": result.task_name, "host": host.get_name(),
                     "changed": bool(said.get("changed")), "failed": False, "skipped": False,
                     "unreachable": False, "ignored": False,
                     "msg": message(said, what.get("failed", False)),
                     "seconds": round(time.monotonic() - start, 3)}
            entry.update(what)
            self.tasks.append(entry)

        def v2_runner_on_ok(self, result):
            self.note(result)

        def v2_runner_on_skipped(self, result):
            self.note(result, skipped=True)

        def v2_runner_on_failed(self, result, ignore_errors=False):
            self.note(result, failed=True, ignored=bool(ignore_errors))

        def v2_runner_on_unreachable(self, result):
            self.note(result, unreachable=True)

        def v2_playbook_on_stats(self, stats):
            for host in sorted(stats.processed):
                one = stats.summarize(host)
                self.hosts[host] = {"failed" if key == "failures" else key: count
                                    for key, count in one.items()}
    return Recorder()


def run_ansible(order):
    """The playbook by ansible-playbook's own code; only what it executes with is ours."""
    import ansible.cli.playbook as command
    from ansible.plugins.callback import CallbackBase
    from ansible.utils.unsafe_proxy import wrap_var

    recorder = make_recorder(CallbackBase)

    class Executor(command.PlaybookExecutor):
        def __init__(self, playbooks, inventory, variable_manager, loader, passwords):
            # As data: a value that holds {{ }} is not a template, and none is on a command line.
            variable_manager.extra_vars.update(
                {name: wrap_var(value) for name, value in order["vars"].items()})
            local = inventory.get_host("localhost") if "localhost" in order["hosts"] else None
            if local:
                local.set_variable("ansible_connection", "local")
                local.set_variable("ansible_python_interpreter", sys.executable)
            super().__init__(playbooks, inventory, variable_manager, loader, passwords)
            self._tqm.load_callbacks()  # first: since 2.19 it loads none when there is one
            if hasattr(recorder, "_init_callback_methods"):
                recorder._init_callback_methods()
            self._tqm._callback_plugins.append(recorder)

    command.PlaybookExecutor = Executor
    cli = command.PlaybookCLI(["ansible-playbook", "--inventory", ",".join(order["hosts"]) + ",",
                               "--", order["playbook"]])
    cli.parse()
    return cli.run(), recorder


def play(order):
    """The result of an order, whatever happens."""
    try:
        import ansible.errors
    except ImportError as error:
        return {"status": "absent", "cause": f"{sys.executable}: {error}"}
    except BaseException as error:  # it reads its configuration when it is imported, and may exit
        return {"status": "bad", "cause": f"Ansible does not start with its ansible.cfg: {error}"}
    start = time.monotonic()
    try:
        code, recorder = run_ansible(order)
    except ansible.errors.AnsibleError as error:
        return {"status": "bad", "cause": str(error).strip()}
    if recorder.unmatched and not recorder.tasks:
        return {"status": "bad",
                "cause": f"none of its plays is for {', '.join(order['hosts'])}"}
    counts = {}
    for host in recorder.hosts.values():
        for key, count in host.items():
            counts[key] = counts.get(key, 0) + count
    failed = code != 0 or counts.get("failed", 0) or counts.get("unreachable", 0)
    return {"status": "failed" if failed else "ok", "counts": counts, "hosts": recorder.hosts,
            "tasks": recorder.tasks, "seconds": round(time.monotonic() - start, 3)}


def played(order):
    """play() where Ansible finds nothing of the caller's: neither ~/.ansible nor an ansible.cfg
    but the playbook's own; and prints to stderr alone."""
    out = os.dup(1)
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="deb-build-app-play-") as scratch:
        configuration = os.path.join(os.path.dirname(order["playbook"]), "ansible.cfg")
        if not os.path.exists(configuration):
            configuration = os.path.join(scratch, "ansible.cfg")
            write(configuration, "")
        os.environ.update({
            "ANSIBLE_CONFIG": configuration, "ANSIBLE_HOME": scratch, "ANSIBLE_LOCAL_TEMP": scratch,
            "ANSIBLE_NOCOLOR": "1", "ANSIBLE_RETRY_FILES_ENABLED": "0"})
        if order["hosts"] == ["localhost"]:
            os.environ["ANSIBLE_REMOTE_TEMP"] = scratch
        result = play(order)
    sys.stdout.flush()
    os.dup2(out, 1)
    return {"format": 1, "playbook": order["playbook"], **result}


def last_words(result):
    """One line for the journal, and so for `systemctl status`."""
    if "cause" in result:
        return result["cause"]
    for task in reversed(result["tasks"]):
        if (task["failed"] and not task["ignored"]) or task["unreachable"]:
            return f"task \"{task['name']}\" failed: {task['msg']}"
    return f"{len(result['tasks'])} tasks, {result['counts'].get('changed', 0)} changed something"


def wait_for_dpkg():
    """dpkg and apt hold this lock while they work; it is asked about and never taken, since one
    that wants it would fail. The play's own apt calls wait as well (APT_CONFIG in the unit), but the
    package that is configured here must be there whole before the first task."""
    deadline = time.monotonic() + LOCK_SECONDS
    try:
        lock = open("/var/lib/dpkg/lock-frontend", "rb+")
    except OSError:
        return
    with lock:
        ask = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0)  # struct flock of fcntl(2)
        while time.monotonic() < deadline:
            if struct.unpack("hhqqi", fcntl.fcntl(lock, fcntl.F_GETLK, ask))[0] == fcntl.F_UNLCK:
                return
            time.sleep(0.5)


def write(path, text):
    """Whole or not at all; for root alone, since tasks may have told what others must not know."""
    descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    os.rename(path + ".new", path)


def read(path):
    with open(path) as file:
        return file.read()


def configure(order_file, state):
    """CONFIGURE_PLAYBOOK on its host. STATE/configure.pending says that a play is due, and holds the
    version before; it goes when the play has succeeded, so that a failed one is tried again at boot.
    STATE/configure.json is the last result, STATE/configure.done what was last configured."""
    order = json.loads(read(order_file))
    pending = os.path.join(state, "configure.pending")
    due = read(pending)
    order["vars"]["deb_venv_old_version"] = due.strip()
    wait_for_dpkg()
    result = played(order)
    result["version"] = order["vars"]["deb_venv_version"]
    write(os.path.join(state, "configure.json"), json.dumps(result, indent=2) + "\n")
    if result["status"] == "ok":
        write(os.path.join(state, "configure.done"), order["fingerprint"] + "\n")
        if read(pending) == due:  # else an upgrade came meanwhile, and its own play is due
            os.unlink(pending)
    print(f"{result['status']}: {last_words(result)}", file=sys.stderr)
    return STATUS[result["status"]]


def main():
    if len(sys.argv) == 3:
        return configure(*sys.argv[1:])
    result = played(json.load(sys.stdin))
    json.dump(result, sys.stdout)
    return STATUS[result["status"]]


if __name__ == "__main__":
    sys.exit(main())
