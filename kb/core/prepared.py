"""Queries whose SQL is made once. Making its words takes the ORM ten times as long as the database takes to answer.

For what every answer of lineage asks. A query is written with the ORM all the same; only the values that go into it differ
from call to call. What its rows mean is said where it is declared.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

Row = TypeVar("Row")
Value = int | str
# More numbers are asked for in parts.
CHUNK = 512
# What stands for the values while the words are made, counted on from here. Nothing else in a query says these.
_FIRST_MARK = 2_140_000_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one of the values goes among the parameters."""

    index: int


@dataclass(frozen=True, slots=True)
class _Made:
    """A query in words, its parameters, the columns whose values are converted, and how a row becomes what was asked for."""

    sql: str
    params: tuple[Any, ...]
    converted: tuple[tuple[int, Any], ...]
    read: Callable[[Sequence[Any]], Any]

    def rows(self, values: Sequence[Value]) -> list[Any]:
        """Ask the database."""
        params = [values[param.index] if isinstance(param, _Place) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        if self.converted:
            found = _converted(found, self.converted)
        return [self.read(row) for row in found]


class Prepared(Generic[Row]):
    """A query by values, which `build` turns into a queryset of models or of `values_list`.

    `build` is given a list of numbers first where they are asked for by `among`. It is called once for each length of that
    list, which is filled up to a power of two, and has to use every value. Without `select_related` and annotated models.
    Numbers are those that a database holds, of 64 bits: what comes from outside is checked before.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._made: dict[int, _Made] = {}

    def __call__(self, *values: Value) -> list[Row]:
        """Return the rows for these values."""
        return self._for(0, values).rows(values)

    def among(self, ids: Collection[int], *values: Value) -> list[Row]:
        """Return the rows for these numbers, in the order of the queryset within each part of CHUNK of them; none for none."""
        rows: list[Row] = []
        ordered = sorted(set(ids))
        for start in range(0, len(ordered), CHUNK):
            part = _filled(ordered[start : start + CHUNK])
            given = (*part, *values)
            rows += self._for(len(part), given).rows(given)
        return rows

    def _for(self, length: int, values: Sequence[Value]) -> _Made:
        if length not in self._made:
            self._made[length] = _make(self._build, length, values)
        return self._made[length]


def _filled(numbers: list[int]) -> list[int]:
    """Repeat the last number until there are as many as a power of two, so that there are few lengths."""
    return numbers + numbers[-1:] * ((1 << (len(numbers) - 1).bit_length()) - len(numbers))


def _make(build: Callable[..., "models.QuerySet[Any, Any]"], length: int, values: Sequence[Value]) -> _Made:
    """Put a query into words with marks for its values. Raises ValueError where it does not use all of them."""
    marks = [place + _FIRST_MARK if isinstance(value, int) else f"\ufdd0{place}" for place, value in enumerate(values)]
    queryset = build(*([marks[:length]] if length else []), *marks[length:])
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    places: dict[Any, Any] = {mark: _Place(place) for place, mark in enumerate(marks)}
    if not set(marks) <= set(params):
        raise ValueError("A prepared query has to use all of its values.")
    columns = [column for column, *_ in compiler.select]
    # The compiler is not kept, nor anything of it that holds on to the connection of this thread.
    converted = tuple((place, columns[place]) for place in compiler.get_converters(columns))
    return _Made(sql, tuple(places.get(param, param) for param in params), converted, _reader(queryset, columns))


def _reader(queryset: "models.QuerySet[Any, Any]", columns: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """How a row becomes what the queryset is of."""
    if queryset._iterable_class is ModelIterable:
        model, names = queryset.model, [column.target.attname for column in columns]
        return lambda row: model.from_db(DEFAULT_DB_ALIAS, names, row)
    of_values: dict[Any, Callable[[Sequence[Any]], Any]] = {ValuesListIterable: tuple, FlatValuesListIterable: _only}
    return of_values[queryset._iterable_class]


def _only(row: Sequence[Any]) -> Any:
    (value,) = row
    return value


def _converted(rows: Iterable[Sequence[Any]], columns: Sequence[tuple[int, Any]]) -> list[Sequence[Any]]:
    """Rows with what the database stores made what the fields hold."""
    ops = connection.ops
    wanted = [
        (place, column, (*ops.get_db_converters(column), *column.get_db_converters(connection))) for place, column in columns
    ]
    found: list[Sequence[Any]] = []
    for row in map(list, rows):
        for place, column, converters in wanted:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        found.append(row)
    return found
