"""Where the course is written: sources of lessons and exercises, and what turns them into notebooks and data."""
