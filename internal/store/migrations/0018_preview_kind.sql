-- The list says "Picture" of a picture, in the reader's language.
ALTER TABLE conversation ADD COLUMN preview_kind TEXT NOT NULL DEFAULT ''; -- none: kind of the last message
