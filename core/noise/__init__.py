"""The pictures' own noise: how large it is, and which differences are beyond it.

`params` says what a person can set, `curve` estimates the noise as a function of intensity,
`zscore` makes every difference a multiple of it, `null` finds how often noise alone reaches a
value, `threshold` chooses one, and `model` puts them together for the engine.
"""
