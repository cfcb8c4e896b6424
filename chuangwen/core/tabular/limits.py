"""How large a workbook may be. Used by the safety check and by tests, which make the limits small.

Sizes are bytes. The figures leave room for a sheet that is full to Excel's last row with ten columns.
"""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    file: int = 64 * MIB
    entries: int = 2000
    part: int = 400 * MIB
    total: int = 512 * MIB
    # Real sheets, also those of 200,000 formatted empty rows, stay under 60; deflate's own ceiling is 1,032.
    ratio: int = 250
    ratio_from: int = 8 * MIB
    sheets: int = 60
    # Cells in the rectangle from A1 to the last filled cell, for the formats that are read as a whole
    # rectangle.
    area: int = 8_000_000


DEFAULT_LIMITS = Limits()
