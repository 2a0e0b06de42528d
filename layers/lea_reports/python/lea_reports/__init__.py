"""LEA Reports: what the Lambda functions and the command line share. Every folder is one capability."""
