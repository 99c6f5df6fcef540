"""Writes the code blocks of a how-to page that name a file (```lang file=path) below a folder.

A file whose content did not change is left alone, so that nothing is rebuilt for it.
"""

import pathlib
import re
import sys


def main() -> int:
    page, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    blocks = re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    if not blocks:
        print(f"{page}: no code block names a file", file=sys.stderr)
        return 1
    for name, text in blocks:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
