#!/usr/bin/env python3
"""Writes the Parquet files of this folder, each by a library of its own: pyarrow 26, polars 2, duckdb 2.

They say what the rows of tests/cli/rows.rs say, but for wrong.parquet, in which every row but the first is wrong.
"""

import datetime as day
import pathlib

import duckdb
import polars
import pyarrow
import pyarrow.parquet

here = pathlib.Path(__file__).parent
utc = day.timezone.utc
rows = {
    "organization": ["store", "store"],
    "principal": ["zoe@store.example", "robot"],
    "kind": [None, "service"],
    "role": ["boss", "clerk"],
    "from": [None, day.datetime(2025, 12, 31, 23, tzinfo=utc)],
    "until": [day.datetime(2026, 7, 1, tzinfo=utc), None],
    "because": ['stand-in, "summer"', None],
}

for unit, compression in [("ms", "snappy"), ("us", "gzip"), ("ns", "none")]:
    table = pyarrow.table(rows)
    for column in ["from", "until"]:
        at = table.schema.get_field_index(column)
        table = table.set_column(at, column, table[column].cast(pyarrow.timestamp(unit, "UTC")))
    at = table.schema.get_field_index("role")
    table = table.set_column(at, "role", table["role"].dictionary_encode())
    path = here / f"pyarrow-{unit}-{compression}.parquet"
    pyarrow.parquet.write_table(table, path, compression=compression, store_schema=False)

polars.DataFrame(rows).write_parquet(here / "polars.parquet", compression="zstd", statistics=False)

duckdb.execute(
    """
    COPY (SELECT * FROM (VALUES
        ('store', 'zoe@store.example', NULL, 'boss', NULL, DATE '2026-07-01', 'stand-in, "summer"'),
        ('store', 'robot', 'service', 'clerk', TIMESTAMPTZ '2025-12-31 23:00:00+00', NULL, NULL)
    ) AS t(organization, principal, kind, role, "from", until, because)) TO '%s' (FORMAT parquet, COMPRESSION snappy)
    """
    % (here / "duckdb.parquet")
)

wrong = pyarrow.table(
    {
        "organization": ["store", "store", None, "store", "store"],
        "principal": ["zoe@store.example", "\x1b[31m", "robot", "pia", "kim"],
        "role": ["boss", "clerk", "clerk", "bos", "clerk"],
        # A moment without a zone, and a part of a second.
        "until": [None, None, None, None, day.datetime(2026, 7, 1, 9, 30, 0, 500_000)],
    }
)
pyarrow.parquet.write_table(wrong, here / "wrong.parquet", store_schema=False)
pyarrow.parquet.write_table(
    pyarrow.table({"organization": ["store"], "principal": ["zoe@store.example"], "role": [7], "untill": [0.5]}),
    here / "numbers.parquet",
    store_schema=False,
)
