"""The desk of dispatch: a page whose scripts place the views of /api/desk/."""
