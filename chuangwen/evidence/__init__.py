"""Proof: photos and files that never change, and who uses them."""
