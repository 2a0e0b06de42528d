"""SSRs with fpdf2, drawn anew for every student: what our files must look like, and how fast plain fpdf2 is."""
