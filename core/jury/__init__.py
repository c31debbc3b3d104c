"""The jury: what each measure says in one word, and where two of them contradict each other.

>>> from core.jury import disagreements, verdicts  # doctest: +SKIP
>>> verdicts(result.measures)["ssim"].word  # doctest: +SKIP
'slight'
>>> [d.text for d in disagreements(result.measures)]  # doctest: +SKIP
"""

from core.jury.rules import MOST, Disagreement, disagreements
from core.jury.scale import LIMITS, Aspect, Level, Limits, Verdict, limits_of, verdicts, words_of

__all__ = [
    "LIMITS",
    "MOST",
    "Aspect",
    "Disagreement",
    "Level",
    "Limits",
    "Verdict",
    "disagreements",
    "limits_of",
    "verdicts",
    "words_of",
]
