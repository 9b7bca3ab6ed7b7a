"""What is proposed to be said of the photos of a folder: each kept as soon as it is known, so that a run can go on."""

from sqlalchemy import delete, insert, select

from core.errors import NotFound
from core.photos import Photo
from memory.database import Database
from memory.rows import noun, values
from memory.tables import photos as table


class Photos:
    """The photos of a workspace's folders. A folder is named by its whole path on this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, photo: Photo) -> Photo:
        """Keep what is proposed for a photo, in the place of what was before."""
        mine = (table.c.workspace == photo.workspace, table.c.folder == photo.folder, table.c.path == photo.path)
        with self._database.write() as conn:
            conn.execute(delete(table).where(*mine))
            conn.execute(insert(table).values(values(photo, table)))
        return photo

    def get(self, workspace: str, folder: str, path: str) -> Photo:
        """Return a photo. Raises NotFound."""
        mine = (table.c.workspace == workspace, table.c.folder == folder, table.c.path == path)
        with self._database.read() as conn:
            row = conn.execute(select(table).where(*mine)).first()
        if row is None:
            raise NotFound(f"Nothing is proposed for {path} yet.", "Look at the folder first: greenroom photos FOLDER")
        return noun(Photo, row)

    def drop(self, workspace: str, folder: str, path: str) -> None:
        """Forget a photo that is no longer there."""
        mine = (table.c.workspace == workspace, table.c.folder == folder, table.c.path == path)
        with self._database.write() as conn:
            conn.execute(delete(table).where(*mine))

    def list(self, workspace: str, folder: str) -> list[Photo]:
        """Return the photos of a folder, by their paths."""
        rows = select(table).where(table.c.workspace == workspace, table.c.folder == folder).order_by(table.c.path)
        with self._database.read() as conn:
            return [noun(Photo, row) for row in conn.execute(rows)]
