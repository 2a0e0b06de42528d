"""Measurements against peers: the same students, one run, ratios instead of absolute times.

Every bench prints a table and the targets; `--json` keeps the figures. `python -m bench ssr` and `python -m bench
merge` measure the engine, `python -m bench pipeline` whole jobs on the local stack, and `python -m bench state`
simulates the whole state asking at once. Of the engine's contenders:

- Every contender has a process of its own, bound to one core; their rounds are interleaved and the median counts.
- The students are invented ones. Those of a round of single SSRs are new to everyone: names and scores that were met
  before would flatter whoever remembers them. As many others warm everyone up before the first round.
- *fpdf2 per student* is what its documentation shows: a new `FPDF` for every student, the font files added whole. It
  draws with our own layout code, so its pages are the measure of ours; the layout's text widths are remembered from
  student to student, which favours it. *fpdf2 one document* has all students in one `FPDF`.
- *reportlab* draws what the same layout code says. *typst* and *weasyprint* get the same headings, paragraphs, tables
  and charts and lay them out themselves; what our layout spends on that is not charged to them.
- *pikepdf, same templates* gets the templates that our engine compiled, open, and every student's pages, alternative
  texts and title as our engine filled them, compressed. It is charged for putting them in and for saving only; our time
  includes the filling and the reading of the Parquet.
- The first SSR is measured in processes of their own that import the engine and nothing else before.
- Peers that merge get ready files; making them is not charged to them, while our time includes reading the roster from
  Parquet and rendering, from the first part that is laid out: nothing is warmed up.

Of whole jobs:

- A coordinator asks through the API; handlers, queues and templates are those of `make demo`, the sizes of chunks those
  of production. The clock runs from the request to the mail; the archive is read back afterwards, file by file, unless
  it is larger than 2 GB.
- The functions are warm: two small jobs went before. Peak memory is that of an invocation, its process's past included.
- Shares are those of the time of the build worker's handlers: what its other threads send meanwhile takes none, until
  the handler waits for them. The emulator has the same processors, so that S3's share is mostly its work.
- The plain pipeline makes the same pages with fpdf2, a new `FPDF` for every student, into a zip on disk, and sends that
  to the same S3 at its end.
- The cost is that of AWS's list prices (`pipeline/prices.json`) for what was used here. A function's seconds are those
  of this machine.

`python -m bench.profile` tells in which functions our own time goes.
`python -m bench.contact_sheet` draws every kind of SSR in every language for a person to look at.
"""
