"""Values as a sentence names them."""

TEXTS = {
    "text": 'the text "{text}"',
    "list": "a list of {count}",
    "object": "an object",
}
