"""Where facts live: tables, questions and the snapshot store. The only package that speaks SQL."""
