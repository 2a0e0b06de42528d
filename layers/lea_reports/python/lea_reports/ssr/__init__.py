"""Student Score Reports: what an SSR says, its words, fonts and pages, and the engine that makes PDFs."""
