"""The limit: a queue over compressed rows in C, compiled on the fly where there is a compiler."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = r"""
#include <stdint.h>
#include <string.h>

/* Breadth-first over edges of at least `level`; returns how many nodes were reached. */
int32_t closure(int32_t n, const int32_t *ptr, const int32_t *to, const int8_t *strength, int8_t level, int32_t root,
                int8_t *seen, int32_t *queue) {
    int32_t head = 0, tail = 0;
    memset(seen, 0, n);
    queue[tail++] = root; seen[root] = 1;
    while (head < tail) {
        int32_t node = queue[head++];
        for (int32_t at = ptr[node]; at < ptr[node + 1]; at++) {
            int32_t next = to[at];
            if (strength[at] >= level && !seen[next]) { seen[next] = 1; queue[tail++] = next; }
        }
    }
    return tail;
}

/* As above with a mask of edges, as filters are. */
int32_t masked(int32_t n, const int32_t *ptr, const int32_t *to, const int8_t *keep, int32_t root,
               int8_t *seen, int32_t *queue) {
    return closure(n, ptr, to, keep, 1, root, seen, queue);
}

/* Small answers: what was marked is unmarked afterwards, so that nothing grows with the graph. */
int32_t near(const int32_t *ptr, const int32_t *to, int32_t root, int8_t *seen, int32_t *queue) {
    int32_t head = 0, tail = 0;
    queue[tail++] = root; seen[root] = 1;
    while (head < tail) {
        int32_t node = queue[head++];
        for (int32_t at = ptr[node]; at < ptr[node + 1]; at++)
            if (!seen[to[at]]) { seen[to[at]] = 1; queue[tail++] = to[at]; }
    }
    for (head = 0; head < tail; head++) seen[queue[head]] = 0;
    return tail;
}

/* Per level of strength, strongest first, a pass that keeps whence each node was come to; depth is that of the last.
   came holds one column for each level. Returns how many nodes of the kind were reached. */
int32_t products(int32_t n, const int32_t *ptr, const int32_t *to, const int8_t *strength, const int8_t *levels,
                 int32_t count, const int8_t *kind, int8_t wanted, int32_t root, int32_t *came, int32_t *depth,
                 int8_t *best, int32_t *queue) {
    memset(best, 0, n);
    for (int32_t place = 0; place < count; place++) {
        int32_t head = 0, tail = 0, *from = came + (int64_t)place * n, last = place == count - 1;
        memset(from, 0xff, (size_t)n * 4);
        queue[tail++] = root; from[root] = root;
        if (last) { memset(depth, 0xff, (size_t)n * 4); depth[root] = 0; }
        while (head < tail) {
            int32_t node = queue[head++];
            for (int32_t at = ptr[node]; at < ptr[node + 1]; at++) {
                int32_t next = to[at];
                if (strength[at] >= levels[place] && from[next] < 0) {
                    from[next] = node; queue[tail++] = next;
                    if (!best[next]) best[next] = levels[place];
                    if (last) depth[next] = depth[node] + 1;
                }
            }
        }
    }
    int32_t found = 0;
    for (int32_t node = 0; node < n; node++) found += best[node] && kind[node] == wanted;
    return found;
}
"""


class CLoop:
    """The loop over the rows of one graph, in both directions, with all memory taken beforehand."""

    def __init__(self, library: ctypes.CDLL, graph: Any) -> None:
        self.library, self.graph = library, graph
        size = graph.room
        self.rows = {side: graph.base.rows(side) for side in ("downstream", "upstream")}
        self.kind = np.ascontiguousarray(graph.kind)
        self.levels = np.array([8, 7, 6, 5, 4], dtype=np.int8)
        self.seen, self.best, self.marks = (np.zeros(size, np.int8) for _ in range(3))
        self.queue, self.depth = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self.came = np.zeros((len(self.levels), size), np.int32)

    def closure(self, root: int) -> int:
        """The size of a root's closure downstream."""
        rows = self.rows["downstream"]
        return int(
            self.library.closure(
                self.graph.room, _at(rows.indptr), _at(rows.target), _at(rows.strength), 4, root, _at(self.seen), _at(self.queue)
            )
        )

    def filtered(self, root: int, filters: Any) -> Callable[[], int]:
        """The size of a filtered closure, with the mask made before."""
        rows = self.rows["downstream"]
        keep = self.graph.passes(rows.edge, filters).astype(np.int8)
        return lambda: int(
            self.library.masked(
                self.graph.room, _at(rows.indptr), _at(rows.target), _at(keep), root, _at(self.seen), _at(self.queue)
            )
        )

    def near(self, root: int, side: str) -> int:
        """The size of a small closure; its own marks are clean before and after."""
        rows = self.rows[side]
        return int(self.library.near(_at(rows.indptr), _at(rows.target), root, _at(self.marks), _at(self.queue)))

    def products(self, root: int, kind: int) -> int:
        """Number of products with depth, strength and whence."""
        rows = self.rows["downstream"]
        arrays = (self.came, self.depth, self.best, self.queue)
        return int(
            self.library.products(
                self.graph.room, _at(rows.indptr), _at(rows.target), _at(rows.strength), _at(self.levels), len(self.levels),
                _at(self.kind), kind, root, *map(_at, arrays),
            )
        )  # fmt: skip


def _at(array: "np.ndarray[Any, Any]") -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def compiled() -> ctypes.CDLL | None:
    """Compile the loop, or return None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="cloop-"))
    (folder / "loop.c").write_text(SOURCE)
    command = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(folder / "loop.so"), str(folder / "loop.c")]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(folder / "loop.so"))
