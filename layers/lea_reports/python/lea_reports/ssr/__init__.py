"""Student Score Reports: results, the words for them, the pages that show them, and the engine that makes PDFs."""
