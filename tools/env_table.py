"""The README's table of environment variables, made from the declarations in site/config/env.py.

`python tools/env_table.py` writes it into README.md; a test compares the two.
"""

from pathlib import Path

from config.env import VARIABLES

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- env table: begin -->", "<!-- env table: end -->"


def table() -> str:
    """One Markdown row per variable, in the order of the declarations."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for variable in VARIABLES:
        default = (
            "**required**"
            if variable.default is None
            else f"`{variable.default}`"
            if variable.default
            else "empty"
        )
        rows.append(f"| `{variable.name}` | {default} | {variable.help.replace('|', '/')} |")
    return "\n".join(rows)


def written() -> str:
    """The table as the README has it."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


if __name__ == "__main__":
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
