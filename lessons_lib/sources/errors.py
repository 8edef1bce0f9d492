"""What goes wrong with downloads: one class for the reader, its cases for the code that decides what to try next."""


class FetchError(Exception):
    """A file could not be fetched; the message says where, what was found, what was expected, and what to do."""


class OfflineError(FetchError):
    """No address could be reached."""


class WrongFileError(FetchError):
    """What came is not the file: another checksum or size, a web page, a damaged archive."""


class GoneError(FetchError):
    """The server answers, but does not have the file or refuses it."""


class BrokenOffError(FetchError):
    """The connection broke off, and too many times in a row nothing came."""


class DiskError(FetchError):
    """The disk has no room for the file."""
