"""Real servers of the system that tests start on loopback: where their programs are, a free port, when they listen."""

import shutil
import socket
import subprocess
import threading

_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def found(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


def program(name: str) -> str:
    path = found(name)
    assert path is not None, f"{name} is not installed"
    return path


def free_port(address: str) -> int:
    with socket.socket() as one:
        one.bind((address, 0))
        return int(one.getsockname()[1])


def until_it_listens(server: "subprocess.Popen[bytes]", address: str, port: int) -> None:
    pause = threading.Event()
    while server.poll() is None:
        try:
            socket.create_connection((address, port), timeout=60).close()
        except ConnectionRefusedError:
            pause.wait(0.05)
        else:
            return
    raise AssertionError(f"{server.args!r} ended with {server.returncode}")
