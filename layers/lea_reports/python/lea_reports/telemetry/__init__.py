"""What operators see: metrics and coded log events, both free of student data by construction."""
