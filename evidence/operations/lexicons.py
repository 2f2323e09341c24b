"""The lexicon of a vault: the one of the program, with what stands in the vault's folder ``lexicon``."""

from evidence.intake.files import listing, read_file
from evidence.intake.roles import is_litter
from evidence.lexicon.lexicon import Lexicon, load
from evidence.vault.vault import Vault

_ENDING = ".tsv"
_MOST = 16 * 1024 * 1024


def lexicon_of(vault: Vault) -> Lexicon:
    """The lexicon in force in a vault.

    Raises:
        FormatError: a file of the vault's folder isn't what it should be.
        StoreError: the file system refuses.
    """
    folder = vault.layout.lexicon
    found = sorted(listing(folder)) if folder.is_dir() else []
    own = [name for name in found if name.endswith(_ENDING) and not is_litter(name)]
    return load([(name, read_file(folder, name, _MOST)) for name in own])
