"""Reports that are one table: rows as an Excel workbook or as CSV."""
