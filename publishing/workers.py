"""Who sends: a name that tells, on the same machine, whether that process still lives."""

import os
import socket


def this_worker() -> str:
    """Return `host:pid` of this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(worker: str | None) -> bool:
    """Say whether the worker certainly lives no more: a process of this machine that isn't there.

    A wrong yes would do no harm, since a new epoch stops the old holder; a no only means waiting for the lease.
    """
    host, _, pid = (worker or "").rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
