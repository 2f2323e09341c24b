"""Who does the work of a batch: this process, several processes, or a dask.distributed cluster."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from evidence.errors import StoreError, UsageError
from evidence.messages import t
from evidence.text import visible

_PR_SET_PDEATHSIG = 1


class Inline(Executor):
    """Does at once, in this process, what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Call a function; the future is done when this returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  it is raised where the result is asked for
            future.set_exception(error)
        return future


class Processes(Executor):
    """Worker processes on this machine, which die with this one; lost ones are replaced.

    They are started afresh, not forked, so that none of them inherits a key.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._new()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Let a worker call a function."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pool.shutdown(wait=False)
            self._pool = self._new()
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let the workers go."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, context, initializer=_begin, initargs=(os.getpid(),))


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Worker processes on this machine."""
    pool = Processes(count)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a dask.distributed cluster that see the same files under the same names.

    Args:
        address: ``dask://HOST:PORT`` of its scheduler.

    Raises:
        UsageError: not such an address, or dask.distributed isn't installed.
        StoreError: the scheduler doesn't answer.
    """
    host = address.removeprefix("dask://")
    if host == address or not host:
        raise UsageError(t("batch.executor", address=visible(address)), t("batch.executor_hint"))
    try:
        from distributed import Client  # noqa: PLC0415  an extra, and half a second
    except ImportError as error:
        raise UsageError(t("batch.no_dask"), t("batch.no_dask_hint")) from error
    try:
        client = Client(f"tcp://{host}", timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise StoreError(
            t("batch.no_cluster", address=visible(address)), t("batch.no_cluster_hint")
        ) from error
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()


class WorkerLostError(StoreError):
    """A worker was killed, or ran out of memory."""


def result_of(future: "Future[Any]") -> Any:
    """What a future gives.

    Raises:
        WorkerLostError: the worker was lost.
    """
    try:
        return future.result()
    except Exception as error:
        if isinstance(error, BrokenExecutor) or type(error).__module__.startswith("distributed"):
            raise WorkerLostError(t("batch.worker_lost"), t("batch.worker_lost_hint")) from error
        raise


def _begin(parent: int) -> None:
    """In a new worker: leave Ctrl-C to the parent, and die with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
