"""Measurements with limits (bench) and long proofs (soak), run by `script/manage bench NAME` and `script/soak NAME`.

Nothing in the product imports from here. A measurement compares two things of the same run on the same machine, so
that its limit holds on a slow machine as on a fast one.
"""
