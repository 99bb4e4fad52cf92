"""Workers of a Ray cluster, or of one that is started on this machine."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optlab.sweeps.backends.base import Backend, Pool, interrupts_ignored
from optlab.sweeps.backends.by_joblib import run_by_joblib


class Ray(Backend):
    """Ray's workers, by joblib."""

    name = "ray"
    workers = "elsewhere"
    package = "ray"
    extra = "ray"
    knock = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])

    def is_scheduler(self, answer: bytes) -> bool:
        """It speaks gRPC, which is HTTP/2 (RFC 9113, section 3.4): settings are answered by settings."""
        return answer[3:4] == b"\x04"

    @contextmanager
    def start(self, n: int, folder: Path) -> Iterator[Pool]:
        """See `Backend.start`."""
        import ray
        from joblib import parallel_config
        from ray.util.joblib import register_ray

        local: dict[str, Any] = {"num_cpus": n, "include_dashboard": False} if self.address is None else {}
        with interrupts_ignored():
            ray.init(
                self.address.removeprefix("tcp://") if self.address else "local",
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                configure_logging=False,
                **local,
            )
        register_ray()
        try:
            with parallel_config("ray", n_jobs=n):
                yield run_by_joblib
        finally:
            ray.shutdown()
