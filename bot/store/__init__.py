"""What is kept: queries on disk for staff, conversations in memory for a while."""
