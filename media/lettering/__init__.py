"""Words set as type: broken into lines, in the right order, in faces that have every letter, as large as fits."""
