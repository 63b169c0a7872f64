"""What reading a file may cost. Kept apart: the child process imports it without Django."""

#: A larger file is not opened (bytes).
MAX_BYTES = 30 * 1024 * 1024
#: Characters kept of one file: some 80 printed pages of Vietnamese.
MAX_CHARACTERS = 200_000
#: Pages of a PDF that are opened at most; the text is full long before, unless most are pictures.
MAX_PAGES = 2_000
#: After so many seconds the reader stops by itself and gives what it has.
READING_SECONDS = 30
#: One page of a PDF that takes longer than this (seconds) is left out.
PAGE_SECONDS = 5
#: The system ends a reader that computes for longer (seconds) …
CPU_SECONDS = 45
#: … and the parent one that is not back after so long (seconds), asleep or not.
WALL_SECONDS = 60
#: Address space of the reader (bytes), interpreter and libraries included.
MAX_MEMORY = 768 * 1024 * 1024
#: What the reader may write (bytes): its answer.
MAX_OUTPUT = 4 * MAX_CHARACTERS + 64 * 1024
#: Unpacked size of one part of a DOCX, ODT or the like (bytes).
MAX_PART = 64 * 1024 * 1024
#: Elements inside elements; people's files have some thirty, tables in tables included.
MAX_DEPTH = 300
#: Parts that are read of one such file (sheets, slides, headers).
MAX_PARTS = 500
#: A PDF with fewer letters per page than this is a picture of paper, perhaps with the stamp of a digital signature.
LETTERS_PER_PAGE = 25
