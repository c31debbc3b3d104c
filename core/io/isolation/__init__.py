"""Reading in processes of their own, so that no file can take the program down.

A decoder that crashes, hangs or fills the memory ends its worker process alone; the program goes on
and says one sentence. What runs there is a *request*: an entry of the fixed table in
`core.io.isolation.requests`, with the types of its question and of its answer. Both travel as
MessagePack and are checked against these types; pixels travel as memory that both processes map.

Who needs one answer asks the pool; who needs many about one file (a tiled reader, which keeps the
file open) takes a lease: a worker of its own, whose ``state`` lives as long as the lease.

>>> from core.io.isolation import pool, requests  # doctest: +SKIP
>>> with pool.default().lease("“huge.tif”") as lease:  # doctest: +SKIP
...     opened, _ = lease.call(requests.PIECES, requests.PiecesAsk(...))
...     _, pixels = lease.call(requests.PIECE, requests.PieceAsk(0, 0))

To add a request:

1. `requests.py`: two `msgspec.Struct` types (question, answer; `text_out` and `text_in` carry names
   with odd bytes) and ``Request("name", Question, Answer, "module", "function")`` in the table.
2. In that module: ``def function(ask: Question, state: dict[str, Any]) -> tuple[Answer, Pixels |
   None]``. It runs in the worker. Pixels made by `core.io.shared.empty` are handed over without a
   copy, any others with one; the asker gets them read-only. A `ReadError` raised there arrives as
   itself, `MemoryError` as a sentence, whatever else as a sentence and the end of the worker.

A worker is given `Limits`: it may use so many bytes more (`room`), and is killed after so many
seconds. It is also killed when the asker's token is cancelled. A lease is over after any of these.
Only Linux counts the bytes (``RLIMIT_AS``), and ends a worker first where memory runs out;
elsewhere time and the size that a picture says it has are the limits.
"""
