"""How fast it is: ratios against peers, measured in one run.

``python -m benchmarks`` runs all, ``python -m benchmarks chain stall`` those whose file or title
has one of the words in it, ``python -m benchmarks.chain`` one file. Functions are named as asv
names them: ``time_…`` do a piece of work once, ``track_…`` return a number, ``peakmem_…`` return
megabytes.

Absolute times differ from machine to machine and hour to hour, so a peer is timed in turns with
ours, medians are compared, and what is judged is their ratio. Memory and pauses have goals in
their own units.
"""

import core  # noqa: F401  # first of all, as the programs do: it settles what NumPy reads at start
