"""Compares docs/errors.md with the reasons declared in the code; `--write` writes the page.

A reason is a `constexpr Reason kName{"NAME", absl::StatusCode::kCode, "中文"}` beside the code that raises it.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "errors.md"
REASON = re.compile(r'Reason\s+k\w+\s*\{\s*"([A-Z][A-Z0-9_]*)"\s*,\s*absl::StatusCode::k(\w+)\s*,\s*((?:"[^"]*"\s*)+)\}')
HEAD = """# Error reasons

Every refusal carries a `google.rpc.ErrorInfo` whose `reason` is one of these, with domain `dangjian`, and the Chinese text as
`LocalizedMessage`. Bad fields come all at once in `BadRequest`. A reason is never reused for another meaning. This page is written by
`tests/contract/error_reasons.py --write`; a test compares it with the code.

| reason | code | text | declared in |
|---|---|---|---|
"""


def declared():
    """(reason, code, text, folder) of every declaration, sorted; a name declared twice is an error."""
    found = {}
    problems = []
    for folder in ("common", "services"):
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            if path.name.endswith(("_test.cc", "harness.h")) or path.suffix not in (".h", ".cc"):
                continue
            where = path.parent.relative_to(ROOT).as_posix()
            for name, code, text in REASON.findall(path.read_text(encoding="utf-8")):
                text = "".join(re.findall(r'"([^"]*)"', text))
                if name in found:
                    problems.append(f"{name} is declared twice: in {found[name][2]} and in {where}")
                found.setdefault(name, (code, text, where))
    rows = [(name, *rest) for name, rest in sorted(found.items())]
    return rows, problems


def main():
    rows, problems = declared()
    page = HEAD + "".join(f"| `{n}` | {re.sub(r'(?<!^)(?=[A-Z])', '_', c).upper()} | {t} | `{w}` |\n" for n, c, t, w in rows)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        problems.append("docs/errors.md differs from the code: run tests/contract/error_reasons.py --write")
    if len(rows) < 20:
        problems.append("the declarations were not found")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
