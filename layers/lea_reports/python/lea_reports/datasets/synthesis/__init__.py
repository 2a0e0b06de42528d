"""A realistic district of invented students, for demos, tests and measurements.

Nothing here comes from a real student: names are lists of our own, codes lie in county 99, which does not
exist. The same seed gives the same files.
"""

from lea_reports.datasets.synthesis.synthesize import SynthesisOrder, SynthesisSummary, synthesize

__all__ = ["SynthesisOrder", "SynthesisSummary", "synthesize"]
