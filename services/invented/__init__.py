"""Maps invented for a real city: its true counts of streets, grids and areas, on an outline that is made up.

Everything says 示意. A city that has its real outline loads that instead (`grids --outline FILE`).
"""
