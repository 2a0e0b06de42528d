"""Where links of e-mails lead: on to the file, or to a page that says how to get a new link."""
