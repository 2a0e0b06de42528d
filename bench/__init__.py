"""Measurements against peers: the same students, one run, ratios instead of absolute times.

`lea-reports bench ssr` and `lea-reports bench merge` print a table and the targets; `--json` keeps the figures.

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

`python -m bench.contact_sheet` draws every kind of SSR in every language for a person to look at.
"""
