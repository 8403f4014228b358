"""Runs in Redis, for the processes of many machines; RQ keeps the queue.

    convoscope:run:ID              a hash with the two texts of the record
    convoscope:run:ID:log          a stream, each entry under the number of its last step
    convoscope:run:ID:checkpoint   lists of blobs, the newest first; :parameters likewise
    convoscope:open, :ended        sorted sets of ids by time; convoscope:owner:OWNER somebody's

A change is a transaction that Redis takes only if nobody else changed the run meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError, WatchError
from rq import Queue
from rq.job import Job, JobStatus

from cnn_engine.words import Message
from cnn_server.runs.record import Blob, LogPiece, Run
from cnn_server.runs.store import KEPT_BLOBS, Edit, Pick, RunGoneError, StoreError
from cnn_server.words import refusal

QUEUE = "convoscope"
JOB = "cnn_server.runs.worker.train"
TIMEOUT = 3.0  # seconds for an answer
TRIES = 20  # times that a run may change while somebody claims it
CLAIM = 10.0  # seconds after which the lock of a claim that never ended is let go
NUMBER = 8  # bytes of a blob's step

_OPEN, _ENDED = "convoscope:open", "convoscope:ended"


def _key(run_id: str, part: str = "") -> str:
    return f"convoscope:run:{run_id}{part and f':{part}'}"


def connect(url: str) -> Any:
    """Return a connection that is made when it is needed first.

    Raises:
        StoreError: the address is none.
    """
    try:
        return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    except ValueError as error:
        raise StoreError("not_an_address_of_redis", reason=str(error)) from error


@contextmanager
def in_words() -> Iterator[None]:
    """Raise the errors of Redis as a StoreError, without the address, which may hold a password."""
    try:
        yield
    except RedisError as error:
        if isinstance(error, OutOfMemoryError) or "OOM" in str(error):
            raise StoreError("redis_full", full=True) from error
        raise StoreError("redis_not_reached", reason=type(error).__name__) from error


class RedisRunStore:
    """A `RunStore`."""

    def __init__(self, url: str) -> None:
        self._redis: Any = connect(url)
        self._queue = Queue(QUEUE, connection=self._redis)
        with in_words():
            self._redis.ping()

    def trouble(self) -> Message | None:
        """Return whether the memory that Redis may take is taken."""
        with in_words():
            info = self._redis.info("memory")
        return refusal("redis_full") if 0 < info["maxmemory"] <= info["used_memory"] else None

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    # ---- runs

    def add(self, run: Run) -> None:
        """Keep a new run, and queue it."""
        with in_words(), self._redis.pipeline() as pipe:
            pipe.hset(_key(run.id), mapping={"fixed": run.fixed_json(), "changing": run.changing_json()})
            pipe.zadd(_OPEN, {run.id: run.created})
            pipe.zadd(f"convoscope:owner:{run.owner}", {run.id: run.created})
            self._enqueue(pipe, run)
            pipe.execute()

    def _enqueue(self, pipe: Any, run: Run) -> None:
        """Put a run into the queue as `Queue.enqueue` does, but within a transaction."""
        job = Job.create(
            JOB,
            args=(run.id,),
            id=run.id,
            timeout=-1,
            result_ttl=0,
            origin=QUEUE,
            status=JobStatus.QUEUED,
            connection=self._redis,
        )
        job.save(pipeline=pipe)
        pipe.sadd(Queue.redis_queues_keys, self._queue.key)
        self._queue.push_job_id(run.id, pipeline=pipe)

    def _dequeue(self, pipe: Any, run_id: str) -> None:
        self._queue.remove(run_id, pipeline=pipe)
        pipe.delete(Job.key_for(run_id))

    def get(self, run_id: str) -> Run | None:
        """Return a run as it is now."""
        with in_words():
            return self._read(self._redis, run_id)

    @staticmethod
    def _read(redis: Any, run_id: str) -> Run | None:
        fixed, changing = redis.hmget(_key(run_id), "fixed", "changing")
        return None if fixed is None else Run.read(fixed, changing)

    def change(self, run_id: str, edit: Edit, entry: LogPiece | None = None, blobs: Sequence[Blob] = ()) -> Run:
        """Read, edit and write a run in one piece; an entry that is in the log already is not written again."""
        with in_words(), self._redis.pipeline() as pipe:
            while True:
                pipe.watch(_key(run_id))
                run = self._read(pipe, run_id)
                if run is None:
                    raise RunGoneError(run_id)
                state, step = run.state, run.step
                edit(run)
                pipe.multi()
                self._save(pipe, run, state)
                if entry is not None and entry.step > step:
                    fields = {"points": entry.points, "epochs": entry.epochs}
                    pipe.xadd(_key(run_id, "log"), fields, id=f"{entry.step}-0")
                for blob in blobs:
                    key = _key(run_id, blob.kind)
                    pipe.lpush(key, blob.step.to_bytes(NUMBER, "big") + blob.data)
                    pipe.ltrim(key, 0, KEPT_BLOBS[blob.kind] - 1)
                if not run.open:
                    pipe.delete(_key(run_id, "checkpoint"))
                try:
                    pipe.execute()
                except WatchError:
                    continue
                return run

    def _save(self, pipe: Any, run: Run, before: str) -> None:
        pipe.hset(_key(run.id), "changing", run.changing_json())
        if run.state == "queued" != before:
            self._enqueue(pipe, run)
        if before == "queued" != run.state:
            self._dequeue(pipe, run.id)
        if not run.open:
            pipe.zrem(_OPEN, run.id)
            pipe.zadd(_ENDED, {run.id: run.ended or 0.0})

    def remove(self, run_id: str) -> None:
        """Forget a run."""
        with in_words(), self._redis.pipeline() as pipe:
            run = self._read(self._redis, run_id)
            if run is None:
                return
            pipe.delete(_key(run_id), *(_key(run_id, part) for part in ("log", *KEPT_BLOBS)))
            for name in (_OPEN, _ENDED, f"convoscope:owner:{run.owner}"):
                pipe.zrem(name, run_id)
            self._dequeue(pipe, run_id)
            pipe.execute()

    def owned_by(self, owner: str) -> list[Run]:
        """Return somebody's runs, the newest first."""
        with in_words():
            return self._read_all(self._redis.zrevrange(f"convoscope:owner:{owner}", 0, -1))

    def _read_all(self, ids: Sequence[bytes]) -> list[Run]:
        with self._redis.pipeline(transaction=False) as pipe:
            for run_id in ids:
                pipe.hmget(_key(run_id.decode()), "fixed", "changing")
            return [Run.read(fixed, changing) for fixed, changing in pipe.execute() if fixed is not None]

    def made_since(self, time: float, limit: int | None = None) -> list[Run]:
        """Return the runs started since a time, the newest first; what was started since then ended since then."""
        some = {} if limit is None else {"start": 0, "num": limit}
        with in_words():
            ids = self._redis.zrevrangebyscore(_OPEN, "+inf", time, **some)
            ids += self._redis.zrevrangebyscore(_ENDED, "+inf", time, **some)
            runs = [run for run in self._read_all(ids) if run.created >= time]
        return sorted(runs, key=lambda run: -run.created)[:limit]

    def unfinished(self) -> list[Run]:
        """Return the runs that have not ended, the oldest first; those that are queued in RQ's order."""
        with in_words():
            runs = self._read_all(self._redis.zrange(_OPEN, 0, -1))
            order = {run_id: index for index, run_id in enumerate(self._queue.get_job_ids())}
        begun = [run for run in runs if run.state != "queued"]
        queued = [run for run in runs if run.state == "queued"]
        return begun + sorted(queued, key=lambda run: order.get(run.id, len(order)))

    def claim(self, pick: Pick) -> Run | None:
        """Let `pick` choose and mark one of the unfinished runs: one claim at a time."""
        with in_words(), self._redis.lock("convoscope:claim", timeout=CLAIM, blocking_timeout=TIMEOUT):
            for _ in range(TRIES):
                runs = self.unfinished()
                states = {run.id: (run.state, run.changing_json()) for run in runs}
                run = pick(runs)
                if run is None or self._mark(run, *states[run.id]):
                    return run
        return None

    def _mark(self, run: Run, state: str, known: bytes) -> bool:
        """Write a run that was picked, unless it has changed since it was read."""
        with self._redis.pipeline() as pipe:
            pipe.watch(_key(run.id))
            if pipe.hget(_key(run.id), "changing") != known:
                return False
            pipe.multi()
            self._save(pipe, run, state)
            try:
                pipe.execute()
            except WatchError:
                return False
            return True

    def ended_before(self, time: float) -> list[str]:
        """Return ids of runs that ended before a time."""
        with in_words():
            return [run_id.decode() for run_id in self._redis.zrangebyscore(_ENDED, "-inf", f"({time}")]

    # ---- what belongs to a run

    def log(self, run_id: str, after: int, limit: int = 1000) -> list[LogPiece]:
        """Return entries that hold a step after this one, in order."""
        with in_words():
            found = self._redis.xrange(_key(run_id, "log"), min=f"({after}-0", count=limit)
        return [LogPiece(int(name.partition(b"-")[0]), entry[b"points"], entry[b"epochs"]) for name, entry in found]

    def blobs(self, run_id: str, kind: str) -> list[Blob]:
        """Return what is stored of a kind, the newest first."""
        with in_words():
            found = self._redis.lrange(_key(run_id, kind), 0, -1)
        return [Blob(kind, int.from_bytes(data[:NUMBER], "big"), data[NUMBER:]) for data in found]
