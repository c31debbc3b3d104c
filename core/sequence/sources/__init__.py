"""Where the frames of a sequence come from: one file per kind, behind `core.sequence.types.Source`.

`core.sequence.sources.open` finds the kind of an address. Decoders of video run in worker processes
(`core.io.isolation`) as those of still pictures do: `answering`, `streaming` and what these use are
loaded there alone; `asking` is the program's end.
"""
