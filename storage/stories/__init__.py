"""The same story as told by several outlets: found as articles are stored, and read.

Reading from left to right: `shingles` and `signatures` of a text, `resemblance` of two,
`bands` by which copies find each other, `tellings` in the database, `nearest` to an article,
`parting` and `placing` in stories; `reading` for those who ask.
"""
