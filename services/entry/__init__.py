"""快速录入: a phoned-in case from the first letter typed to its dispatch, in one act."""
