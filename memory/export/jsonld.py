"""What the works and pictures are, in schema.org's words (JSON-LD): for catalogues and for other programs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from core.works import Work, Workspace
from memory.export.markdown import path_of
from memory.files import StoredFile

_POSTS = frozenset({"mastodon", "bluesky", "x", "linkedin"})
_PODCASTS = frozenset({"podcast", "transcript"})
_BLOGS = frozenset({"wordpress", "ghost", "medium", "substack", "feed"})
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
}


def graph(space: Workspace, works: Iterable[Work], files: Iterable[StoredFile]) -> Iterator[str]:
    """Yield the lines of one JSON-LD document: the creator's collection, and a node for each work and picture."""
    yield '{"@context": "https://schema.org", "@graph": [\n'
    head: dict[str, Any] = {"@type": "Collection", "@id": "#collection", "name": space.name, "inLanguage": space.locale}
    yield json.dumps(head | ({"url": space.site_url} if space.site_url else {}), ensure_ascii=False)
    for node in (*map(of_work, works), *map(of_file, files)):
        yield ",\n" + json.dumps(node, ensure_ascii=False)
    yield "\n]}\n"


def of_work(work: Work) -> dict[str, Any]:
    """Return the node of a work; what is not known is left out."""
    node = {
        "@type": kind_of(work),
        "@id": f"#{work.id}",
        "identifier": work.id,
        "headline": work.title,
        "abstract": work.excerpt,
        "datePublished": work.published_at.isoformat() if work.published_at else None,
        "author": [{"@type": "Person", "name": name} for name in work.authors],
        "keywords": list(work.tags),
        "inLanguage": work.language,
        "license": work.license,
        "url": work.url,
        "version": work.version,
        "wordCount": work.words,
        "isPartOf": {"@id": "#collection"},
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": path_of(work).removeprefix("data/"),
            "encodingFormat": "text/markdown",
        },
    }
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def of_file(file: StoredFile) -> dict[str, Any]:
    """Return the node of a picture or another file."""
    node = {
        "@type": "ImageObject" if file.mime.startswith("image/") else "MediaObject",
        "@id": f"#{file.sha256}",
        "name": file.name,
        "caption": file.alt,
        "contentUrl": media_path(file).removeprefix("data/"),
        "encodingFormat": file.mime,
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
        "width": file.width,
        "height": file.height,
        "isBasedOn": {"@id": f"#{file.made_from}"} if file.made_from else None,
    }
    return {key: value for key, value in node.items() if value not in (None, "")}


def kind_of(work: Work) -> str:
    """Return the schema.org type that fits where a work came from."""
    if work.format in _POSTS:
        return "SocialMediaPosting"
    if work.format in _PODCASTS:
        return "PodcastEpisode"
    return "BlogPosting" if work.format in _BLOGS else "Article"


def media_path(file: StoredFile) -> str:
    """Return where a file's bytes lie in an export: by their hash, with the ending that its kind has."""
    return f"data/media/{file.sha256[:2]}/{file.sha256}{_ENDINGS.get(file.mime, '')}"
