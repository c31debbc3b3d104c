"""What the values of a file mean, and how they become values of the working space.

The working space has the primaries and the white of sRGB (Rec. ITU-R BT.709, D65). `tags`, `boxes`
and `core.io.icc` read what a file says, `spaces` and `curves` hold what that means in numbers,
`transform` converts pixels, `lcms` those whose profile is a table, and `manage` decides.
"""
