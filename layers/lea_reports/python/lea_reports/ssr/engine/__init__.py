"""The engine that makes PDF files of SSRs, one by one or many as one."""
