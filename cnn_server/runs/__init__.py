"""Training runs: the store, the launcher, the worker.

    record        what a run is, and its log
    settings      from the settings of a run to a network, its data and `fit`
    commands      what may be asked of a run in which state
    store         where runs live: `sqlite_store` (this machine) or `redis_store` (many)
    slots         which run has a slot, which is next, which gives way
    waiting       the queue, and how long it takes
    visits        that somebody looks at a run
    prepared      what takes its time before a run goes on
    session       one run in a worker: pace, events, checkpoints
    points        its log: what is written of it, and what is not yet
    blobs         its checkpoints, and its network as it is stored for those who look, in slow motion too
    worker        a process that trains
    launcher      starts the workers with the server and ends them with it
    hub, stream   one tail of a run's log for everybody who watches, as server-sent events
    looking       what a network is doing now, from the parameters that the worker stored
    owners        the cookie, and whom a run counts for

What a run computes is settled by its settings and the learning rates that were set (`Run.rates`): a worker that takes
up a lost run repeats the steps since its last checkpoint to the same numbers, and logs only those that were not
logged before.
"""
