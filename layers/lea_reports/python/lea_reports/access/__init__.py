"""Who may do what: roles, the assignments of a person, and the identity that a token proves."""
