"""Controlled vocabularies: topics with ids, names in several languages, and what each is a part of."""

from core.topics.shipped import mediatopics, vectors
from core.topics.vocabulary import Topic, Vocabulary

__all__ = ["Topic", "Vocabulary", "mediatopics", "vectors"]
