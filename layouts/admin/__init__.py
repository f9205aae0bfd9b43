"""Pages of the administration (管理台)."""
