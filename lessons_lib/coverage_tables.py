"""The tables of a coverage report, each from the counts of the words and the words that are known."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from lessons_lib.normalising import Rung, climb

if TYPE_CHECKING:
    import pandas as pd

BANDS = (1, 2, 4, 10, 100)  # the least count of each band
LIMITS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)  # words from the top of the file
EXAMPLES = 5  # words named for a rung


def by_band(counts: Counter, known: set[str]) -> "pd.DataFrame":
    """Return the table of frequency bands, rarest first; bands without a word are left out."""
    import pandas as pd

    rows = {}
    for least, end in pairwise((*BANDS, None)):
        words = [word for word, count in counts.items() if count >= least and (end is None or count < end)]
        name = "once" if least == 1 else f"{least} or more" if end is None else f"{least}-{end - 1}"
        if words:
            n_known = sum(word in known for word in words)
            rows[name] = (len(words), n_known, n_known / len(words), sum(counts[word] for word in words))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["types", "known", "share", "tokens"])


def by_rank(counts: Counter, ranks: Mapping[str, int]) -> "pd.DataFrame":
    """Return the shares that the first words of the vectors cover."""
    import pandas as pd

    rows = {}
    for limit in [*(limit for limit in LIMITS if limit < len(ranks)), len(ranks)] if ranks else []:
        inside = [word for word in counts if ranks.get(word, limit) < limit]
        rows[limit] = (sum(counts[word] for word in inside) / counts.total(), len(inside) / len(counts))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["tokens", "types"])


def by_rung(written: Counter, ranks: Mapping[str, int], rungs: Mapping[str, Rung]) -> "pd.DataFrame":
    """Return the ladder: what each rung wins back, and the shares so far."""
    import pandas as pd

    won: list[list[tuple[str, str]]] = [[] for _ in range(len(rungs) + 2)]
    for word, _ in by_count(written):
        rung, form = climb(word, ranks.__contains__, rungs)
        won[rung].append((word, form))
    table = pd.DataFrame(index=["as written", *rungs])
    table["won_tokens"] = [sum(written[word] for word, _ in pairs) for pairs in won[:-1]]
    table["won_types"] = [len(pairs) for pairs in won[:-1]]
    table.insert(0, "tokens", table.won_tokens.cumsum() / written.total())
    table.insert(1, "types", table.won_types.cumsum() / len(written))
    shown = [[word if word == form else f"{word} → {form}" for word, form in pairs[:EXAMPLES]] for pairs in won[:-1]]
    table["examples"] = [", ".join(words) for words in shown]
    return table


def missing_words(counts: Counter, known: set[str]) -> "pd.Series":
    """Return the words without a vector and their counts, most frequent first."""
    import pandas as pd

    pairs = [(word, count) for word, count in by_count(counts) if word not in known]
    return pd.Series([count for _, count in pairs], index=[word for word, _ in pairs], name="count", dtype=int)


def by_count(counts: Counter) -> list[tuple[str, int]]:
    """Return the counts, largest first, in alphabetical order among equals."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def printable(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the frame with shares as per cent and counts with thousands separated, for people."""
    import pandas as pd

    def column(values: "pd.Series") -> "pd.Series":
        if pd.api.types.is_float_dtype(values):
            return values.map("{:.1%}".format)
        return values.map("{:,}".format) if pd.api.types.is_integer_dtype(values) else values

    return frame.apply(column).rename(columns=lambda name: str(name).replace("_", " "))
