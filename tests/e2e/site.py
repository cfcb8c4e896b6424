"""A running installation for the journeys: its own data folder, a free port, the product's three processes.

Used by the ``site`` fixture alone. Everything goes through manage.py, as it does under ``script/server``.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREPARATIONS = (("migrate", "--no-input"), ("load_reference",), ("demo", "--if-empty"))
PROCESSES = ("serve", "worker", "beat")
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """One installation. ``url`` has no trailing slash; ``data`` is its CHUANGWEN_DATA."""

    data: Path
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        """The tests' own settings must not reach the product, which reads the real ones."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("CHUANGWEN_")}
        own.pop("DATABASE_URL", None)
        return own | {
            "DJANGO_SETTINGS_MODULE": "chuangwen.settings",
            "CHUANGWEN_DATA": str(self.data),
            "CHUANGWEN_PORT": str(self.port),
            "CHUANGWEN_PUBLIC_URL": self.url,
            "PYTHONUNBUFFERED": "1",
        }

    def manage(self, *arguments: str) -> str:
        """Runs one command to its end and returns what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{done.stdout}"
        return done.stdout

    def log(self, name: str) -> Path:
        return self.data / f"{name}.log"

    def start(self) -> None:
        for arguments in PREPARATIONS:
            self.manage(*arguments)
        for name in PROCESSES:
            with self.log(name).open("wb") as output:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "manage.py", name],
                    cwd=ROOT,
                    env=self.environment(),
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
        self.wait_until_healthy()

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            assert not ended, f"{', '.join(ended)} ended by itself\n{self.logs()}"
            if self.healthy():
                return
            time.sleep(0.2)
        raise AssertionError(f"no answer at {self.url}/health after {SECONDS_TO_START} s\n{self.logs()}")

    def stop(self) -> list[str]:
        """Ends the processes as a service manager would; returns the names of those that had to be killed."""
        killed = []
        for process in self.running.values():
            process.terminate()
        for name, process in self.running.items():
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed.append(name)
        return killed

    def logs(self) -> str:
        parts = []
        for name in self.running:
            text = self.log(name).read_text(encoding="utf-8", errors="replace")
            parts.append(f"--- {name}, last lines\n" + "\n".join(text.splitlines()[-60:]))
        return "\n".join(parts)
