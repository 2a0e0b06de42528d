"""PDF as bytes: syntax, structure of tagged documents, encryption, and font files. It lays nothing out."""
